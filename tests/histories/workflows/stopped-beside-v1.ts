import { append, workflow } from "agentflow";
import type { Story } from "../stage.ts";

const failing = (isMended: boolean) =>
  workflow("stopped-beside", { version: "1", state: { said: append<string>() }, siblings: "abort" })
    .start("open", () => ({ said: ["open"] }))
    .node("slow", { after: "open" }, async (_state, ctx) => {
      await ctx.io("begin", "slow", async (given) => `${given} begun`);
      if (!isMended) await new Promise(() => undefined);
      return { said: ["slow"] };
    })
    .node("bad", { after: "open" }, async (_state, ctx) => {
      const before = await ctx.io("before", "failing", async (given) => `before ${given}`);
      if (!isMended) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw new Error("broken");
      }
      return { said: [before] };
    })
    .node("shut", { after: ["slow", "bad"] }, () => ({ said: ["shut"] }))
    .end("shut");

/** A failure that stopped the step beside it; the mended workflow went on with both. */
export const recorded = failing(true);

export const story: Story = async (stage) => {
  await (await stage.start(failing(false))).settled();
  await (await stage.goOn(recorded)).settled();
};
