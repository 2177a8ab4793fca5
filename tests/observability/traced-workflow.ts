import { append, type Workflow, workflow } from "@agentflow/core";

/** Two steps, of which the second one ends only where it `passes`. */
export function stuckUnless(passes: boolean): Workflow {
  return workflow("stuck", { version: "1", state: { log: append<string>() } })
    .start("one", (_state, ctx) => ctx.io("look", null, () => ({ log: ["one"] })))
    .node("two", { after: "one" }, async () => {
      if (!passes) await new Promise<never>(() => undefined);
      return { log: ["two"] };
    })
    .end("two") as unknown as Workflow;
}
