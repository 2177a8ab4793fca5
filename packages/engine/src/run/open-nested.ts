import { readStored, restoreStored, type ScopeRequest } from "../resume/load-scope.ts";
import { checkInput } from "../state/check-input.ts";
import { ScopeState } from "../state/scope-state.ts";
import type { StepTask } from "../step/step-task.ts";
import { nestedInput, nestedOrigin } from "./nested-origin.ts";
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
  const given = nestedInput(task);
  const { workflow, input, where } = given;
  const begin = (): ScopeExecution => {
    const { path, values, parent: around } = nestedOrigin(task, parent, given);
    const state = new ScopeState(workflow, values);
    const scope = new ScopeExecution({ path, workflow, state, parent: around });
    scope.startedAt = environment.clock.now();
    scope.begin();
    return scope;
  };
  if (task.mayBeStored) {
    const { tenant, runId } = run.origin;
    const { runs } = environment.backend;
    const request = { ...nestedOrigin(task, parent, given), tenant, runId, round: run.round, runs };
    return loadNested(request, environment);
  }
  if (!workflow.hasInputSchema) return begin();
  return checkInput(input, workflow, where).then(begin);
}

/** A scope as an earlier process left it, and when it was opened there, as far as rows tell. */
async function loadNested(request: ScopeRequest, { clock }: RunEnvironment): Promise<ScopeExecution> {
  const { tenant, runId, path, runs } = request;
  const stored = await readStored(request);
  const first =
    stored.record.snapshot === undefined
      ? stored.record
      : await runs.readScope({ tenant, runId, scope: path, from: "start", upTo: 0 });
  const scope = restoreStored(request, stored);
  const starts = [...first.steps, ...first.journal, ...first.attempts].map(({ startedAt }) => startedAt);
  scope.startedAt = Math.min(clock.now(), ...starts);
  return scope;
}
