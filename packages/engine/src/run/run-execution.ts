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
import type { Durability, Failure, InboxRow, RunOrigin, RunStore } from "@agentflow/core";
import type { GroupCommitter } from "../commit/group-committer.ts";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import type { RunMetrics } from "../emit/run-metrics.ts";
import { RunTrace } from "../emit/run-trace.ts";
import type { StaticPauses } from "../people/static-pauses.ts";
import type { CompensationReport } from "../saga/compensation.ts";
import { Saga } from "../saga/saga.ts";
import { StepQueue } from "../schedule/step-queue.ts";
import { type EncodedDelta, encodeDelta } from "../state/delta.ts";
import type { Attempt } from "../step/attempt.ts";
import type { ParkReason } from "../step/step-host.ts";
import type { StepTask } from "../step/step-task.ts";
import { Attempts } from "./attempts.ts";
import type { Returned } from "./call-node.ts";
import { CommitLog } from "./commit-log.ts";
import { finalError } from "./decide-attempt.ts";
import { Dispatcher } from "./dispatcher.ts";
import { Drain } from "./drain.ts";
import { Failures } from "./failures.ts";
import { detailOf } from "./outcome-detail.ts";
import { Outcomes } from "./outcomes.ts";
import { Parking } from "./parking.ts";
import type { RunEnvironment } from "./run-environment.ts";
import { RunHost } from "./run-host.ts";
import type { RunLimits } from "./run-limits.ts";
import type { RunOutcome } from "./run-outcome.ts";
import type { LiveProgress } from "./run-progress.ts";
import { RunStop, type StopRequest } from "./run-stop.ts";
import type { ScopeExecution } from "./scope-execution.ts";
import { Scopes } from "./scopes.ts";
import { StoredWaits } from "./stored-waits.ts";

/** From which sleep on a run is given back and leaves memory: reading it again costs more than keeping it for less. */
const restFromMs = 5_000;

/** What a run is made of when it is opened. */
export interface RunParts {
  readonly origin: RunOrigin;
  readonly progress: LiveProgress;
  readonly workflow: CompiledWorkflow;
  readonly root: ScopeExecution;
  readonly limits: RunLimits;
  /** What its commits survive; undefined: the store's default. */
  readonly durability: Durability | undefined;
  readonly pauses: StaticPauses;
  /** Its inbox may hold what it has acted on already: it hears nothing before `listen`. */
  readonly isRestored?: boolean;
  /** When somebody last resumed it after it had failed, in wall-clock milliseconds. */
  readonly roundStartedAt?: number;
}

export class RunExecution {
  readonly origin: RunOrigin;
  readonly scopes: Scopes;
  readonly log: CommitLog;
  readonly parking: Parking;
  readonly waits: StoredWaits;
  readonly limits: RunLimits;
  readonly pauses: StaticPauses;
  readonly durability: Durability | undefined;
  readonly roundStartedAt: number;
  readonly committer: GroupCommitter;
  readonly metrics: RunMetrics;
  /** With tracing only. */
  readonly trace: RunTrace | undefined;
  readonly queue: StepQueue<StepTask>;
  readonly attempts: Attempts;
  readonly dispatcher: Dispatcher;
  readonly outcomes: Outcomes;
  readonly failures: Failures;
  readonly #environment: RunEnvironment;
  readonly drain: Drain;
  readonly #stop: RunStop;
  readonly saga: Saga;
  /** Something came in that the run has not seen before it stopped here. */
  hasNews = false;
  /** It waits for a time, and for nobody: whoever asks for its outcome waits with it. */
  goesOnAlone = false;
  #isChecking = false;
  #isListening: boolean;

