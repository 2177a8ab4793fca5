import { append, workflow } from "agentflow";

/** Files that are created, left as they are and changed; text and bytes. */
export const recorded = workflow("artifacts", { version: "1", state: { wrote: append<string>() } })
  .start("draft", async (_state, ctx) => {
    const { reason } = await ctx.safeWrite("report.md", "draft");
    await ctx.safeWrite("data/bytes.bin", new Uint8Array([0, 255, 10, 13]));
    return { wrote: [reason] };
  })
  .node("again", { after: "draft" }, async (_state, ctx) => {
    const same = await ctx.safeWrite("report.md", "draft");
    const changed = await ctx.safeWrite("report.md", await ctx.io("word", 1, async () => "final"));
    return { wrote: [same.reason, changed.reason] };
  })
  .end("again");
