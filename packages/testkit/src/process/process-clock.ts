import type { FakeClock } from "@agentflow/contracts";
import type { Clock } from "@agentflow/core";

/** The clock of one pretended process: shared time, and timers of its own that end with it; its heart beats on command. */
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

  setTimer(delayMs: number, callback: () => void, options?: { readonly background?: boolean }): () => void {
    if (options?.background === true) {
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

  /** Fires the timers in the background, such as heartbeats, without time passing for anything else. */
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