  constructor(parts: RunParts, environment: RunEnvironment) {
    this.origin = parts.origin;
    this.scopes = new Scopes(parts.root);
    this.limits = parts.limits;
    this.pauses = parts.pauses;
    this.waits = new StoredWaits(parts.isRestored === true);
    this.durability = parts.durability;
    this.roundStartedAt = parts.roundStartedAt ?? 0;
    this.committer = environment.committerOf(parts.durability);
    this.metrics = environment.metricsOf(parts.origin);
    const { tracing } = environment;
    this.trace = tracing && new RunTrace(tracing, parts.origin);
    this.#isListening = parts.isRestored !== true;
    this.#environment = environment;
    this.log = this.#makeLog(parts);
    this.queue = this.#makeQueue(parts.limits);
    this.parking = new Parking(environment.clock, (task) => this.dispatcher.feed([task]));
    this.attempts = new Attempts(this, new RunHost(this, environment), this.queue, environment);
    this.dispatcher = new Dispatcher(this, this.queue, environment);
    this.outcomes = new Outcomes(this, environment);
    this.failures = new Failures(this, environment);
    this.drain = new Drain(this, environment.clock);
    this.#stop = new RunStop(this, environment);
    this.saga = new Saga(this, environment, { end: (request) => this.#stop.begin(request) });
  }

  #makeLog(parts: RunParts): CommitLog {
    const { outbox } = this.#environment;
    return new CommitLog(parts, this.committer, {
      onDurable: (commit, inbox) => {
        outbox.take(this, commit);
        if (inbox !== undefined && inbox > this.parking.inboxSeen) this.#hear();
        this.#checkSoon();
      },
      onStopped: (error) => this.abandon(error),
      onTake: () => {
        this.attempts.countTime();
        const { durability, parking, waits } = this;
        return { durability, inboxSeen: parking.inboxSeen, waits: waits.take() };
      },
      now: () => this.#environment.clock.monotonic(),
      trace: this.trace,
    });
  }

  #makeQueue({ maxConcurrent, queueDepth, backpressureTimeoutMs }: RunLimits): StepQueue<StepTask> {
    const { limitClock: clock, outbox, slots } = this.#environment;
    return new StepQueue<StepTask>({
      maxConcurrent,
      queueDepth,
      backpressureTimeoutMs,
      clock,
      slots,
      start: (task) => this.dispatcher.start(task),
      onBlocked: () => {
        this.metrics.blocked();
        outbox.blocked(this.origin.runId, this.queue.waiting);
      },
      onError: (error) => this.failRun(error),
    });
  }

  get store(): RunStore {
    return this.#environment.backend.runs;
  }

  /** When the run goes on by itself: a parked step does, or the time of a nested workflow is over. */
  get wakeAt(): number | undefined {
    const { timeoutAt } = this.scopes;
    const { wakeAt } = this.parking;
    return timeoutAt === undefined || wakeAt === undefined
      ? (timeoutAt ?? wakeAt)
      : Math.min(timeoutAt, wakeAt);
  }

  /** Wall-clock milliseconds. */
  now(): number {
    return this.#environment.clock.now();
  }

  /** Undefined if all that a step goes on from is durable, else resolves when it is (S8). */
  whenDurable(task: StepTask): Promise<void> | undefined {
    // A pipelined store keeps the order of commits, so going on early loses at most a tail (S8).
    if (this.committer.isPipelined) return undefined;
    // What a flow has called, or else the step itself has recorded, came after its start.
    const calls = task.isFlow ? this.scopes.at(task.stepId) : undefined;
    const own = task.hasJournal ? task.journal.mark : undefined;
    const marks = [calls?.base, own, this.scopes.of(task).base].filter((mark) => mark?.isDurable === false);
    const [first, second, third] = marks;
    if (first === undefined) return undefined;
    if (second === undefined) return first.whenDurable();
    return Promise.all([first, second, third].map((mark) => mark?.whenDurable())).then(() => undefined);
  }

  /** Resolves when the run has stopped in this process; never rejects. */
  get settled(): Promise<RunOutcome> {
    return this.#stop.settled;
  }

  get outcome(): RunOutcome | undefined {
    return this.#stop.outcome;
  }

  /** True once the run stops here: nothing is dispatched, staged or recorded any more. */
  get isStopping(): boolean {
    return this.#stop.isStopping;
  }

  get root(): ScopeExecution {
    return this.scopes.root;
  }

  /** Starts what is ready in a scope: everything of its frontier that is not staged. */
  dispatch(scope: ScopeExecution): void {
    this.dispatcher.dispatch(scope);
  }

