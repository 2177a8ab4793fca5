import type { AttemptOutcome, EngineMetrics, MeteredWorkflow, StepMetrics } from "@agentflow/core";

/** What a run counts and measures (OBS-1). */
export interface RunMetrics extends StepMetrics {
  attemptStarted(): void;
}

/** Counts of one engine, read by `engine.metrics()`. */
export interface MetricsSnapshot {
  readonly inflightNodes: number;
  /** Steps that wait to start, over all runs. */
  readonly queueDepth: number;
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

  attemptStarted(): void {
    this.#inflight++;
  }
  attemptEnded(): void {
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

  snapshot(queueDepth: number): MetricsSnapshot {
    return {
      inflightNodes: this.#inflight,
      queueDepth,
      stepsTotal: this.#steps,
      retriesTotal: this.#retries,
      mergeConflictsTotal: this.#conflicts,
      backpressureEventsTotal: this.#blocked,
    };
  }
}

/** Counts in memory, and where the engine's metrics go. */
class ForwardedMetrics implements RunMetrics {
  readonly #counts: CountingMetrics;
  readonly #steps: StepMetrics;

  constructor(counts: CountingMetrics, steps: StepMetrics) {
    this.#counts = counts;
    this.#steps = steps;
  }

  attemptStarted(): void {
    this.#counts.attemptStarted();
  }
  attemptEnded(latencyMs: number, outcome: AttemptOutcome): void {
    this.#counts.attemptEnded();
    this.#steps.attemptEnded(latencyMs, outcome);
  }
  retried(): void {
    this.#counts.retried();
    this.#steps.retried();
  }
  conflicted(count: number): void {
    this.#counts.conflicted(count);
    this.#steps.conflicted(count);
  }
  blocked(): void {
    this.#counts.blocked();
    this.#steps.blocked();
  }
}

/** What each run of an engine counts with: without a place for metrics it is the engine's own counts, and nothing else. */
export function metricsBy(
  counts: CountingMetrics,
  metrics: EngineMetrics | undefined,
): (run: MeteredWorkflow) => RunMetrics {
  if (metrics === undefined) return () => counts;
  return ({ tenant, workflow }) => new ForwardedMetrics(counts, metrics.stepsOf({ tenant, workflow }));
}
