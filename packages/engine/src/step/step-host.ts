import type {
  ArtifactStore,
  CacheScope,
  CallInterceptor,
  Clock,
  JournalEntry,
  Json,
  LiveEvent,
  ResponseCache,
  StandardSchema,
  TransactionSql,
} from "@agentflow/core";
import type { RunTrace } from "../emit/run-trace.ts";
import type { FlowExecution } from "../flow/flow-call.ts";
import type { StepInbox } from "../people/step-inbox.ts";
import type { Attempt } from "./attempt.ts";
import type { StepTask } from "./step-task.ts";

/**
 * What a step waits for: a time in wall-clock milliseconds, or a row of the inbox by its kind and key, until a deadline
 * if it has one. `entry` is the index of the journal entry with which it began to, at the time `at`.
 */
export type ParkReason =
  | { readonly kind: "time"; readonly until: number }
  | {
      readonly kind: "answer" | "event";
      readonly key: string;
      readonly entry: number;
      readonly at: number;
      readonly deadline: number | undefined;
      /** What an answer is to be like. */
      readonly schema?: StandardSchema<unknown, unknown> | undefined;
    };

/** Name, version and fingerprint of a workflow. */
export interface CacheIdentity {
  readonly workflow: string;
  readonly version: string;
  readonly fingerprint: string;
}

/** What a step's context needs of the run it belongs to. Execution and replay each give one. */
export interface StepHost {
  readonly runId: string;
  readonly tenant: string;
  readonly seed: string;
  readonly clock: Clock;
  readonly cache: ResponseCache | undefined;
  readonly artifacts: ArtifactStore | undefined;
  readonly inbox: StepInbox;
  readonly interceptor: CallInterceptor | undefined;
  readonly trace: RunTrace | undefined;

  /** Takes a finished entry; it joins the next group commit (S8). `ends` is the index of the wait that it ends. */
  record(task: StepTask, entry: JournalEntry, ends?: number): void;
  /** Undefined if all entries of the step are durable, else resolves when they are (S8). */
  whenDurable(task: StepTask): Promise<void> | undefined;
  /** A call that the journal does not know is about to be made. Strict replay refuses it. */
  beforeCall(task: StepTask, call: { kind: string; name: string; inputHash: string; input: Json }): void;
  /** Effect and journal entry in one transaction (S26). */
  transact(
    attempt: Attempt,
    given: {
      readonly name: string;
      readonly work: (sql: TransactionSql) => Promise<Json>;
      /** Milliseconds; the usual time if undefined. */
      readonly timeoutMs: number | undefined;
    },
    entry: (value: Json) => JournalEntry,
  ): Promise<void>;
  /** The step waits for the outside: an answer, an event or a time (S13). */
  park(attempt: Attempt, reason: ParkReason): void;
  /** An outside call of the attempt begins or has ended; a parked step is not executed again before. */
  ioStarted(attempt: Attempt): void;
  ioEnded(attempt: Attempt): void;
  /** Whether a sleep until this time is over although nothing of the journal says so. */
  hasSlept(until: number): boolean;
  /** SHA-256 under which the scope knows an artifact on the step's state, if it does. */
  boundArtifact(task: StepTask, path: string): string | undefined;
  /** Begins an execution of the body of a flow: its calls are numbered anew (ENG-53). */
  beginFlow(attempt: Attempt): FlowExecution;
  live(event: Omit<LiveEvent, "ts" | "runId">): void;
  cacheScope(kind: "run" | "shared"): CacheScope;
  /** Part of every cache key: which workflow the step belongs to, a nested one included. */
  cacheIdentity(task: StepTask): CacheIdentity;
}