  /** An attempt's function returned: its delta is encoded and staged, or is a failure of the attempt. */
  returned(attempt: Attempt, result: Returned): void {
    const { task } = attempt;
    if (this.saga.isItsStep(task)) {
      this.attempts.drop(task);
      this.saga.ended(result.delta as CompensationReport);
      return;
    }
    let delta: EncodedDelta;
    try {
      const form = result.cache?.answer === "hit" ? "encoded" : "plain";
      delta = encodeDelta(result.delta, this.scopes.of(task).workflow, task.stepId, form);
    } catch (error) {
      this.thrown(attempt, error);
      return;
    }
    const durationMs = this.attempts.end(attempt, "succeeded");
    this.parking.forget(task);
    const inherited = task.isFlow ? this.scopes.at(task.stepId)?.artifacts : undefined;
    // What a flow has called and not waited for counts no more.
    if (task.isFlow) this.failures.drop(task.stepId);
    if (task.mayBeStored && task.hasJournal) this.#environment.outbox.unmatched(this.origin.runId, task);
    if (result.cache?.answer === "miss") this.attempts.keep(attempt, delta.values, result);
    const { startedAt } = attempt;
    this.outcomes.stage(task, { delta, detail: detailOf(attempt, result, inherited), startedAt, durationMs });
  }

  /** An attempt failed or timed out: its failure is committed, with the time of the next attempt if there is one (S9). */
  thrown(attempt: Attempt, error: unknown): void {
    if (this.saga.isItsStep(attempt.task)) {
      this.saga.broke(error);
      return;
    }
    if (attempt.task.isFlow) {
      this.failures.bodyThrew(attempt, error);
      return;
    }
    this.trace?.attemptThrew(attempt, error);
    attempt.revoke(error instanceof Error ? error : undefined);
    this.queue.hold(() => {
      const durationMs = this.attempts.end(attempt, "failed");
      const { task, startedAt } = attempt;
      this.parking.forget(task);
      if (task.exhausted === undefined) this.failures.attemptFailed(task, error, { startedAt, durationMs });
      else this.failures.stepFailed(task, finalError(task, error));
    });
  }

  /** A step waits for the outside: its slot is free, its function is left where it is (S13). */
  park(attempt: Attempt, reason: ParkReason): void {
    const { task } = attempt;
    this.parking.park(task, reason);
    if (reason.kind !== "time") this.waits.begin(task, reason);
    this.attempts.release(attempt, "waiting");
    this.#checkSoon();
    this.failures.check(this.scopes.of(task));
  }

  /** An outside call has ended: a step that was woken meanwhile is executed again once its calls are over. */
  callEnded(attempt: Attempt): void {
    this.drain.check();
    const { task } = attempt;
    if (attempt.isRevoked || attempt.calls > 0) return;
    if (task.status === "ready") this.dispatcher.feed([task]);
    else this.#checkSoon();
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
      if (row.id <= this.parking.inboxSeen || this.isStopping) continue;
      if (row.kind === "cancel") this.stop({ type: "run.cancelled", by: row.by });
      else if (row.kind === "pause" && !taken.has(row.id))
        this.stop({ type: "run.paused", by: row.by, inbox: rows.at(-1)?.id });
    }
    if (!this.isStopping) this.parking.receive(rows, taken);
  }

  /** Goes on from where the run was left: with what is ready, or with what undoes it. */
  goOn(): void {
    if (this.saga.isActive) this.saga.goOn();
    else this.dispatch(this.root);
  }

  /** The root scope has ended. */
  succeed(): void {
    this.#stop.succeed(this.root);
  }

  /** Stops the run in this process and commits why; what still runs is revoked (S12). */
  stop(request: StopRequest): void {
    if (this.isStopping || !this.saga.takes(request)) this.#stop.begin(request);
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
    this.dispatcher.close();
    this.attempts.revokeAll(reason);
    this.scopes.cancelTimers();
    this.parking.clear();
  }

  #hear(): void {
    if (this.isStopping) this.hasNews = true;
    else this.#environment.readInbox(this);
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

  /** A rest that is long enough to give the run back. */
  #mayRest(): boolean {
    return (this.wakeAt ?? Number.POSITIVE_INFINITY) - this.now() >= restFromMs;
  }

  /** Waits, once nothing of the run can go on by itself and everything said is durable (S13). */
  #checkQuiet(): void {
    if (this.isStopping || this.parking.size === 0 || !this.log.isQuiet) return;
    if (this.queue.running + this.dispatcher.waiting > 0 || this.attempts.isCallingAny) return;
    if (!this.attempts.areResting) return;
    if (!this.parking.isSleeping || this.#mayRest()) {
      this.goesOnAlone = this.parking.isSleeping;
      this.stop({ type: "run.waiting" });
    } else if (this.log.progress.status !== "waiting") this.#stop.noteWaiting();
  }
}
