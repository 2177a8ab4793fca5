import { append, workflow } from "agentflow";
import type { Story } from "../stage.ts";

/** Paused after its first step, and resumed later. */
export const recorded = workflow("paused", { version: "1", state: { said: append<string>() } })
  .start("first", async (_state, ctx) => ({ said: [await ctx.io("first", 1, async () => "first")] }))
  .node("second", { after: "first" }, async (_state, ctx) => {
    await ctx.waitFor("go");
    return { said: ["second"] };
  })
  .node("third", { after: "second" }, () => ({ said: ["third"] }))
  .end("third");

export const story: Story = async (stage) => {
  await (await stage.start(recorded)).settled();
  await stage.engine.request(stage.runId, "pause", { by: "ann" });
  await (await stage.goOn(recorded)).settled();
  await stage.engine.signal(stage.runId, "go");
  await (await stage.goOn(recorded)).settled();
};
