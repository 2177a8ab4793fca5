import type {
  ArtifactStore,
  CallInterceptor,
  Clock,
  Durability,
  Host,
  MeteredWorkflow,
  ResponseCache,
  StoreBackend,
  Tracing,
  WorkflowLimits,
  WorkflowModel,
} from "@agentflow/core";
import type { GroupCommitter } from "../commit/group-committer.ts";
import type { Outbox } from "../emit/outbox.ts";
import type { RunMetrics } from "../emit/run-metrics.ts";
import type { AnswerSchemas } from "../people/answer-schemas.ts";
import type { Slots } from "../schedule/slots.ts";
import type { RunExecution } from "./run-execution.ts";
import type { RunLimits } from "./run-limits.ts";

/** What every run of an engine shares. */
export interface RunEnvironment {
  readonly backend: StoreBackend;
  /** The committer of runs of this durability; undefined: the store's default. */
  committerOf(durability: Durability | undefined): GroupCommitter;
  readonly slots: Slots;
  readonly clock: Clock;
  /** Stands still while the store is away: limits are held by it. */
  readonly limitClock: Clock;
  readonly host: Host;
  /** Guarded: it never fails. */
  readonly cache: ResponseCache | undefined;
  readonly artifacts: ArtifactStore | undefined;
  readonly interceptor: CallInterceptor | undefined;
  readonly outbox: Outbox;
  readonly tracing: Tracing | undefined;
  /** What a run counts with. */
  metricsOf(run: MeteredWorkflow): RunMetrics;
  /** The limits of a run of this workflow: defaults, the workflow's, the engine's and the run's own, the later wins. */
  limitsOf(workflow: WorkflowModel, own: WorkflowLimits | undefined): RunLimits;
  readonly recoveriesMax: number;
  /** Names of the queues that the engine declares. */
  readonly queues: ReadonlySet<string>;
  /** What answers to the interrupts that were asked here are to be like. */
  readonly answerSchemas: AnswerSchemas;
  /** Gives the run what has come into its inbox. */
  readInbox(run: RunExecution): void;
}
