import { append, type NodeContext, sum, value, workflow } from "@agentflow/core";
import { act, begin, type CorpusCase, type Outside } from "./corpus-case.ts";

const backoff = { attemptsMax: 4, backoffMs: 3, factor: 2, retryIf: () => true };

function failUntil(ctx: NodeContext, attempt: number): void {
  if (ctx.attempt < attempt) throw new Error(`attempt ${ctx.attempt} is too early`);
}

function retries(outside: Outside): CorpusCase {
  const built = workflow("retries", { version: "1", state: { said: append<string>() } })
    .start(
      "keeps",
      async (_state, ctx) => {
        begin(outside, ctx);
        const first = await act(outside, ctx, "first", "once");
        failUntil(ctx, 3);
        return { said: [String(first), String(await act(outside, ctx, "second", ctx.attempt))] };
      },
      { retry: backoff },
    )
    .node(
      "fresh",
      { after: "keeps" },
      async (_state, ctx) => {
        begin(outside, ctx);
        const first = await act(outside, ctx, "again", "each time", { isFresh: true });
        failUntil(ctx, 2);
        return { said: [String(first)] };
      },
      { retry: { ...backoff, io: "fresh" } },
    )
    .end("fresh");
  return { name: "retries", workflow: built, input: {} };
}

function caught(outside: Outside): CorpusCase {
  const built = workflow("caught", { version: "1", state: { said: append<string>() } })
    .start("try", async (_state, ctx) => {
      begin(outside, ctx);
      let said = "no error";
      try {
        await ctx.io("refuse", "please", async (input, { idempotencyKey }) => {
          const { stepId, attempt } = ctx;
          await outside.act({ stepId, attempt, name: "refuse", idempotencyKey, input });
          throw new Error("refused");
        });
      } catch (error) {
        said = error instanceof Error ? error.message : "odd";
      }
      let tries = 0;
      const options = { retry: { attemptsMax: 3, backoffMs: 2, retryIf: () => true } };
      const stubborn = await ctx.io(
        "stubborn",
        said,
        async (input) => {
          tries++;
          if (tries < 3) throw new Error("not yet");
          return `${input} and then granted`;
        },
        options,
      );
      return { said: [said, stubborn] };
    })
    .end("try");
  return { name: "caught", workflow: built, input: {} };
}

function recovered(outside: Outside): CorpusCase {
  const built = workflow("recovered", {
    version: "1",
    state: { items: value<number[]>(), good: sum(), said: append<string>() },
  })
    .start("open", (_state, ctx) => {
      begin(outside, ctx);
      return {};
    })
    .map(
      "each",
      { after: "open", over: (state) => state.items },
      async (item, ctx) => {
        begin(outside, ctx);
        await act(outside, ctx, "weigh", item);
        if (item % 2 === 0) throw new Error(`${item} is even`);
        return { good: item };
      },
      {
        retry: { attemptsMax: 2, backoffMs: 1, retryIf: () => true },
        recover: async (failure, item, ctx) => {
          const told = await act(outside, ctx, "tell", item);
          return { said: [`${failure.code} ${String(told)}`] };
        },
      },
    )
    .end("each");
  return { name: "recovered", workflow: built, input: { items: [1, 2, 3, 4] } };
}

function failing(outside: Outside, isMended: boolean) {
  return workflow("failing", { version: "1", state: { said: append<string>() } })
    .start("open", (_state, ctx) => {
      begin(outside, ctx);
      return {};
    })
    .node("good", { after: "open" }, async (_state, ctx) => {
      begin(outside, ctx);
      return { said: [String(await act(outside, ctx, "good", "ware"))] };
    })
    .node(
      "bad",
      { after: "open" },
      async (_state, ctx) => {
        begin(outside, ctx);
        const before = await act(outside, ctx, "before", "failing");
        if (!isMended) throw new Error("broken");
        return { said: [String(before)] };
      },
      { retry: { attemptsMax: 2, backoffMs: 1, retryIf: () => true } },
    )
    .node("shut", { after: ["good", "bad"] }, (_state, ctx) => {
      begin(outside, ctx);
      return { said: ["shut"] };
    })
    .end("shut");
}

function resumed(outside: Outside): CorpusCase {
  return { name: "resumed", workflow: failing(outside, false), input: {}, mended: failing(outside, true) };
}

function writers(outside: Outside, conflict: "fail" | "lastWriterWins") {
  return workflow("conflict", { version: "1", state: { winner: value("nobody") }, conflict })
    .start("open", (_state, ctx) => {
      begin(outside, ctx);
      return {};
    })
    .node("one", { after: "open" }, async (_state, ctx) => {
      begin(outside, ctx);
      return { winner: String(await act(outside, ctx, "one", 1)) };
    })
    .node("two", { after: "open" }, async (_state, ctx) => {
      begin(outside, ctx);
      return { winner: String(await act(outside, ctx, "two", 2)) };
    })
    .node("shut", { after: ["one", "two"] }, async ({ winner }, ctx) => {
      begin(outside, ctx);
      return { winner: String(await act(outside, ctx, "crown", winner)) };
    })
    .end("shut");
}

function conflict(outside: Outside): CorpusCase {
  return {
    name: "conflict",
    workflow: writers(outside, "fail"),
    input: {},
    mended: writers(outside, "lastWriterWins"),
  };
}

/** Failures: retried, caught, recovered from, resumed after, and a conflict that is settled later. */
export const failureCases = [retries, caught, recovered, resumed, conflict];
