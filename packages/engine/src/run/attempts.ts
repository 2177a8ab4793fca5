import { type AttemptOutcome, NodeTimeoutError, RunBudgetExceededError } from "@agentflow/core";
import type { StepQueue } from "../schedule/step-queue.ts";
import type { EncodedDelta } from "../state/delta.ts";
import { Attempt } from "../step/attempt.ts";
import type { StepHost } from "../step/step-host.ts";
import type { StepTask } from "../step/step-task.ts";
import { callNode, type Returned } from "./call-node.ts";
import { RunBudget } from "./run-budget.ts";
import type { RunEnvironment } from "./run-environment.ts";
import type { RunExecution } from "./run-execution.ts";
import { callCached, keepOutcome } from "./step-cache.ts";

/**
 * The attempts of a run that have not ended: their slots, timeouts, outside calls and time (S12, S14, S22).
 *
 * 1. A step has at most one attempt that is not revoked.
 * 2. A slot is given back exactly once: when the attempt ends, parks or is revoked.
 */
export class Attempts {
  readonly #run: RunExecution;
  readonly #host: StepHost;
  readonly #queue: StepQueue<StepTask>;
  readonly #environment: RunEnvironment;
  readonly #budget: RunBudget;
  readonly #open = new Map<StepTask, Attempt>();

  constructor(run: RunExecution, host: StepHost, queue: StepQueue<StepTask>, environment: RunEnvironment) {
    this.#run = run;
    this.#host = host;
    this.#queue = queue;
    this.#environment = environment;
    this.#budget = new RunBudget(environment.limitClock, run.log.progress, run.limits.runBudgetMs, () =>
      this.#overBudget(),
    );
  }

  /** True if each attempt that has not ended is parked, or the body of a flow that waits for its steps. */
  get areResting(): boolean {
    const { parking, scopes } = this.#run;
    for (const task of this.#open.keys())
      if (!parking.has(task) && scopes.at(task.stepId)?.hasOpenCalls !== true) return false;
    return true;
  }

  get running(): readonly Attempt[] {
    return [...this.#open.values()];
  }

  /** The attempt of the step that has not ended. */
  of(task: StepTask): Attempt | undefined {
    return this.#open.get(task);
  }

  get isCallingAny(): boolean {
    for (const attempt of this.#open.values()) if (attempt.calls > 0) return true;
    return false;
  }

  /** Whether a parked execution of the step still has outside calls under way. */
  isCalling(task: StepTask): boolean {
    return (this.#open.get(task)?.calls ?? 0) > 0;
  }

  /** What the earlier execution of a step still waits for is for the next one alone. */
  supersede(task: StepTask): void {
    this.#open.get(task)?.supersede();
  }

  /** The earlier execution of a step that is about to be executed again must not go on meanwhile. */
  leave(task: StepTask): void {
    this.#open.get(task)?.revoke();
  }

  /** Ends whatever attempt of the step is open; false if there is none. */
  drop(task: StepTask): boolean {
    const attempt = this.#open.get(task);
    if (attempt === undefined) return false;
    attempt.revoke();
    this.end(attempt, "cancelled");
    return true;
  }

  /** Executes the step's next attempt, from the start of its journal. */
  start(task: StepTask): void {
    const { clock, outbox } = this.#environment;
    this.leave(task);
    const attempt = new Attempt(task, clock.now(), clock.monotonic());
    const { policy } = task.node.model;
    if (task.hasJournal || task.attempt > 1) task.journal.begin(task.attempt, policy.retry?.io === "fresh");
    task.status = "running";
    this.#open.set(task, attempt);
    this.#run.trace?.attemptStarted(attempt);
    outbox.running(this.#run.origin.runId, task);
    if (!task.isFlow) {
      // The body of a flow waits for its steps, which are counted and limited themselves.
      this.#budget.started();
      this.#run.metrics.attemptStarted();
      const timeoutMs = policy.timeoutMs ?? this.#run.limits.nodeTimeoutMs;
      if (timeoutMs !== undefined) this.#startTimer(attempt, timeoutMs);
    }
    const { cache = "off" } = policy;
    if (cache === "off" || task.exhausted !== undefined) callNode(attempt, this.#host, this.#run);
    else callCached(attempt, this.#host, this.#run, this.#run.scopes.of(task));
  }

  /** The attempt has ended; returns its duration in milliseconds. */
  end(attempt: Attempt, outcome: AttemptOutcome): number {
    attempt.close();
    if (this.#open.get(attempt.task) === attempt) this.#open.delete(attempt.task);
    const { clock } = this.#environment;
    const elapsedMs = clock.monotonic() - attempt.startedTick;
    this.release(attempt, outcome, elapsedMs);
    return Math.round(elapsedMs);
  }

  /** Keeps an outcome that the step cache did not have. */
  keep(attempt: Attempt, values: EncodedDelta["values"], result: Returned): void {
    const { key } = result.cache ?? { key: "" };
    keepOutcome(attempt, this.#host, { key, values, goto: result.goto });
  }

  /** Gives the attempt's slot back and stops its timer. */
  release(attempt: Attempt, outcome: AttemptOutcome, elapsedMs?: number): void {
    attempt.cancelTimer?.();
    attempt.cancelTimer = undefined;
    if (!attempt.holdsSlot) return;
    attempt.holdsSlot = false;
    this.#run.trace?.attemptEnded(attempt, outcome);
    if (!attempt.task.isFlow) {
      const { clock } = this.#environment;
      this.#run.metrics.attemptEnded(elapsedMs ?? clock.monotonic() - attempt.startedTick, outcome);
      this.#budget.ended();
    }
    this.#queue.release(attempt.task);
    this.#run.committer.nudge();
    this.#run.drain.check();
  }

  /** Brings the run's time up to now (S22). */
  countTime(): void {
    this.#budget.count();
  }

  revokeAll(reason: Error | undefined): void {
    for (const attempt of this.#open.values()) {
      attempt.revoke(reason);
      this.release(attempt, "cancelled");
    }
  }

  #startTimer(attempt: Attempt, timeoutMs: number): void {
    attempt.cancelTimer = this.#environment.limitClock.setTimer(timeoutMs, () => {
      attempt.cancelTimer = undefined;
      if (attempt.isRevoked) return;
      this.#run.thrown(attempt, timedOut(attempt.task, timeoutMs));
    });
  }

  #overBudget(): void {
    const { runId } = this.#run.origin;
    const { runBudgetMs = 0 } = this.#run.limits;
    const message = `Run ${runId} used up its budget of ${runBudgetMs} ms.`;
    this.#run.failRun(new RunBudgetExceededError(message, { context: { runId, runBudgetMs } }));
  }
}

/** The error of an attempt, or of a nested workflow, that took longer than its node allows. */
export function timedOut({ stepId, attempt }: StepTask, timeoutMs: number): NodeTimeoutError {
  const context = { stepId, timeoutMs, attempt };
  return new NodeTimeoutError(`${stepId} took longer than ${timeoutMs} ms.`, { context });
}
