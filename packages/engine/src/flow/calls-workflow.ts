import { type Field, value } from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";

const made = new WeakMap<CompiledWorkflow, CompiledWorkflow>();

/** The workflow that the steps of a flow belong to: the flow, with one field for what a step gives. */
export function callsWorkflow(flow: CompiledWorkflow): CompiledWorkflow {
  const known = made.get(flow);
  if (known !== undefined) return known;
  const field = value<unknown>(undefined) as Field;
  const calls: CompiledWorkflow = {
    ...flow,
    fields: [{ name: "result", field }],
    fieldByName: new Map([["result", field]]),
    jsonKeys: new Map([["result", '"result":']]),
    hasInputSchema: false,
  };
  made.set(flow, calls);
  return calls;
}
