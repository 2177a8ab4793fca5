import { invariant } from "@agentflow/core";
import { compile } from "../compile/compiled-workflow.ts";
import { loadScope } from "../resume/load-scope.ts";
import { checkInput, checkInputShape } from "../state/check-input.ts";
import { encodeInput, ScopeState } from "../state/scope-state.ts";
import type { StepTask } from "../step/step-task.ts";
import type { RunEnvironment } from "./run-environment.ts";
import { ScopeExecution } from "./scope-execution.ts";

/** The run a nested scope belongs to, as far as opening one needs it. */
export interface NestedRun {
  readonly origin: { readonly tenant: string; readonly runId: string };
  readonly round: number;
}

/**
 * Opens the scope of a nested-workflow step (S1): from its rows where the run was taken over, else from its input.
 * Throws or rejects with what user code threw, and with ValidationError for an input that does not fit.
 */
export function openNested(
  task: StepTask,
  parent: ScopeExecution,
  run: NestedRun,
  environment: RunEnvironment,
): ScopeExecution | Promise<ScopeExecution> {
  const { body } = task.node.model;
  invariant(body.type === "nested", `${task.stepId} is no nested workflow`);
  const workflow = compile(body.child);
  const input = body.input(task.argument) as Readonly<Record<string, unknown>>;
  const where = `input of ${task.stepId}`;
  checkInputShape(input, workflow, where);
  const begin = (): ScopeExecution => {
    const { values } = encodeInput(input, workflow, where);
    const state = new ScopeState(workflow, values);
    const scope = new ScopeExecution({ path: task.stepId, workflow, state, parent: { scope: parent, task } });
    scope.startedAt = environment.clock.now();
    scope.begin();
    return scope;
  };
  if (task.mayBeStored) {
    const { values } = encodeInput(input, workflow, where);
    const { tenant, runId } = run.origin;
    const { runs } = environment.backend;
    return loadScope({
      path: task.stepId,
      workflow,
      values,
      parent: { scope: parent, task },
      tenant,
      runId,
      round: run.round,
      runs,
    });
  }
  if (!workflow.hasInputSchema) return begin();
  return checkInput(input, workflow, where).then(begin);
}
