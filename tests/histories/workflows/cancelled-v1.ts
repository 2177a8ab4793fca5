import { append, workflow } from "agentflow";
import type { Story } from "../stage.ts";

let entered: () => void;
const inside = new Promise<void>((resolve) => {
  entered = resolve;
});

/** Cancelled while one step was done and another at work. */
export const recorded = workflow("cancelled", { version: "1", state: { said: append<string>() } })
  .start("open", () => ({ said: ["open"] }))
  .node("quick", { after: "open" }, () => ({ said: ["quick"] }))
  .node("slow", { after: "open" }, async (_state, ctx) => {
    await ctx.io("begin", "slow", async () => "begun");
    entered();
    await new Promise(() => undefined);
    return { said: ["never"] };
  })
  .node("shut", { after: ["quick", "slow"] }, () => ({}))
  .end("shut");

export const story: Story = async (stage) => {
  const run = await stage.start(recorded);
  await inside;
  await run.cancel();
  await run.settled();
};
