import type { FakeClock } from "@agentflow/contracts";
import type { Clock, TimerOptions } from "@agentflow/core";

/**
 * The clock of one pretended process: shared time, and timers of its own that end with it. Its heart beats on command, and
 * so does it look for what others have done.
 */
export class ProcessClock implements Clock {
  readonly #shared: FakeClock;
  readonly #cancels = new Set<() => void>();
  readonly #background = new Set<() => void>();

  constructor(shared: FakeClock) {
    this.#shared = shared;
  }

  now(): number {
    return this.#shared.now();
  }

  monotonic(): number {
    return this.#shared.monotonic();
  }

  setTimer(delayMs: number, callback: () => void, { background, polls }: TimerOptions = {}): () => void {
    if (background === true || polls === true) {
      this.#background.add(callback);
      return () => this.#background.delete(callback);
    }
    const cancel = this.#shared.setTimer(delayMs, () => {
      this.#cancels.delete(cancel);
      callback();
    });
    this.#cancels.add(cancel);
    return () => {
      this.#cancels.delete(cancel);
      cancel();
    };
  }

  /** Fires the timers in the background, such as heartbeats, and those that poll, without time passing for anything else. */
  beat(): void {
    const due = [...this.#background];
    this.#background.clear();
    for (const callback of due) callback();
  }

  /** Forgets all timers, as the end of a process does. */
  stop(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#background.clear();
  }
}
