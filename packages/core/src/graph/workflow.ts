import type { StateSpec } from "../state/field.ts";
import { WorkflowBuilder } from "./workflow-builder.ts";
import type { WorkflowOptions } from "./workflow-options.ts";

/** Begins a workflow; go on with `.start(...)`, add nodes, and finish with `.end(...)` (ENG-1, ENG-2). */
export function workflow<Spec extends StateSpec>(
  name: string,
  options: WorkflowOptions<Spec>,
): WorkflowBuilder<Spec> {
  return new WorkflowBuilder({ name, ...options });
}
