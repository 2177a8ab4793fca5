/** What the engine counts and measures; adapters turn it into metrics (OBS-1). Every call is cheap or a no-op. */
export interface RunMetrics {
  stepStarted(): void;
  stepEnded(latencyMs: number): void;
  retried(): void;
  conflicted(count: number): void;
  blocked(): void;
}

/** Counts of one engine, read by `engine.metrics()`. */
export interface MetricsSnapshot {
  readonly inflightNodes: number;
  readonly stepsTotal: number;
  readonly retriesTotal: number;
  readonly mergeConflictsTotal: number;
  readonly backpressureEventsTotal: number;
}

/** Counts in memory. */
export class CountingMetrics implements RunMetrics {
  #inflight = 0;
  #steps = 0;
  #retries = 0;
  #conflicts = 0;
  #blocked = 0;

  stepStarted(): void {
    this.#inflight++;
  }
  stepEnded(): void {
    this.#inflight--;
    this.#steps++;
  }
  retried(): void {
    this.#retries++;
  }
  conflicted(count: number): void {
    this.#conflicts += count;
  }
  blocked(): void {
    this.#blocked++;
  }

  snapshot(): MetricsSnapshot {
    return {
      inflightNodes: this.#inflight,
      stepsTotal: this.#steps,
      retriesTotal: this.#retries,
      mergeConflictsTotal: this.#conflicts,
      backpressureEventsTotal: this.#blocked,
    };
  }
}
