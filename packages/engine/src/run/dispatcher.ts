import { MaxStepsExceededError, StoreError } from "@agentflow/core";
import { CallScope } from "../flow/call-scope.ts";
import type { StepQueue } from "../schedule/step-queue.ts";
import type { StepTask } from "../step/step-task.ts";
import { Backoffs } from "./backoffs.ts";
import { finalError } from "./decide-attempt.ts";
import { NestedTimeouts } from "./nested-timeouts.ts";
import { openNested } from "./open-nested.ts";
import type { RunEnvironment } from "./run-environment.ts";
import type { RunExecution } from "./run-execution.ts";
import type { ScopeExecution } from "./scope-execution.ts";

/**
 * Takes ready steps through the queue to their attempts, or to the scope of a nested workflow (S2, S3, S14).
 *
 * 1. A step of a scope that has failed is not started (S11).
 * 2. A step is not executed again while outside calls of its earlier execution are under way (S8).
 */
export class Dispatcher {
  readonly #run: RunExecution;
  readonly #queue: StepQueue<StepTask>;
  readonly #environment: RunEnvironment;
  readonly #backoffs: Backoffs;
  readonly #timeouts: NestedTimeouts;

  constructor(run: RunExecution, queue: StepQueue<StepTask>, environment: RunEnvironment) {
    this.#run = run;
    this.#queue = queue;
    this.#environment = environment;
    this.#backoffs = new Backoffs(environment.clock);
    this.#timeouts = new NestedTimeouts(run, environment);
  }

  /** Steps that wait for a place or for the time of their next attempt. */
  get waiting(): number {
    return this.#queue.waiting + this.#backoffs.size;
  }

  /** Starts everything of a scope's frontier that is not staged; seals the scope if all of it is. */
  dispatch(scope: ScopeExecution): void {
    const { drain, isStopping, saga } = this.#run;
    if (isStopping || drain.hasBegun || saga.isActive) return;
    if (scope.isStaged) {
      this.#run.outcomes.seal(scope, undefined);
      return;
    }
    if (this.#failExhausted(scope)) return;
    const pausedAt = this.#run.pauses.at(scope);
    if (pausedAt !== undefined) {
      this.#run.stop({ type: "run.paused", at: pausedAt });
      return;
    }
    const ready = scope.tasks.filter((task) => task.status === "ready" && !scope.hasStaged(task));
    const { runId } = this.#run.origin;
    const { maxSteps } = this.#run.limits;
    if (this.#run.log.steps + ready.length > maxSteps) {
      const message = `Run ${runId} reached its limit of ${maxSteps} steps.`;
      this.#run.failRun(new MaxStepsExceededError(message, { context: { runId, maxSteps } }));
      return;
    }
    this.feed(ready);
  }

  /** Fails what an earlier owner could not any more: its scope starts nothing new (S11). */
  #failExhausted(scope: ScopeExecution): boolean {
    const { failures } = this.#run;
    for (const task of scope.tasks) {
      const { exhausted, node } = task;
      if (exhausted === undefined || node.model.policy.recover !== undefined || scope.hasStaged(task))
        continue;
      failures.note(task, finalError(task, exhausted), exhausted.others);
    }
    if (scope.failures.length === 0) return false;
    failures.check(scope);
    return true;
  }

