import { append, interrupt, nested, sum, value, workflow } from "agentflow";
import type { Story } from "../stage.ts";

const sign = interrupt<string, string>("sign");

const office = workflow("office", { version: "1", state: { who: value<string>(), said: append<string>() } })
  .start("open", async ({ who }, ctx) => ({
    said: [await ctx.io("open", who, async (given) => `open ${given}`)],
  }))
  .node("ask", { after: "open" }, async ({ who }, ctx) => {
    const form = await ctx.io("form", who, async (given) => `form of ${given}`);
    return { said: [`${await ctx.interrupt(sign, form)} signs the ${form}`] };
  })
  .end("ask");

/** Waits for a person inside a nested workflow and for an event beside it, with a step staged, when it was recorded. */
export const recorded = workflow("waiting", {
  version: "1",
  state: { names: value<string[]>(), letters: sum(), said: append<string>() },
})
  .start("open", () => ({ said: ["open"] }))
  .map(
    "each",
    { after: "open", over: ({ names }) => names },
    nested(office, {
      input: (who: string) => ({ who }),
      output: ({ said }) => ({ said: [...said] }),
    }),
  )
  .node("hear", { after: "open" }, async (_state, ctx) => ({ letters: await ctx.waitFor<number>("letters") }))
  .node("quick", { after: "open" }, () => ({ said: ["quick"] }))
  .node("shut", { after: ["each", "hear", "quick"] }, ({ letters }, ctx) => ({
    said: [`${letters} ${ctx.rng.integer(1, 1_000)}`],
  }))
  .end("shut");

export const input = { names: ["Ada", "Bob"] };

export const ending: Story = async (stage) => {
  await stage.engine.signal(stage.runId, "letters", 7);
  await stage.engine.answer(stage.runId, "1.each[0]/1.ask#sign[0]", "Ada");
  await stage.engine.answer(stage.runId, "1.each[1]/1.ask#sign[0]", "Bob");
  await (await stage.goOn(recorded)).result();
};
