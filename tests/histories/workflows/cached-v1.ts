import { append, sum, workflow } from "agentflow";
import type { Story } from "../stage.ts";

/** Calls and a step that are answered from the cache, of the run and of another run. */
export const recorded = workflow("cached", { version: "1", state: { turns: sum(), said: append<string>() } })
  .start("ask", async ({ turns }, ctx) => ({
    turns: 1,
    said: [
      await ctx.io("mine", "question", async () => `mine ${turns}`, { cache: "run" }),
      await ctx.io("shared", "question", async () => `shared ${turns}`, { cache: "shared" }),
    ],
  }))
  .node("whole", {}, ({ said }) => ({ said: [`${said.length} answers`] }), { cache: "shared" })
  .route("ask", { to: ["ask", "whole"] }, ({ turns }) => (turns < 2 ? "ask" : "whole"))
  .end("whole");

export const story: Story = async (stage) => {
  await (await stage.engine.start(recorded, {}, { id: "before" })).settled();
  await (await stage.start(recorded)).settled();
};
