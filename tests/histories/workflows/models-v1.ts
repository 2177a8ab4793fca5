import { append, type ModelCall, value, workflow } from "@agentflow/core";

const call: ModelCall = {
  provider: "openai",
  model: "gpt-5-mini",
  outcome: "succeeded",
  inputTokens: 1_200,
  cachedTokens: 1_000,
  cacheWriteTokens: 0,
  outputTokens: 80,
  estimated: false,
  costNanos: 240_000,
  expectedNanos: 250_000,
  latencyMs: 1_500,
};

/** Calls of models: one that succeeds at the second try, one of a step with two calls, one of a call that fails. */
export const models = workflow("models", {
  version: "1",
  state: { question: value("Why?"), answers: append<string>() },
})
  .start("ask", async ({ question }, ctx) => {
    const answer = await ctx.io("model", question, (asked, { account }) => {
      account({
        ...call,
        outcome: "rate_limited",
        inputTokens: 0,
        cachedTokens: 0,
        outputTokens: 0,
        costNanos: 0,
      });
      account({ ...call, firstTokenMs: 300 });
      return `Because of ${asked}`;
    });
    return { answers: [answer] };
  })
  .node("again", { after: "ask" }, async ({ answers }, ctx) => {
    const [left, right] = await Promise.all(
      ["left", "right"].map((side) =>
        ctx.io(side, answers.length, (_, { account }) => {
          account({ ...call, provider: "vllm", model: side, costNanos: null, expectedNanos: null });
          return side;
        }),
      ),
    );
    return { answers: [`${left} ${right}`] };
  })
  .node(
    "doubt",
    { after: "again" },
    async (_state, ctx) => {
      await ctx.io("model", "doubt", (_, { account }) => {
        account({ ...call, outcome: "timeout", estimated: true });
        throw new Error("no answer");
      });
      return {};
    },
    { retry: { attemptsMax: 2, backoffMs: 1 }, recover: () => ({ answers: ["none"] }) },
  )
  .end("doubt");
