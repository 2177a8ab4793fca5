import { type Clock, resolveRetryPolicy } from "@agentflow/core";
import type { StepTask } from "../step/step-task.ts";

interface Waiting {
  /** When it may go on, by the monotonic clock. */
  readonly dueTick: number;
  cancel: (() => void) | undefined;
}

/**
 * Steps that wait for the time of their next attempt (S9). A step waits at most once, and goes on at most once.
 *
 * 1. The stored time, which is one of the wall clock, is read once: when the wait begins. Setting the clock later
 *    changes nothing, and one that was set back before makes no retry wait longer than it ever would.
 */
export class Backoffs {
  readonly #clock: Clock;
  readonly #waiting = new Map<StepTask, Waiting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiting.size;
  }

  has(task: StepTask): boolean {
    return this.#waiting.has(task);
  }

  /** The wait begins; the step must not go on before `release`: its failed attempt may not yet be durable (S5). */
  hold(task: StepTask): void {
    const { maxDelayMs } = resolveRetryPolicy(task.node.model.policy.retry);
    const delayMs = Math.min(task.notBefore - this.#clock.now(), maxDelayMs);
    this.#waiting.set(task, { dueTick: this.#clock.monotonic() + delayMs, cancel: undefined });
  }

  /** Calls back when a step that is held may go on: at once if that has come. */
  release(task: StepTask, onDue: () => void): void {
    const waiting = this.#waiting.get(task);
    if (waiting === undefined) return;
    const delayMs = waiting.dueTick - this.#clock.monotonic();
    const due = (): void => {
      this.#waiting.delete(task);
      task.notBefore = 0;
      onDue();
    };
    waiting.cancel?.();
    if (delayMs <= 0) due();
    else waiting.cancel = this.#clock.setTimer(delayMs, due);
  }

  forget(task: StepTask): void {
    this.#waiting.get(task)?.cancel?.();
    this.#waiting.delete(task);
  }

  clear(): void {
    for (const { cancel } of this.#waiting.values()) cancel?.();
    this.#waiting.clear();
  }
}
