import { append, sum, value, workflow } from "agentflow";

/** Failures and timeouts of some items, which a function makes good; one that retries first. */
export const recorded = workflow("recover", {
  version: "1",
  state: { items: value<number[]>(), good: sum(), said: append<string>() },
})
  .start("open", () => ({}))
  .map(
    "each",
    { after: "open", over: (state) => state.items },
    async (item, ctx) => {
      await ctx.io("weigh", item, async (given) => given * 2, { effect: true });
      if (item === 3) await new Promise(() => undefined);
      if (item % 2 === 0) throw new Error(`${item} is even`);
      return { good: item };
    },
    {
      timeoutMs: 30,
      retry: { attemptsMax: 2, backoffMs: 1, retryIf: () => true },
      recover: async (failure, item, ctx) => {
        const told = await ctx.io("tell", item, async (given) => `told of ${given}`);
        return { said: [`${failure.code} ${told}`] };
      },
    },
  )
  .end("each");

export const input = { items: [1, 2, 3, 4] };
