/**
 * One run while this process owns it: takes steps from the frontier through attempts to commits (S1-S18).
 *
 * Role: the only place where a run's memory changes. User code, the store and the clock call in; it decides what is
 * staged, what is committed, and what happens once that is durable.
 *
 * 1. Nothing follows from an outcome before its commit is durable, or accepted by a pipelined store (S5).
 * 2. A fenced or failed commit stops the run here at once; what is in memory is then of no further use (I6).
 * 3. Once the run stops here nothing is dispatched, staged or recorded any more.
 */
import {
  ConflictError,
  type Failure,
  type InboxRow,
  MaxStepsExceededError,
  NoProgressError,
  type RunOrigin,
  type StepDetail,
  toFailure,
} from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import { artifactsOf } from "../schedule/staged-step.ts";
import { StepQueue } from "../schedule/step-queue.ts";
import { type EncodedDelta, encodeDelta } from "../state/delta.ts";
import type { Attempt } from "../step/attempt.ts";
import type { ParkReason } from "../step/step-host.ts";
import type { StepTask } from "../step/step-task.ts";
import { attemptRow, cancelledFailure, type EndedAttempt } from "./attempt-row.ts";
import { Attempts, timedOut } from "./attempts.ts";
import { Backoffs } from "./backoffs.ts";
import type { Returned } from "./call-node.ts";
import { CommitLog } from "./commit-log.ts";
import { decideAttempt, finalError } from "./decide-attempt.ts";
import { openNested } from "./open-nested.ts";
import { detailOf, noDetail } from "./outcome-detail.ts";
import { Parking } from "./parking.ts";
import type { RunEnvironment } from "./run-environment.ts";
import { RunHost } from "./run-host.ts";
import type { RunLimits } from "./run-limits.ts";
import type { RunOutcome } from "./run-outcome.ts";
import type { LiveProgress } from "./run-progress.ts";
import { RunStop, type StopRequest } from "./run-stop.ts";
import type { ScopeExecution } from "./scope-execution.ts";
import { outputDelta } from "./scope-output.ts";
import { Scopes } from "./scopes.ts";
import { addSeal } from "./seal-row.ts";
import { stagedStep, stepRow } from "./step-row.ts";

/** What a run is made of when it is opened. */
export interface RunParts {
  readonly origin: RunOrigin;
  readonly progress: LiveProgress;
  readonly workflow: CompiledWorkflow;
  readonly root: ScopeExecution;
  readonly limits: RunLimits;
  /** Its inbox may hold what it has acted on already: it hears nothing before `listen`. */
  readonly isRestored?: boolean;
}

/** A step's outcome on its way to being staged. */
interface StepOutcome {
  readonly delta: EncodedDelta;
  readonly detail: StepDetail;
  /** Wall-clock milliseconds, and the duration in milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
}

export class RunExecution {
  readonly origin: RunOrigin;
  readonly scopes: Scopes;
  readonly log: CommitLog;
  readonly parking: Parking;
  readonly limits: RunLimits;
  readonly #environment: RunEnvironment;
  readonly #queue: StepQueue<StepTask>;
  readonly #attempts: Attempts;
  readonly #stop: RunStop;
  readonly #backoffs: Backoffs;
  #isChecking = false;
  #isListening: boolean;

  constructor(parts: RunParts, environment: RunEnvironment) {
    this.origin = parts.origin;
    this.scopes = new Scopes(parts.root);
    this.limits = parts.limits;
    this.#isListening = parts.isRestored !== true;
    this.#environment = environment;
    const { clock, slots, committer, outbox } = environment;
    this.log = new CommitLog(parts.origin, parts.progress, committer, {
      onDurable: (commit) => {
        outbox.take(this, commit);
        this.#checkSoon();
      },
      onStopped: (error) => this.abandon(error),
      onTake: () => this.#attempts.countTime(),
    });
    this.parking = new Parking(clock, (task) => this.#feed([task]));
    this.#backoffs = new Backoffs(clock);
    this.#queue = new StepQueue<StepTask>({
      maxConcurrent: parts.limits.maxConcurrent,
      queueDepth: parts.limits.queueDepth,
      backpressureTimeoutMs: parts.limits.backpressureTimeoutMs,
      clock,
      slots,
      start: (task) => this.#start(task),
      onBlocked: () => outbox.blocked(this.origin.runId, this.#queue.waiting),
      onError: (error) => this.failRun(error),
    });
    const host = new RunHost(this, environment);
    this.#attempts = new Attempts(this, host, this.#queue, environment);
    this.#stop = new RunStop(this, environment);
  }

  /** Resolves when the run has stopped in this process; never rejects. */
  get settled(): Promise<RunOutcome> {
    return this.#stop.settled;
  }

