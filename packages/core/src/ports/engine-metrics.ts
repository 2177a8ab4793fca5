/** How an attempt left its place: it ended, was stopped, or waits for the outside without one (S12-S14). */
export type AttemptOutcome = "succeeded" | "failed" | "cancelled" | "waiting";

/** Whose steps are counted. */
export interface MeteredWorkflow {
  readonly tenant: string;
  readonly workflow: string;
}

/** How many steps of a run go on, and how many wait to start, at this moment (S14). */
export interface StepLoad extends MeteredWorkflow {
  readonly running: number;
  readonly queued: number;
}

/** Counts and measures steps. Every call is cheap and never throws: it is made between two steps of a run. */
export interface StepMetrics {
  /** An attempt gave its place back. Milliseconds, with their fraction. */
  attemptEnded(latencyMs: number, outcome: AttemptOutcome): void;
  /** A failed attempt is to be followed by another one (S9). */
  retried(): void;
  /** A seal met so many conflicts, settled or not (S18). */
  conflicted(count: number): void;
  /** A full queue blocked whoever feeds it (S14). */
  blocked(): void;
}

/** Takes the metrics of engines (OBS-1); several engines may share one. */
export interface EngineMetrics {
  /** What counts the steps of a workflow's runs; asked for once per run. */
  stepsOf(workflow: MeteredWorkflow): StepMetrics;
  /** Has `read` called whenever somebody reads the metrics, until the returned function is called. */
  watch(read: () => Iterable<StepLoad>): () => void;
}
