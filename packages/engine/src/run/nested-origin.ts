import { invariant } from "@agentflow/core";
import { type CompiledWorkflow, compile } from "../compile/compiled-workflow.ts";
import type { ScopeOrigin } from "../resume/restore-scope.ts";
import { checkInputShape } from "../state/check-input.ts";
import { encodeInput } from "../state/scope-state.ts";
import type { StepTask } from "../step/step-task.ts";
import type { ScopeExecution } from "./scope-execution.ts";

/** What the node of a nested-workflow step gives to its workflow (S1). */
export interface NestedInput {
  readonly workflow: CompiledWorkflow;
  readonly input: Readonly<Record<string, unknown>>;
  /** What errors call the input. */
  readonly where: string;
}

/** Asks the step's node for the input of its workflow. Throws what user code throws, and ValidationError. */
export function nestedInput(task: StepTask): NestedInput {
  const { body } = task.node.model;
  invariant(body.type === "nested", `${task.stepId} is no nested workflow`);
  const workflow = compile(body.child);
  const input = body.input(task.argument) as Readonly<Record<string, unknown>>;
  const where = `input of ${task.stepId}`;
  checkInputShape(input, workflow, where);
  return { workflow, input, where };
}

/** What the scope of a nested-workflow step starts from. */
export function nestedOrigin(
  task: StepTask,
  parent: ScopeExecution,
  { workflow, input, where }: NestedInput = nestedInput(task),
): ScopeOrigin {
  const { values } = encodeInput(input, workflow, where);
  return { path: task.stepId, workflow, values, parent: { scope: parent, task } };
}
