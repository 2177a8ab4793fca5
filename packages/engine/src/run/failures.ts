import { CancelledError, type Failure, type Siblings, toFailure, withOthers } from "@agentflow/core";
import type { Attempt } from "../step/attempt.ts";
import { failureOf } from "../step/recorded-error.ts";
import type { StepTask } from "../step/step-task.ts";
import { attemptRow, cancelledFailure, type EndedAttempt, siblingFailure } from "./attempt-row.ts";
import { decideAttempt, finalError } from "./decide-attempt.ts";
import type { RunEnvironment } from "./run-environment.ts";
import type { RunExecution } from "./run-execution.ts";
import type { ScopeExecution } from "./scope-execution.ts";

/** When an attempt began and how long it took: wall-clock milliseconds, and milliseconds. */
export interface AttemptTimes {
  readonly startedAt: number;
  readonly durationMs: number;
}

/**
 * What follows from failures: attempts are tried again, steps fail, and scopes with them up to the run (S9, S11).
 *
 * 1. A failed attempt is committed before anything is made of it (S5).
 * 2. A scope with a failure starts nothing new, and fails once nothing in it runs any more.
 */
export class Failures {
  readonly #run: RunExecution;
  readonly #environment: RunEnvironment;

  constructor(run: RunExecution, environment: RunEnvironment) {
    this.#run = run;
    this.#environment = environment;
  }

  /**
   * Commits the failure of an attempt, with the time of the next one if there is one. `others` failed beside it, in the
   * scope of a nested workflow.
   */
  attemptFailed(task: StepTask, error: unknown, times: AttemptTimes, others: readonly Failure[] = []): void {
    const { dispatcher, log, origin } = this.#run;
    const now = this.#environment.clock.now();
    const decision = decideAttempt(task, error, { seed: origin.seed, now, others });
    const { failure, failureJson, nextAt } = decision;
    this.#endAttempt(task, { outcome: "failed", failure: failureJson, nextAt, ...times });
    task.attempt++;
    task.failedInRound++;
    task.status = "ready";
    if (nextAt !== undefined) {
      this.#run.metrics.retried();
      task.notBefore = nextAt;
      dispatcher.retry(task);
    } else if (task.node.model.policy.recover === undefined) {
      this.stepFailed(task, finalError(task, decision.error), others);
    } else {
      // The failed attempts are durable before anything is made of them (S5, S11).
      task.exhausted = failure;
      log.pending.afterwards(() => dispatcher.feed([task]));
    }
  }

  /** Commits that the attempts which run now were cancelled. */
  cancelAttempts(): void {
    for (const attempt of this.#run.attempts.running)
      this.#cancelled(attempt.task, cancelledFailure, attempt);
  }

  /** The step has no attempt left and nothing to recover with. */
  stepFailed(task: StepTask, error: Error, others: readonly Failure[] = []): void {
    const scope = this.#run.scopes.of(task);
    if (scope.tellFailure(task, withOthers(toFailure(error), others))) {
      this.check(scope);
      return;
    }
    this.note(task, error, others);
    this.#fail(scope, task.node.model.policy.siblings);
  }

  /** The body of a flow threw: what it called and still runs finishes, or is told to stop, and then its step fails. */
  bodyThrew(attempt: Attempt, error: unknown): void {
    const { task } = attempt;
    attempt.close();
    const scope = this.#run.scopes.at(task.stepId);
    if (scope === undefined) return;
    const thrown = error instanceof Error ? error : new Error(toFailure(error).message, { cause: error });
    scope.failures.push({ task, failure: failureOf(thrown), error: thrown });
    this.#fail(scope, undefined);
  }

  /** Nothing new starts in a scope with a failure (S11). */
  #fail(scope: ScopeExecution, siblings: Siblings | undefined): void {
    const { queue } = this.#run;
    queue.keep((waiting) => waiting.place.scopePath !== scope.path);
    if ((siblings ?? scope.workflow.model.siblings) === "abort") queue.hold(() => this.#abortAll(scope));
    this.check(scope);
  }

  /** Adds a failed step to its scope, which `check` fails. */
  note(task: StepTask, error: Error, others: readonly Failure[] = []): void {
    task.status = "failed";
    const failure = withOthers(toFailure(error), others);
    this.#run.scopes.of(task).failures.push({ task, failure, error });
  }

  /** Tells the steps of a scope that run to stop; those that only wait have nothing to stop (S11). */
  #abortAll(scope: ScopeExecution): void {
    for (const task of [...scope.tasks]) {
      if (task.isNested && (task.status === "running" || task.isFlow)) this.#abortNested(task);
      else this.#abort(task);
    }
  }

