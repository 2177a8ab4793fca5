import { invariant, ValidationError } from "@agentflow/core";
import { type EncodedDelta, encodeDelta } from "../state/delta.ts";
import type { ScopeExecution } from "./scope-execution.ts";

/** The delta that a nested workflow's final state gives its parent (S1). Throws what `output` throws. */
export function outputDelta(
  scope: ScopeExecution,
  parent: NonNullable<ScopeExecution["parent"]>,
): EncodedDelta {
  const { task } = parent;
  const { body } = task.node.model;
  invariant(body.type === "nested", `${task.stepId} is no nested workflow`);
  return encodeDelta(body.output(scope.state.view, task.argument), parent.scope.workflow, task.stepId);
}

/**
 * Checks the final state against the workflow's output schema; undefined without one. Rejects with ValidationError
 * (AF_OUTPUT_INVALID).
 */
export function checkOutput(scope: ScopeExecution): Promise<void> | undefined {
  const { model } = scope.workflow;
  const { outputSchema } = model;
  if (outputSchema === undefined) return undefined;
  return (async () => {
    const checked = await outputSchema["~standard"].validate(scope.state.view);
    if (checked.issues === undefined) return;
    const problems = checked.issues.map((issue) => issue.message);
    const message = `The output of "${model.name}" does not match its schema: ${problems.join("; ")}.`;
    throw new ValidationError("AF_OUTPUT_INVALID", message, { context: { workflow: model.name, problems } });
  })();
}
