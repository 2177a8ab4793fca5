import type {
  ArtifactStore,
  Clock,
  Host,
  ResponseCache,
  StoreBackend,
  WorkflowLimits,
  WorkflowModel,
} from "@agentflow/core";
import type { GroupCommitter } from "../commit/group-committer.ts";
import type { Outbox } from "../emit/outbox.ts";
import type { RunMetrics } from "../emit/run-metrics.ts";
import type { Slots } from "../schedule/slots.ts";
import type { RunLimits } from "./run-limits.ts";

/** What every run of an engine shares. */
export interface RunEnvironment {
  readonly backend: StoreBackend;
  readonly committer: GroupCommitter;
  readonly slots: Slots;
  readonly clock: Clock;
  readonly host: Host;
  /** Guarded: it never fails. */
  readonly cache: ResponseCache | undefined;
  readonly artifacts: ArtifactStore | undefined;
  readonly outbox: Outbox;
  readonly metrics: RunMetrics;
  /** The limits of a run of this workflow: defaults, the workflow's, the engine's and the run's own, the later wins. */
  limitsOf(workflow: WorkflowModel, own: WorkflowLimits | undefined): RunLimits;
  readonly recoveriesMax: number;
}
