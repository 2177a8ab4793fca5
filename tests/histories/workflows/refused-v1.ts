import { setTimeout } from "node:timers/promises";
import { append, interrupt, type StandardSchema, workflow } from "agentflow";
import type { Story } from "../stage.ts";

const upper: StandardSchema<unknown, string> = {
  "~standard": {
    version: 1,
    vendor: "history",
    validate: (said) =>
      typeof said === "string" ? { value: said.toUpperCase() } : { issues: [{ message: "is no text" }] },
  },
};
const sign = interrupt<string, string>("sign", { answer: upper });

/** An answer that is refused and one that is made into another; a deadline and a timeout that pass. */
export const recorded = workflow("refused", { version: "1", state: { said: append<string>() } })
  .start("open", () => ({}))
  .node("ask", { after: "open" }, async (_state, ctx) => ({ said: [await ctx.interrupt(sign, "ask")] }))
  .node("nobody", { after: "open" }, async (_state, ctx) => {
    const said = await ctx.interrupt(sign, "nobody", { deadlineMs: 1, default: "default" });
    const news = await ctx.waitFor<string>("news", { timeoutMs: 1 }).catch((error: Error) => error.name);
    return { said: [said, news] };
  })
  .node("shut", { after: ["ask", "nobody"] }, () => ({ said: ["shut"] }))
  .end("shut");

export const story: Story = async (stage) => {
  await (await stage.start(recorded)).settled();
  // A process that has not asked does not know what an answer is to be like.
  await stage.doomed(99).engine.answer(stage.runId, "1.ask#sign[0]", 7, { by: "bob@example.org" });
  for (let waits = 0; waits < 2; waits++) {
    await setTimeout(5);
    await (await stage.goOn(recorded)).settled();
  }
  await stage.engine.answer(stage.runId, "1.ask#sign[0]", "ann", { by: "ann@example.org" });
  await (await stage.goOn(recorded)).settled();
};
