import type { Clock } from "@agentflow/core";
import type { LiveProgress } from "./run-progress.ts";

/** Counts the time in which a run has an attempt running; waiting for people is free (S22). */
export class RunBudget {
  readonly #clock: Clock;
  readonly #progress: LiveProgress;
  readonly #budgetMs: number | undefined;
  readonly #onExceeded: () => void;
  #running = 0;
  #since = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, progress: LiveProgress, budgetMs: number | undefined, onExceeded: () => void) {
    this.#clock = clock;
    this.#progress = progress;
    this.#budgetMs = budgetMs;
    this.#onExceeded = onExceeded;
  }

  started(): void {
    if (this.#running++ > 0) return;
    this.#since = this.#clock.monotonic();
    if (this.#budgetMs === undefined) return;
    const leftMs = Math.max(0, this.#budgetMs - this.#progress.budgetMs);
    this.#cancelTimer = this.#clock.setTimer(leftMs, this.#onExceeded);
  }

  ended(): void {
    if (--this.#running > 0) return;
    this.#progress.budgetMs += this.#clock.monotonic() - this.#since;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
