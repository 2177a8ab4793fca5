/** Status of a run that has ended (S28). */
export type FinishedStatus = "succeeded" | "failed" | "cancelled";

/** Status of a run (S28). */
export type RunStatus = "queued" | "running" | "waiting" | "paused" | FinishedStatus;

/** Statuses of runs that have ended. */
export const finishedStatuses: readonly FinishedStatus[] = ["succeeded", "failed", "cancelled"];

/** Every status of a run: the unfinished ones, then the finished ones. */
export const runStatuses: readonly RunStatus[] = [
  "queued",
  "running",
  "waiting",
  "paused",
  ...finishedStatuses,
];

/** Status of a step (S28); `running` is only ever seen live. */
export type StepStatus = "ready" | "running" | "waiting" | "succeeded" | "failed" | "cancelled";

/** The part of a run's head that never changes after its first commit. */
export interface RunOrigin {
  readonly tenant: string;
  readonly runId: string;
  readonly workflow: string;
  readonly version: string;
  /** Structural hash of the definition (S19); the definition itself is stored once per fingerprint. */
  readonly fingerprint: string;
  readonly seed: string;
  /** Canonical JSON of the input, or "#" and the hash of the blob that holds it when it is large (S17). */
  readonly input: string;
  readonly createdAt: number;
  /** JSON of free labels and of the file the workflow came from, for people and the command line. */
  readonly labels: string | undefined;
}

/** The part of a run's head that each commit may change. */
export interface RunProgress {
  /** Number of the last commit; the next one must be `seq + 1` (S4). */
  readonly seq: number;
  readonly epoch: number;
  /** Number of record events so far; the next one gets `events + 1` (S6). */
  readonly events: number;
  /** Record events up to here reached every emitter (S7). */
  readonly emittedSeq: number;
  readonly status: RunStatus;
  /** Takeovers since the last commit that advanced the run (S10). */
  readonly recoveries: number;
  /** How often a failed run was resumed; attempts are counted per round (S11). */
  readonly round: number;
  /** Milliseconds with an attempt running (S22). */
  readonly budgetMs: number;
  /** Committed step outcomes, against `maxSteps`. */
  readonly steps: number;
  readonly updatedAt: number;
  /** Earliest wall-clock time at which a parked run wants to go on by itself, in milliseconds. */
  readonly wakeAt: number | undefined;
}

/** The one row per run that is fenced by `seq` and `epoch` (I1). */
export interface RunHead extends RunOrigin, RunProgress {
  /** Id of the owning process, or undefined when the run is released (S20). */
  readonly owner: string | undefined;
  /** When retention removed what led to its result, in milliseconds since the epoch; only marks are left (S24). */
  readonly historyRemovedAt: number | undefined;
}
