/**
 * One run of `steps` steps in a loop over a counter; with `append`, each step also appends an item to a list; with
 * `calls`, each step gets its result from a call outside, which answers at once.
 */
export interface LoopWorkload {
  readonly kind: "loop";
  readonly steps: number;
  readonly append: boolean;
  readonly calls?: boolean;
}

/** One run of `rounds` supersteps of `width` parallel steps, with one step between them that starts the next. */
export interface FanOutWorkload {
  readonly kind: "fan-out";
  readonly width: number;
  readonly rounds: number;
}

/** Many linear runs of `stepsEach` steps, `concurrency` at once, in a store that holds `storedRuns` before. */
export interface ShortRunsWorkload {
  readonly kind: "short-runs";
  readonly runs: number;
  readonly stepsEach: number;
  readonly concurrency: number;
  readonly storedRuns: number;
}

/** One run of `steps` steps in a loop over a state with one value of `sizeBytes`, left alone or rewritten each step. */
export interface LargeStateWorkload {
  readonly kind: "large-state";
  readonly steps: number;
  readonly sizeBytes: number;
  readonly rewrite: boolean;
}

/** One linear run through `nodes` distinct nodes. */
export interface ChainWorkload {
  readonly kind: "chain";
  readonly nodes: number;
}

/** What a system is asked to do; plain data, so that it can be sent to a child process. */
export type Workload = LoopWorkload | FanOutWorkload | ShortRunsWorkload | LargeStateWorkload | ChainWorkload;

/** The steps a workload is counted as, equal for every system; what a system adds to organise itself is its cost. */
export function countedSteps(workload: Workload): number {
  switch (workload.kind) {
    case "loop":
    case "large-state":
      return workload.steps;
    case "fan-out":
      return workload.width * workload.rounds;
    case "short-runs":
      return workload.runs * workload.stepsEach;
    case "chain":
      return workload.nodes;
  }
}

/** The bytes of values that a large-state workload writes, its input included. */
export function payloadBytes(workload: LargeStateWorkload): number {
  return workload.rewrite ? workload.sizeBytes * workload.steps : workload.sizeBytes;
}
