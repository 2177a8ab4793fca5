import type { Clock } from "@agentflow/core";
import type { StepTask } from "../step/step-task.ts";

/** Steps that wait for the time of their next attempt (S9). A step waits at most once, and goes on at most once. */
export class Backoffs {
  readonly #clock: Clock;
  readonly #waiting = new Map<StepTask, (() => void) | undefined>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#waiting.size;
  }

  has(task: StepTask): boolean {
    return this.#waiting.has(task);
  }

  /** The step must not go on before `release`: the failure of its last attempt is not yet durable (S5). */
  hold(task: StepTask): void {
    this.#waiting.set(task, undefined);
  }

  /** Calls back at the time of the step's next attempt: at once if that has come. */
  release(task: StepTask, onDue: () => void): void {
    this.forget(task);
    const delayMs = task.notBefore - this.#clock.now();
    const due = (): void => {
      this.#waiting.delete(task);
      task.notBefore = 0;
      onDue();
    };
    if (delayMs <= 0) due();
    else this.#waiting.set(task, this.#clock.setTimer(delayMs, due));
  }

  forget(task: StepTask): void {
    this.#waiting.get(task)?.();
    this.#waiting.delete(task);
  }

  clear(): void {
    for (const cancel of this.#waiting.values()) cancel?.();
    this.#waiting.clear();
  }
}
