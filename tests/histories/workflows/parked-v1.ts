import { append, workflow } from "agentflow";
import type { Story } from "../stage.ts";

let entered: () => void;
const inside = new Promise<void>((resolve) => {
  entered = resolve;
});

/** Its process ended in an orderly way while a step was at work, which was begun again by the next one. */
export const recorded = workflow("parked", { version: "1", state: { said: append<string>() } })
  .start("open", () => ({ said: ["open"] }))
  .node("slow", { after: "open" }, async (_state, ctx) => {
    const begun = await ctx.io("begin", "slow", async (given) => `${given} begun`);
    const isFirst = await ctx.io("look", begun, async () => {
      entered();
      return new Promise<string>((resolve) => setTimeout(resolve, 20, "looked"));
    });
    return { said: [begun, isFirst] };
  })
  .end("slow");

export const story: Story = async (stage) => {
  await stage.start(recorded);
  await inside;
  await (await stage.goOn(recorded)).settled();
};
