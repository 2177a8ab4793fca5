import { append, workflow } from "agentflow";
import type { Story } from "../stage.ts";

/** One step took its process down each time, until the run was failed as a crash loop. */
export const recorded = workflow("crash-loop", { version: "1", state: { said: append<string>() } })
  .start("first", () => ({ said: ["first"] }))
  .node("second", { after: "first" }, () => ({ said: ["second"] }))
  .end("second");

export const story: Story = async (stage) => {
  const first = stage.doomed(3);
  await first.engine.start(recorded, {}, { id: stage.runId, seed: "seed" });
  await first.ended;
  for (let crash = 0; crash < 5; crash++) {
    const next = stage.doomed(2);
    await next.engine.resume(stage.runId, recorded);
    await next.ended;
  }
  await (await stage.goOn(recorded)).settled();
};
