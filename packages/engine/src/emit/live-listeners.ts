import type { LiveEvent } from "@agentflow/core";

/** A reader of one run in this process. */
export interface LiveListener {
  /** Rows of the run became durable, up to the event `head` where given, or the run stopped here. */
  notify(head?: number): void;
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

  /** `head` is the last record event that has become durable, asked for only if somebody listens. */
  notify(runId: string, head?: () => number | undefined): void {
    if (this.#byRun.size === 0) return;
    const listeners = this.#byRun.get(runId);
    if (listeners === undefined) return;
    const seq = head?.();
    for (const listener of listeners) listener.notify(seq);
  }

  push(event: LiveEvent): void {
    for (const listener of this.#byRun.get(event.runId) ?? []) listener.live(event);
  }
}
