import { append, workflow } from "agentflow";
import type { Story } from "../stage.ts";

/** Its first process ended in the middle of a step; another one took over, under the next epoch. */
export const recorded = workflow("taken-over", { version: "1", state: { said: append<string>() } })
  .start("first", async (_state, ctx) => ({ said: [await ctx.io("first", 1, async () => "first")] }))
  .node("second", { after: "first" }, async (_state, ctx) => {
    const one = await ctx.io("one", 2, async (given) => `one ${given}`, { effect: true });
    const two = await ctx.io("two", one, async (given) => `two after ${given}`, { effect: true });
    const three = await ctx.io("three", two, async () => "three");
    return { said: [one, two, three, ctx.uuid()] };
  })
  .map("third", { after: "second", over: () => ["a", "b", "c"] }, async (item, ctx) => ({
    said: [await ctx.io("item", item, async (given) => `item ${given}`)],
  }))
  .end("third");

export const story: Story = async (stage) => {
  const doomed = stage.doomed(4);
  await doomed.engine.start(recorded, {}, { id: stage.runId, seed: "seed" });
  await doomed.ended;
  await (await stage.goOn(recorded)).settled();
};
