import { append, sum, workflow } from "agentflow";
import type { Story } from "../stage.ts";

/** Sleeps, and events that came before they were waited for, taken in their order. */
export const recorded = workflow("sleeping", {
  version: "1",
  state: { turns: sum(), said: append<string>() },
})
  .start("nap", async (_state, ctx) => {
    const before = await ctx.io("before", "nap", async (given) => `before the ${given}`);
    await ctx.sleep("nap", 3);
    await ctx.sleep("nap", 2);
    return { said: [before] };
  })
  .node("next", { after: "nap" }, async (_state, ctx) => {
    const letter = await ctx.waitFor<string>("letter");
    return { turns: 1, said: [await ctx.io("read", letter, async (given) => `read ${given}`)] };
  })
  .node("shut", {}, () => ({ said: ["shut"] }))
  .route("next", { to: ["next", "shut"] }, ({ turns }) => (turns < 3 ? "next" : "shut"))
  .end("shut");

export const story: Story = async (stage) => {
  const run = await stage.start(recorded);
  for (const letter of ["first", "second"])
    await stage.engine.signal(stage.runId, "letter", letter, { by: "post" });
  await run.settled();
  await stage.engine.signal(stage.runId, "letter", "third");
  await (await stage.goOn(recorded)).settled();
};
