import type {
  ArtifactStore,
  CacheScope,
  Clock,
  InboxRow,
  JournalEntry,
  Json,
  LiveEvent,
  ResponseCache,
  TransactionSql,
} from "@agentflow/core";
import type { Attempt } from "./attempt.ts";
import type { StepTask } from "./step-task.ts";

/** What a step waits for: a time in wall-clock milliseconds, or a row of the inbox by its kind and key. */
export type ParkReason =
  | { readonly kind: "time"; readonly until: number }
  | { readonly kind: "answer" | "event"; readonly key: string };

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

  /** Takes a finished entry; it joins the next group commit (S8). */
  record(task: StepTask, entry: JournalEntry): void;
  /** Undefined if all entries of the step are durable, else resolves when they are (S8). */
  whenDurable(task: StepTask): Promise<void> | undefined;
  /** A call that the journal does not know is about to be made. Strict replay refuses it. */
  beforeCall(task: StepTask, call: { kind: string; name: string; inputHash: string; input: Json }): void;
  /** Effect and journal entry in one transaction (S26). */
  transact(
    attempt: Attempt,
    work: (sql: TransactionSql) => Promise<Json>,
    entry: (value: Json) => JournalEntry,
  ): Promise<void>;
  /** The step waits for the outside: an answer, an event or a time (S13). */
  park(attempt: Attempt, reason: ParkReason): void;
  /** An outside call of the attempt begins or has ended; a parked step is not executed again before. */
  ioStarted(attempt: Attempt): void;
  ioEnded(attempt: Attempt): void;
  /** The answer somebody gave to this interrupt, if any. */
  answerTo(interruptId: string): InboxRow | undefined;
  /** Takes the oldest event with this key that no step has taken. */
  takeEvent(key: string): InboxRow | undefined;
  /** SHA-256 under which the scope knows an artifact on the step's state, if it does. */
  boundArtifact(task: StepTask, path: string): string | undefined;
  live(event: Omit<LiveEvent, "ts" | "runId">): void;
  cacheScope(kind: "run" | "shared"): CacheScope;
  /** Part of every cache key: which workflow the step belongs to, a nested one included. */
  cacheIdentity(task: StepTask): CacheIdentity;
}
