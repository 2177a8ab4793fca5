import { append, flow, interrupt, nested, value, workflow } from "@agentflow/core";
import { act, begin, type CorpusCase, type Outside } from "./corpus-case.ts";

const sign = interrupt<string, string>("sign");

function inner(outside: Outside) {
  return flow("inner", { version: "1" }, async (word: string, ctx) => {
    begin(outside, ctx);
    const asked = await ctx.step("ask", word, async (given, step) => {
      begin(outside, step);
      return String(await act(outside, step, "ask", given));
    });
    await ctx.sleep("nap", 10);
    return `${asked} ${await ctx.step("note", asked, (given) => given.length)}`;
  });
}

function graph(outside: Outside) {
  return workflow("graph", { version: "1", state: { word: value<string>(), said: append<string>() } })
    .start("open", async ({ word }, ctx) => {
      begin(outside, ctx);
      return { said: [String(await act(outside, ctx, "open", word))] };
    })
    .node("shut", { after: "open" }, ({ said }) => ({ said: [`${said.length}`] }))
    .end("shut");
}

function everything(outside: Outside): CorpusCase {
  const built = flow("everything", { version: "1" }, async ({ word }: { word: string }, ctx) => {
    begin(outside, ctx);
    const one = (name: string, input: string) =>
      ctx.step(name, input, async (given, step) => {
        begin(outside, step);
        return String(await act(outside, step, name, given));
      });
    const first = await one("first", word);
    const id = ctx.uuid();
    const [left, right] = await Promise.all([one("left", first), one("right", first)]);
    const tried = ctx.step(
      "tried",
      id,
      async (_given, step) => {
        begin(outside, step);
        const answer = String(await act(outside, step, "try", step.attempt));
        if (step.attempt < 2) throw new Error("not yet");
        return answer;
      },
      { retry: { attemptsMax: 2, backoffMs: 10, retryIf: () => true } },
    );
    const each = await ctx.map(
      "each",
      ["x", "y", "z"],
      async (item, step) => {
        begin(outside, step);
        await step.safeWrite(`${item}.txt`, item);
        return String(await act(outside, step, "each", item));
      },
      { concurrency: 2 },
    );
    const { said } = await ctx.run(graph(outside), { word });
    return [left, right, await tried, ...each, ...said, String(await act(outside, ctx, "own", id))];
  });
  return { name: "flow", workflow: built, input: { word: "tea" } };
}

function waits(outside: Outside): CorpusCase {
  const built = flow("waits", { version: "1" }, async ({ word }: { word: string }, ctx) => {
    begin(outside, ctx);
    const inside = ctx.run(inner(outside), word);
    await ctx.sleep("first", 20);
    const letter = await ctx.waitFor<string>("letter");
    return [await inside, letter, await ctx.interrupt(sign, letter)];
  });
  return {
    name: "flow-waits",
    workflow: built,
    input: { word: "tea" },
    signals: [{ key: "letter", value: "dear" }],
    answers: { "0.waits#sign[0]": "Bob" },
  };
}

function failing(outside: Outside): CorpusCase {
  const make = (isMended: boolean) =>
    flow("failing", { version: "1" }, async (_input: unknown, ctx) => {
      begin(outside, ctx);
      const kept = await ctx.step("kept", 1, async (given, step) => {
        begin(outside, step);
        return String(await act(outside, step, "kept", given));
      });
      const caught = await ctx
        .step("caught", kept, (_given, step): string => {
          begin(outside, step);
          throw new Error("broken");
        })
        .catch((error: unknown) => (error as Error).message);
      const some = await ctx
        .map(
          "some",
          [1, 2, 3],
          async (item, step) => {
            begin(outside, step);
            const answer = String(await act(outside, step, "some", item));
            if (item === 2) throw new Error("two");
            return answer;
          },
          { concurrency: 1 },
        )
        .catch((error: unknown) => [(error as Error).message]);
      const last = await ctx.step("last", kept, async (given, step) => {
        begin(outside, step);
        const answer = String(await act(outside, step, "last", given));
        if (!isMended) throw new Error("not mended");
        return answer;
      });
      return [kept, caught, ...some, last];
    });
  return { name: "flow-failing", workflow: make(false), input: {}, mended: make(true) };
}

function inGraph(outside: Outside): CorpusCase {
  const built = workflow("in-graph", {
    version: "1",
    state: { words: value<string[]>(), out: append<string>() },
    limits: { maxConcurrent: 1 },
  })
    .start("open", (_state, ctx) => {
      begin(outside, ctx);
      return {};
    })
    .map(
      "each",
      { after: "open", over: (state) => state.words, concurrency: 1 },
      nested(inner(outside), { input: (word: string) => word, output: (said) => ({ out: [said] }) }),
    )
    .end("each");
  return { name: "flow-in-graph", workflow: built, input: { words: ["a", "b"] } };
}

/** Flows: every call, waits, failures that are caught and that are not, flows in flows and in graphs. */
export const functionCases = [everything, waits, failing, inGraph];
