import type { RecordEvent } from "@agentflow/core";

/** Writes a batch of one run's events. */
export type WriteBatch = (runId: string, events: readonly RecordEvent[]) => Promise<void>;

/**
 * Lets the events of each run queue while an earlier batch of that run is being written, so that there is one write per
 * batch and never two at once for a run.
 */
export class RunQueues {
  readonly #write: WriteBatch;
  readonly #queues = new Map<string, { events: RecordEvent[]; done: Promise<void> }>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(write: WriteBatch) {
    this.#write = write;
  }

  /** Resolves when the events are written, rejects when their batch failed. */
  add(events: readonly RecordEvent[]): Promise<void> {
    const runId = events[0]?.runId;
    if (runId === undefined) return Promise.resolve();
    const queued = this.#queues.get(runId);
    if (queued !== undefined) {
      queued.events.push(...events);
      return queued.done;
    }
    const batch = { events: [...events], done: this.#next(runId) };
    this.#queues.set(runId, batch);
    return batch.done;
  }

  /** Resolves when everything added so far is written or has failed. */
  async flush(): Promise<void> {
    await Promise.allSettled([...this.#running.values()]);
  }

  async #next(runId: string): Promise<void> {
    const before = this.#running.get(runId);
    const done = this.#after(before, runId);
    this.#running.set(runId, done);
    try {
      await done;
    } finally {
      if (this.#running.get(runId) === done) this.#running.delete(runId);
    }
  }

  async #after(before: Promise<void> | undefined, runId: string): Promise<void> {
    // The batch before reports its own failure to who waits for it; this one goes on either way.
    await Promise.allSettled([before]);
    const batch = this.#queues.get(runId);
    this.#queues.delete(runId);
    await this.#write(runId, batch?.events ?? []);
  }
}
