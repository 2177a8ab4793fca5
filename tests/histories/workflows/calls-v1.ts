import { append, workflow } from "agentflow";

const attempts = new Map<string, number>();

function failsUntil(key: string, last: number): void {
  const attempt = (attempts.get(key) ?? 0) + 1;
  attempts.set(key, attempt);
  if (attempt < last) throw new Error(`${key} ${attempt} is too early`);
}

/** Calls that succeed, fail, are retried, are raced; attempts that keep what was called, and ones that do not. */
export const recorded = workflow("calls", { version: "1", state: { said: append<string>() } })
  .start(
    "keeps",
    async (_state, ctx) => {
      const first = await ctx.io("first", "once", async (given) => `${given} ${ctx.attempt}`, {
        effect: true,
      });
      if (ctx.attempt < 3) throw new Error(`attempt ${ctx.attempt} is too early`);
      return { said: [first, await ctx.io("second", ctx.attempt, async (given) => `${given}`)] };
    },
    { retry: { attemptsMax: 4, backoffMs: 1, factor: 2, retryIf: () => true } },
  )
  .node(
    "fresh",
    { after: "keeps" },
    async (_state, ctx) => {
      const first = await ctx.io("each time", "fresh", async (given) => `${given} ${ctx.attempt}`);
      if (ctx.attempt < 2) throw new Error("too early");
      return { said: [first] };
    },
    { retry: { attemptsMax: 2, backoffMs: 1, io: "fresh", retryIf: () => true } },
  )
  .node("catches", { after: "fresh" }, async (_state, ctx) => {
    let said = "no error";
    try {
      await ctx.io("refuse", "please", async () => {
        throw new Error("refused");
      });
    } catch (error) {
      said = error instanceof Error ? error.message : "odd";
    }
    const retry = { attemptsMax: 3, backoffMs: 1, retryIf: () => true };
    const stubborn = await ctx.io(
      "stubborn",
      said,
      async (given) => {
        failsUntil("stubborn", 3);
        return `${given}, then granted`;
      },
      { retry },
    );
    return { said: [said, stubborn] };
  })
  .node("races", { after: "catches" }, async (_state, ctx) => {
    const slow = ctx.io("slow", 1, () => new Promise<string>((resolve) => setTimeout(resolve, 50, "slow")));
    const quick = ctx.io("quick", 2, async () => "quick");
    const winner = await Promise.race([slow, quick]);
    return { said: [winner, `${typeof ctx.now()}`] };
  })
  .end("races");
