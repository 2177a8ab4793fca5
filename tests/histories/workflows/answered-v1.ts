import { append, interrupt, workflow } from "agentflow";
import type { Story } from "../stage.ts";

const approve = interrupt<{ readonly amount: number }, { readonly ok: boolean }>("approve");
const sign = interrupt<string, string>("sign");

/** Two people asked at once, one of them twice; the answers come to other processes. */
export const recorded = workflow("answered", { version: "1", state: { said: append<string>() } })
  .start("open", () => ({}))
  .node("ask", { after: "open" }, async (_state, ctx) => {
    const quote = await ctx.io("quote", 12, async (given) => `${given} coins`);
    const { ok } = await ctx.interrupt(approve, { amount: 12 });
    const name = await ctx.interrupt(sign, quote);
    return { said: [`${ok} ${name} ${await ctx.io("order", name, async (given) => `for ${given}`)}`] };
  })
  .node("beside", { after: "open" }, async (_state, ctx) => ({ said: [await ctx.interrupt(sign, "beside")] }))
  .node("shut", { after: ["ask", "beside"] }, () => ({ said: ["shut"] }))
  .end("shut");

export const story: Story = async (stage) => {
  await (await stage.start(recorded)).settled();
  await stage.engine.answer(stage.runId, "1.ask#approve[0]", { ok: true }, { by: "ann@example.org" });
  await (await stage.goOn(recorded)).settled();
  await stage.engine.answer(stage.runId, "1.beside#sign[0]", "Bob");
  await stage.engine.answer(stage.runId, "1.ask#sign[0]", "Ada", { by: "ann@example.org" });
  await (await stage.goOn(recorded)).settled();
};
