import { append, workflow } from "agentflow";

/** A step without attempts left beside one that finished, which stays staged. */
export const recorded = workflow("failed", { version: "1", state: { said: append<string>() } })
  .start("open", () => ({ said: ["open"] }))
  .node("good", { after: "open" }, async (_state, ctx) => ({
    said: [await ctx.io("good", 1, async () => "good")],
  }))
  .node(
    "bad",
    { after: "open" },
    async (_state, ctx) => {
      await ctx.io("before", ctx.attempt, async (given) => given);
      throw new Error("broken");
    },
    { retry: { attemptsMax: 2, backoffMs: 1, retryIf: () => true } },
  )
  .node("shut", { after: ["good", "bad"] }, () => ({}))
  .end("shut");