  /** Queues steps, each at the time of its next attempt. */
  feed(tasks: readonly StepTask[]): void {
    if (this.#run.isStopping || this.#run.drain.hasBegun || tasks.length === 0) return;
    const { attempts, scopes } = this.#run;
    const live = tasks.filter((task) => scopes.around(task)?.failures.length === 0);
    const now = this.#environment.clock.now();
    const free: StepTask[] = [];
    for (const task of live) {
      task.status = "ready";
      if (task.notBefore > now) {
        this.#backoffs.hold(task);
        this.#backOff(task);
        continue;
      }
      if (task.hasJournal) this.#endSleeps(task, now);
      if (attempts.isCalling(task)) attempts.supersede(task);
      else {
        attempts.leave(task);
        free.push(task);
      }
    }
    this.#run.log.progress.status = "running";
    this.#queue.feed(free);
  }

  /** Records the sleeps of a step that are over, before it is executed on its journal: its calls end in that order (S8). */
  #endSleeps(task: StepTask, now: number): void {
    const isFresh = task.node.model.policy.retry?.io === "fresh";
    for (const { name, nth } of task.journal.sleepsDue(now, task.attempt, isFresh)) {
      const entry = {
        index: task.journal.nextIndex(),
        kind: "slept",
        name,
        inputHash: "",
        nth,
        attempt: task.attempt,
        value: "null",
        at: now,
        durationMs: 0,
      } as const;
      task.journal.add(entry);
      this.#run.log.pending.addEntry(task, entry);
    }
  }

  /** Starts the next attempt of a step at its time, once its failed one is durable (S5, S9). */
  retry(task: StepTask): void {
    this.#backoffs.hold(task);
    this.#run.log.pending.afterwards(() => this.#backOff(task));
  }

  /** The queue has a place for the step. */
  start(task: StepTask): void {
    if (this.#run.isStopping) return;
    const { attempts, drain, scopes } = this.#run;
    // A step may have got into the queue before its scope failed (S11), or before the run was to be given back.
    if (drain.hasBegun || scopes.of(task).failures.length > 0) this.#queue.release(task);
    else if (task.isFlow) this.#openFlow(task);
    else if (task.isNested) this.#open(task);
    else attempts.start(task);
  }

  /** The step does not go on, whatever it waits for. */
  forget(task: StepTask): void {
    this.#backoffs.forget(task);
  }

  /** Starts nothing any more. */
  close(): void {
    this.#queue.close();
    this.#backoffs.clear();
  }

  /** Executes the body of a flow, on what is known of its calls. */
  #openFlow(task: StepTask): void {
    const { attempts, scopes } = this.#run;
    const begin = (scope: CallScope): void => {
      if (this.#isGone(task)) return;
      scopes.open(scope);
      attempts.start(task);
    };
    const known = scopes.at(task.stepId);
    if (known instanceof CallScope) begin(known);
    else if (!task.mayBeStored) begin(new CallScope(this.#run, task));
    else {
      task.status = "running";
      CallScope.load(this.#run, task).then(begin, (error: unknown) => this.#openFailed(task, error));
    }
  }

  #isGone(task: StepTask): boolean {
    const { isStopping, scopes } = this.#run;
    return isStopping || scopes.around(task) === undefined || task.status === "cancelled";
  }

  #openFailed(task: StepTask, error: unknown): void {
    if (this.#isGone(task)) return;
    // A store that cannot be read says nothing about the step: the run stops here, and can be resumed.
    if (error instanceof StoreError) this.#run.abandon(error);
    else this.#run.failures.nestedFailed(task, error);
  }

  #open(task: StepTask): void {
    task.status = "running";
    const { log, origin, scopes } = this.#run;
    const opened = (child: ScopeExecution): void => {
      if (this.#isGone(task)) return;
      scopes.open(child);
      child.base = child.parent?.scope.base;
      this.#run.trace?.scopeOpened(task);
      if (this.#timeouts.begin(child)) this.dispatch(child);
    };
    const failed = (error: unknown): void => this.#openFailed(task, error);
    try {
      const child = openNested(
        task,
        scopes.of(task),
        { origin, round: log.progress.round },
        this.#environment,
      );
      if (child instanceof Promise) child.then(opened, failed);
      else opened(child);
    } catch (error) {
      failed(error);
    }
  }

  #backOff(task: StepTask): void {
    if (!this.#run.isStopping && this.#backoffs.has(task))
      this.#backoffs.release(task, () => this.feed([task]));
  }
}
