import { sum, value, workflow } from "agentflow";
import type { Story } from "../stage.ts";

const turnsMax = 40;

/** More deltas than a fold should take: the run wrote a snapshot, and went on from it. */
export const recorded = workflow("snapshots", {
  version: "1",
  state: { turns: sum(), page: value(""), stopped: value(false) },
})
  .start("turn", ({ turns }) => ({ turns: 1, page: `${turns} `.repeat(1_300) }))
  .node("wait", {}, async (_state, ctx) => ({ stopped: await ctx.waitFor<boolean>("stop") }))
  .node("shut", { after: "wait" }, ({ page }) => ({ page: page.slice(0, 20) }))
  .route("turn", { to: ["turn", "wait"] }, ({ turns }) => (turns < turnsMax ? "turn" : "wait"))
  .end("shut");

export const story: Story = async (stage) => {
  await (await stage.start(recorded)).settled();
  await stage.engine.signal(stage.runId, "stop", true);
  await (await stage.goOn(recorded)).settled();
};
