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

  /** Adds the time since it was last added: a commit stores it while attempts go on. */
  count(): void {
    if (this.#running === 0) return;
    const now = this.#clock.monotonic();
    this.#progress.budgetMs += now - this.#since;
    this.#since = now;
  }

  ended(): void {
    if (this.#running === 1) this.count();
    if (--this.#running > 0) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