  get outcome(): RunOutcome | undefined {
    return this.#stop.outcome;
  }

  /** Steps with an attempt that has not ended, parked ones included. */
  get inFlight(): readonly string[] {
    return this.#attempts.stepIds;
  }

  get root(): ScopeExecution {
    return this.scopes.root;
  }

  /** Starts what is ready in a scope: everything of its frontier that is not staged. */
  dispatch(scope: ScopeExecution): void {
    if (this.#stop.isStopping) return;
    if (scope.isStaged) {
      this.#seal(scope, undefined);
      return;
    }
    const ready = scope.tasks.filter((task) => task.status === "ready" && !scope.hasStaged(task));
    const { maxSteps } = this.limits;
    if (this.log.progress.steps + ready.length > maxSteps) {
      const context = { runId: this.origin.runId, maxSteps };
      this.failRun(
        new MaxStepsExceededError(`Run ${this.origin.runId} reached its limit of ${maxSteps} steps.`, {
          context,
        }),
      );
      return;
    }
    this.#feed(ready);
  }

  /** An attempt's function returned: its delta is encoded and staged, or is a failure of the attempt. */
  returned(attempt: Attempt, result: Returned): void {
    const { task } = attempt;
    let delta: EncodedDelta;
    try {
      const form = result.cache?.answer === "hit" ? "encoded" : "plain";
      delta = encodeDelta(result.delta, this.scopes.of(task).workflow, task.stepId, form);
    } catch (error) {
      this.thrown(attempt, error);
      return;
    }
    const durationMs = this.#attempts.end(attempt);
    this.parking.forget(task);
    if (task.mayBeStored && task.hasJournal) this.#environment.outbox.unmatched(this.origin.runId, task);
    if (result.cache?.answer === "miss") this.#attempts.keep(attempt, delta.values, result);
    this.#stage(task, { delta, detail: detailOf(attempt, result), startedAt: attempt.startedAt, durationMs });
  }

  /** An attempt failed or timed out: its failure is committed, with the time of the next attempt if there is one (S9). */
  thrown(attempt: Attempt, error: unknown): void {
    attempt.revoke(error instanceof Error ? error : undefined);
    this.#queue.hold(() => {
      const durationMs = this.#attempts.end(attempt);
      const { task } = attempt;
      this.parking.forget(task);
      if (task.exhausted === undefined)
        this.#attemptFailed(task, error, { startedAt: attempt.startedAt, durationMs });
      else this.#stepFailed(task, finalError(task, error));
    });
  }

  /** A step waits for the outside: its slot is free, its function is left where it is (S13). */
  park(attempt: Attempt, reason: ParkReason): void {
    const { task } = attempt;
    this.parking.park(task, reason);
    this.#attempts.release(attempt);
    this.#checkSoon();
    this.#checkFailing(this.scopes.of(task));
  }

  /** An outside call has ended: a step that was woken meanwhile is executed again once its calls are over. */
  callEnded(attempt: Attempt): void {
    const { task } = attempt;
    if (attempt.isRevoked || attempt.calls > 0) return;
    if (task.status === "ready") this.#feed([task]);
    else this.#checkSoon();
  }

  /** Commits that the attempts which run now were cancelled. */
  cancelAttempts(): void {
    for (const attempt of this.#attempts.running) {
      const { task } = attempt;
      const durationMs = Math.round(this.#environment.clock.monotonic() - attempt.startedTick);
      const times = { startedAt: attempt.startedAt, durationMs };
      this.#endAttempt(task, {
        outcome: "cancelled",
        failure: cancelledFailure,
        nextAt: undefined,
        ...times,
      });
    }
  }

  /** Takes the inbox of a restored run; `taken` are ids of rows that it has acted on before. */
  listen(rows: readonly InboxRow[], taken: ReadonlySet<number>): void {
    this.#isListening = true;
    this.receive(rows, taken);
  }

  /** Takes what came in from outside (S13, S21): all rows above `parking.inboxSeen`. */
  receive(rows: readonly InboxRow[], taken: ReadonlySet<number> = new Set()): void {
    if (!this.#isListening) return;
    for (const row of rows) {
      if (row.id <= this.parking.inboxSeen || this.#stop.isStopping) continue;
      if (row.kind === "cancel") this.stop({ type: "run.cancelled", by: row.by });
      else if (row.kind === "pause" && !taken.has(row.id))
        this.stop({ type: "run.paused", by: row.by, inbox: rows.at(-1)?.id });
    }
    if (!this.#stop.isStopping) this.parking.receive(rows, taken);
  }

  /** Stops the run in this process and commits why; what still runs is revoked (S12). */
  stop(request: StopRequest): void {
    this.#stop.begin(request);
  }

  failRun(error: Error, others: readonly Failure[] = []): void {
    this.stop({ type: "run.failed", error, others });
  }

  /** The run is no longer ours, or its store failed: everything stops without another word to the store. */
  abandon(error: Error): void {
    this.#stop.abandon(error);
  }

  /** Revokes what runs and forgets what waits. */
  quiesce(reason: Error | undefined): void {
    this.#queue.close();
    this.#attempts.revokeAll(reason);
    this.#backoffs.clear();
    this.scopes.cancelTimers();
    this.parking.clear();
  }

  /** Looks in the next turn whether the run waits: until then the code of a parked step may say more. */
  #checkSoon(): void {
    if (this.#isChecking || this.parking.size === 0) return;
    this.#isChecking = true;
    setImmediate(() => {
      this.#isChecking = false;
      this.#checkQuiet();
    });
  }

  /** Waits, once nothing of the run can go on by itself and everything said is durable (S13). */
  #checkQuiet(): void {
    if (this.#stop.isStopping || this.parking.size === 0 || !this.log.isQuiet) return;
    if (this.#queue.running + this.#queue.waiting + this.#backoffs.size > 0 || this.#attempts.isCallingAny)
      return;
    if (this.parking.tasks.length !== this.#attempts.stepIds.length) return;
    if (this.parking.wakeAt === undefined) this.stop({ type: "run.waiting" });
    else if (this.log.progress.status !== "waiting") this.#stop.noteWaiting();
  }

  #feed(tasks: readonly StepTask[]): void {
    if (this.#stop.isStopping || tasks.length === 0) return;
    const live = tasks.filter((task) => this.#scopeAround(task)?.failures.length === 0);
    const now = this.#environment.clock.now();
    const free: StepTask[] = [];
    for (const task of live) {
      task.status = "ready";
      if (task.notBefore > now) {
        this.#backoffs.hold(task);
        this.#backOff(task);
      } else if (!this.#attempts.isCalling(task)) {
        this.#attempts.leave(task);
        free.push(task);
      }
    }
    this.log.progress.status = "running";
    this.#queue.feed(free);
  }

  #start(task: StepTask): void {
    if (this.#stop.isStopping) return;
    // A step may have got into the queue between its scope's failure and now (S11).
    if (this.scopes.of(task).failures.length > 0) this.#queue.release(task);
    else if (task.exhausted !== undefined && task.node.model.policy.recover === undefined) {
      this.#queue.release(task);
      this.#stepFailed(task, finalError(task, task.exhausted));
    } else if (task.isNested) this.#open(task);
    else this.#attempts.start(task);
  }

  #open(task: StepTask): void {
    task.status = "running";
    const opened = (child: ScopeExecution): void => {
      if (this.#stop.isStopping || this.#scopeAround(task) === undefined) return;
      this.scopes.open(child);
      const { timeoutMs } = task.node.model.policy;
      if (timeoutMs !== undefined) {
        const expire = (): void => this.#nestedFailed(task, timedOut(task, timeoutMs));
        child.cancelTimer = this.#environment.clock.setTimer(timeoutMs, expire);
      }
      this.dispatch(child);
    };
    const failed = (error: unknown): void => {
      if (!this.#stop.isStopping && this.#scopeAround(task) !== undefined) this.#nestedFailed(task, error);
    };
    try {
      const run = { origin: this.origin, round: this.log.progress.round };
      const child = openNested(task, this.scopes.of(task), run, this.#environment);
      if (child instanceof Promise) child.then(opened, failed);
      else opened(child);
    } catch (error) {
      failed(error);
    }
  }

  #stage(task: StepTask, outcome: StepOutcome): void {
    const scope = this.scopes.of(task);
    const { delta } = outcome;
    const detail = delta.refs === undefined ? outcome.detail : { ...outcome.detail, refs: delta.refs };
    const columns = {
      delta,
      opens: this.#opens(task),
      startedAt: outcome.startedAt,
      durationMs: outcome.durationMs,
    };
    const row = this.log.pending.addStep(task, stepRow(task, columns), detail, delta.blobs);
    scope.deltaBytes += delta.sizeBytes;
    scope.stage(task, stagedStep(task, delta, detail.goto, artifactsOf(detail)));
    if (scope.isStaged) this.#seal(scope, row);
    else this.#checkFailing(scope);
  }

  #seal(scope: ScopeExecution, row: { seal: string | undefined } | undefined): void {
    const { pending } = this.log;
    try {
      const sealed = scope.seal();
      if (sealed.conflicts > 0) this.#environment.metrics.conflicted(sealed.conflicts);
      addSeal(scope, sealed, row, pending);
      if (!sealed.isLast) pending.whenAccepted(() => this.dispatch(scope));
      else if (scope.exited) this.#scopeEnded(scope);
      else this.#scopeFailed(scope, noProgress(scope), []);
    } catch (error) {
      // A seal that a conflict fails counts its conflicts too (ENG-13).
      const count = error instanceof ConflictError ? error.context["conflicts"] : undefined;
      if (typeof count === "number") this.#environment.metrics.conflicted(count);
      this.#scopeFailed(scope, error, []);
    }
  }

  #scopeEnded(scope: ScopeExecution): void {
    if (scope.parent === undefined) {
      this.#stop.succeed(scope);
      return;
    }
    const { task } = scope.parent;
    try {
      const delta = outputDelta(scope, scope.parent);
      this.scopes.close(scope.path);
      this.#queue.release(task);
      const detail =
        scope.artifacts.size === 0 ? noDetail : { inherited: Object.fromEntries(scope.artifacts) };
      const durationMs = this.#environment.clock.now() - scope.startedAt;
      this.#stage(task, { delta, detail, startedAt: scope.startedAt, durationMs });
    } catch (error) {
      this.#nestedFailed(task, error);
    }
  }

  #scopeFailed(scope: ScopeExecution, error: unknown, others: readonly Failure[]): void {
    if (scope.parent !== undefined) this.#nestedFailed(scope.parent.task, error);
    else this.failRun(error instanceof Error ? error : new Error(toFailure(error).message), others);
  }

  #nestedFailed(task: StepTask, error: unknown): void {
    const startedAt = this.scopes.at(task.stepId)?.startedAt ?? this.#environment.clock.now();
    const durationMs = this.#environment.clock.now() - startedAt;
    this.#drop(task.stepId);
    this.#queue.hold(() => {
      this.#queue.release(task);
      this.#attemptFailed(task, error, { startedAt, durationMs });
    });
  }

  /** Ends a scope that has failed: nothing that still waits in it may go on (S11). */
  #drop(path: string): void {
    for (const task of this.scopes.close(path)) {
      this.#attempts.drop(task);
      this.#backoffs.forget(task);
      this.parking.forget(task);
    }
    this.#queue.keep((waiting) => this.scopes.at(waiting.place.scopePath) !== undefined);
  }

  #attemptFailed(task: StepTask, error: unknown, times: { startedAt: number; durationMs: number }): void {
    const now = this.#environment.clock.now();
    const decision = decideAttempt(task, error, { seed: this.origin.seed, now });
    const { failure, failureJson, nextAt } = decision;
    const { pending } = this.log;
    this.#endAttempt(task, { outcome: "failed", failure: failureJson, nextAt, ...times });
    task.attempt++;
    task.failedInRound++;
    task.status = "ready";
    if (nextAt !== undefined) {
      this.#environment.metrics.retried();
      task.notBefore = nextAt;
      this.#backoffs.hold(task);
      pending.afterwards(() => this.#backOff(task));
    } else if (task.node.model.policy.recover === undefined) {
      this.#stepFailed(task, finalError(task, decision.error));
    } else {
      // The failed attempts are durable before anything is made of them (S5, S11).
      task.exhausted = failure;
      pending.afterwards(() => this.#feed([task]));
    }
  }

  #endAttempt(task: StepTask, ended: Omit<EndedAttempt, "round" | "opens">): void {
    const { round } = this.log.progress;
    this.log.pending.addAttempt(task, attemptRow(task, { round, opens: this.#opens(task), ...ended }));
  }

  #backOff(task: StepTask): void {
    if (!this.#stop.isStopping && this.#backoffs.has(task))
      this.#backoffs.release(task, () => this.#feed([task]));
  }

  #stepFailed(task: StepTask, error: Error): void {
    const scope = this.scopes.of(task);
    task.status = "failed";
    scope.failures.push({ task, failure: toFailure(error), error });
    this.#queue.keep((waiting) => waiting.place.scopePath !== scope.path);
    this.#checkFailing(scope);
  }

  /** A scope with a failure fails once nothing in it runs any more, by the failure of the lowest order key (S11). */
  #checkFailing(from: ScopeExecution): void {
    for (let scope: ScopeExecution | undefined = from; scope !== undefined; scope = scope.parent?.scope) {
      if (scope.failures.length === 0 || !this.scopes.isStill(scope)) continue;
      const [first, ...rest] = scope.failures.sort((a, b) => a.task.place.ordinal - b.task.place.ordinal);
      if (first !== undefined)
        this.#scopeFailed(
          scope,
          first.error,
          rest.map((other) => other.failure),
        );
      return;
    }
  }

  /** The scope that a step belongs to, unless it has ended. */
  #scopeAround(task: StepTask): ScopeExecution | undefined {
    return this.scopes.at(task.place.scopePath);
  }

  /** Whether the row about to be made is the first of its step. */
  #opens(task: StepTask): boolean {
    const isFirst = !task.isOpened;
    task.isOpened = true;
    return isFirst;
  }
}

function noProgress(scope: ScopeExecution): NoProgressError {
  const where = scope.path === "" ? "The run" : `The nested workflow of ${scope.path}`;
  return new NoProgressError(`${where} has nothing left to do, and no exit node has completed.`, {
    context: { scope: scope.path, superstep: scope.superstep, exits: scope.workflow.model.exits },
  });
}
