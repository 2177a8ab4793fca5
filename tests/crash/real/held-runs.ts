import { append, type Json, type Workflow, workflow } from "@agentflow/core";

/** A run whose second step goes on when `hold` resolves. */
export function heldWorkflow(hold: (runId: string) => Promise<Json>): Workflow {
  return workflow("held", { version: "1", state: { log: append<string>() } })
    .start("open", () => ({ log: ["opened"] }))
    .node("hold", { after: "open" }, async (_state, ctx) => {
      const word = await ctx.io("hold", ctx.runId, hold);
      return { log: [String(word)] };
    })
    .node("shut", { after: "hold" }, () => ({ log: ["shut"] }))
    .end("shut");
}
