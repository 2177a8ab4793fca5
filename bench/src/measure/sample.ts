import type { SystemId } from "../systems/system.ts";
import type { Workload } from "../workloads/workload.ts";

/** What a child process measures: one system at one workload. */
export interface Job {
  readonly system: SystemId;
  readonly workload: Workload;
  /** A folder of the job's own. */
  readonly directory: string;
  /** For the floors: the recorded statements of this workload. */
  readonly statementLogPath?: string;
}

/** One round of a job. */
export interface Sample {
  readonly wallMs: number;
  /** User and system time of the whole process during the round. */
  readonly cpuMs: number;
  /** Bytes by which the files of the store grew; only for large-state workloads on disk. */
  readonly storedBytes?: number;
}

/** What a child is asked for. */
export type ChildRequest = "round" | "close";

/** What a child answers: its next sample, or what went wrong. */
export type ChildMessage =
  | { readonly type: "ready" }
  | { readonly type: "sample"; readonly sample: Sample }
  | { readonly type: "failed"; readonly message: string };