  #abort(task: StepTask): void {
    const { attempts, parking } = this.#run;
    const attempt = attempts.of(task);
    if (attempt === undefined || (task.status === "waiting" && attempt.calls === 0)) return;
    this.#cancelled(task, siblingFailure, attempt);
    attempt.revoke(new CancelledError(`A step beside ${task.stepId} failed.`));
    attempts.end(attempt, "cancelled");
    parking.forget(task);
    task.status = "cancelled";
  }

  #abortNested(task: StepTask): void {
    const { attempts, parking, queue, scopes } = this.#run;
    const child = scopes.at(task.stepId);
    const startedAt = child?.startedAt ?? this.#environment.clock.now();
    if (child !== undefined) this.#abortAll(child);
    this.drop(task.stepId);
    parking.forget(task);
    if (!attempts.drop(task)) queue.release(task);
    const durationMs = Math.max(0, this.#environment.clock.now() - startedAt);
    const ended = { outcome: "cancelled", failure: siblingFailure, nextAt: undefined } as const;
    this.#endAttempt(task, { ...ended, startedAt, durationMs });
    task.status = "cancelled";
  }

  /** A scope with a failure fails once nothing in it runs any more, by the failure of the lowest order key (S11). */
  check(from: ScopeExecution): void {
    for (let scope: ScopeExecution | undefined = from; scope !== undefined; scope = scope.parent?.scope) {
      if (scope.failures.length === 0 || !this.#run.scopes.isStill(scope)) continue;
      const [first, ...rest] = scope.failures.sort((a, b) => a.task.place.ordinal - b.task.place.ordinal);
      if (first === undefined) return;
      const beside = rest.flatMap(({ failure: { others = [], ...failure } }) => [failure, ...others]);
      this.scopeFailed(scope, first.error, [...(first.failure.others ?? []), ...beside]);
      return;
    }
  }

  scopeFailed(scope: ScopeExecution, error: unknown, others: readonly Failure[]): void {
    if (scope.parent !== undefined) this.nestedFailed(scope.parent.task, error, others);
    else this.#run.failRun(error instanceof Error ? error : new Error(toFailure(error).message), others);
  }

  /** The scope of a nested workflow has failed, or could not be opened: its step has. */
  nestedFailed(task: StepTask, error: unknown, others: readonly Failure[] = []): void {
    const { attempts, parking, queue, scopes } = this.#run;
    const startedAt = scopes.at(task.stepId)?.startedAt ?? this.#environment.clock.now();
    const durationMs = Math.max(0, this.#environment.clock.now() - startedAt);
    this.#run.trace?.scopeFailed(task.stepId, error);
    this.drop(task.stepId);
    parking.forget(task);
    queue.hold(() => {
      if (!attempts.drop(task)) queue.release(task);
      this.attemptFailed(task, error, { startedAt, durationMs }, others);
    });
  }

  /** Ends a scope: nothing that still runs or waits in it may go on (S11). */
  drop(path: string): void {
    const { queue, scopes } = this.#run;
    this.#leave(scopes.close(path));
    this.#run.trace?.scopeEnded(path, "cancelled");
    queue.keep((waiting) => scopes.around(waiting) !== undefined);
  }

  /** Ends steps that neither succeed nor fail any more, and the scopes within them. */
  dropAll(tasks: readonly StepTask[]): void {
    const { queue, scopes } = this.#run;
    const left = new Set(tasks);
    for (const task of tasks) {
      this.#leave([task, ...scopes.close(task.stepId)]);
      this.#run.trace?.scopeEnded(task.stepId, "cancelled");
    }
    queue.keep((waiting) => !left.has(waiting) && scopes.around(waiting) !== undefined);
  }

  #leave(tasks: readonly StepTask[]): void {
    const { attempts, dispatcher, parking, waits } = this.#run;
    for (const task of tasks) {
      attempts.drop(task);
      dispatcher.forget(task);
      parking.forget(task);
      waits.endAll(task);
      task.status = "cancelled";
    }
  }

  #cancelled(task: StepTask, failure: string, { startedAt, startedTick }: Attempt): void {
    const durationMs = Math.round(this.#environment.clock.monotonic() - startedTick);
    this.#endAttempt(task, { outcome: "cancelled", failure, nextAt: undefined, startedAt, durationMs });
  }

  #endAttempt(task: StepTask, ended: Omit<EndedAttempt, "round" | "opens">): void {
    this.#run.waits.endAll(task);
    const { pending, progress } = this.#run.log;
    const { round } = progress;
    pending.addAttempt(task, attemptRow(task, { round, opens: task.takeOpening(), ...ended }));
  }
}
