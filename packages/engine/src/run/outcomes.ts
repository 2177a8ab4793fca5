import { ConflictError, NoProgressError, type StepDetail } from "@agentflow/core";
import { artifactsOf } from "../schedule/staged-step.ts";
import type { EncodedDelta } from "../state/delta.ts";
import type { StepTask } from "../step/step-task.ts";
import { noDetail } from "./outcome-detail.ts";
import type { RunEnvironment } from "./run-environment.ts";
import type { RunExecution } from "./run-execution.ts";
import type { ScopeExecution } from "./scope-execution.ts";
import { outputDelta } from "./scope-output.ts";
import { addSeal } from "./seal-row.ts";
import { stagedStep, stepRow } from "./step-row.ts";

/** A step's outcome on its way to being staged. */
export interface StepOutcome {
  readonly delta: EncodedDelta;
  readonly detail: StepDetail;
  /** Wall-clock milliseconds, and the duration in milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
}

/**
 * What follows from the outcomes of steps: they are staged, scopes seal and end (S2).
 *
 * 1. A scope seals with the commit of its last step, and dispatches what follows once the run may go on from it (S5).
 */
export class Outcomes {
  readonly #run: RunExecution;
  readonly #environment: RunEnvironment;

  constructor(run: RunExecution, environment: RunEnvironment) {
    this.#run = run;
    this.#environment = environment;
  }

  stage(task: StepTask, outcome: StepOutcome): void {
    const { failures, log, scopes, waits } = this.#run;
    const scope = scopes.of(task);
    waits.endAll(task);
    const { delta } = outcome;
    const call = scope.callOf(task);
    let { detail } = outcome;
    if (delta.refs !== undefined) detail = { ...detail, refs: delta.refs };
    if (call !== undefined) detail = { ...detail, call };
    if (task.node.model.policy.compensate !== undefined) detail = { ...detail, compensates: true };
    const columns = {
      delta,
      opens: task.takeOpening(),
      startedAt: outcome.startedAt,
      durationMs: outcome.durationMs,
    };
    const { pending } = log;
    const row = pending.addStep(task, stepRow(task, columns), detail, delta.blobs);
    pending.deltaBytes += delta.sizeBytes;
    scope.deltaBytes += delta.sizeBytes;
    scope.stage(task, stagedStep(task, delta, detail.goto, artifactsOf(detail)));
    if (scope.isStaged) this.seal(scope, row);
    else failures.check(scope);
  }

  /** Ends the superstep of a scope all of whose steps are staged; `row` is that of the step which ended last. */
  seal(scope: ScopeExecution, row: { seal: string | undefined } | undefined): void {
    const { dispatcher, failures, log, pauses } = this.#run;
    const { pending } = log;
    pauses.sealing(scope);
    try {
      const sealed = scope.seal();
      if (sealed.conflicts > 0) this.#run.metrics.conflicted(sealed.conflicts);
      addSeal(scope, sealed, row, pending);
      scope.base = pending;
      if (!sealed.isLast) log.goOn(() => dispatcher.dispatch(scope));
      else if (scope.exited) this.#ended(scope);
      else failures.scopeFailed(scope, noProgress(scope), []);
    } catch (error) {
      // A seal that a conflict fails counts its conflicts too (ENG-13).
      const count = error instanceof ConflictError ? error.context["conflicts"] : undefined;
      if (typeof count === "number") this.#run.metrics.conflicted(count);
      failures.scopeFailed(scope, error, []);
    }
  }

  #ended(scope: ScopeExecution): void {
    if (scope.parent === undefined) {
      this.#run.succeed();
      return;
    }
    const { failures, queue, scopes } = this.#run;
    const { task } = scope.parent;
    try {
      const delta = outputDelta(scope, scope.parent);
      scopes.close(scope.path);
      this.#run.trace?.scopeEnded(scope.path, "succeeded");
      queue.release(task);
      const detail =
        scope.artifacts.size === 0 ? noDetail : { inherited: Object.fromEntries(scope.artifacts) };
      const durationMs = Math.max(0, this.#environment.clock.now() - scope.startedAt);
      this.stage(task, { delta, detail, startedAt: scope.startedAt, durationMs });
    } catch (error) {
      failures.nestedFailed(task, error);
    }
  }
}

function noProgress(scope: ScopeExecution): NoProgressError {
  const where = scope.path === "" ? "The run" : `The nested workflow of ${scope.path}`;
  return new NoProgressError(`${where} has nothing left to do, and no exit node has completed.`, {
    context: { scope: scope.path, superstep: scope.superstep, exits: scope.workflow.model.exits },
  });
}
