import type { LiveEvent } from "@agentflow/core";

/** A reader of one run in this process. */
export interface LiveListener {
  /** Rows of the run became durable, or the run stopped here. */
  notify(): void;
  live(event: LiveEvent): void;
}

/** Who in this process reads which run. */
export class LiveListeners {
  readonly #byRun = new Map<string, Set<LiveListener>>();

  has(runId: string): boolean {
    return this.#byRun.size > 0 && this.#byRun.has(runId);
  }

  /** Adds a listener; the returned function removes it. */
  add(runId: string, listener: LiveListener): () => void {
    const listeners = this.#byRun.get(runId) ?? new Set<LiveListener>();
    this.#byRun.set(runId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#byRun.delete(runId);
    };
  }

  notify(runId: string): void {
    if (this.#byRun.size === 0) return;
    for (const listener of this.#byRun.get(runId) ?? []) listener.notify();
  }

  push(event: LiveEvent): void {
    for (const listener of this.#byRun.get(event.runId) ?? []) listener.live(event);
  }
}
