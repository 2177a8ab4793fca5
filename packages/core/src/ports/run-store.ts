import type { Json } from "../encoding/json.ts";
import type { AttemptRow, JournalRow, RecordRow, SnapshotRow, StepRow } from "../record/rows.ts";
import type { CommitResult, RunCommit } from "../record/run-commit.ts";
import type { RunHead, RunStatus } from "../record/run-head.ts";

/** A value that may be there at once: an embedded store answers without leaving the tick. */
export type Awaitable<T> = T | Promise<T>;

/** What a back end can do; callers ask here instead of asking which back end it is. */
export interface StoreCapabilities {
  readonly name: string;
  /** Survives the end of the process. */
  readonly durable: boolean;
  /** `ctx.tx` (S26) works. */
  readonly transactions: boolean;
  /** Other processes may open it at the same time. */
  readonly shared: boolean;
  /** Durability levels that a commit may ask for, because the store can keep them (S5). */
  readonly durability: readonly Durability[];
  /** The level of what does not ask. */
  readonly defaultDurability: Durability;
}

/**
 * `strict` survives a power loss, `normal` the crash of the process, `batched` may lose what the last
 * milliseconds brought; `none` is memory.
 */
export type Durability = "strict" | "normal" | "batched" | "none";

/** The committed rows of one scope, as far as resuming, replaying or looking needs them. */
export interface ScopeRecord {
  /** The newest snapshot at or below the asked superstep, if any. */
  readonly snapshot: SnapshotRow | undefined;
  /** Outcomes after the snapshot (or from the start), ordered by superstep and ordinal. */
  readonly steps: readonly StepRow[];
  /** Journal rows and attempts of those supersteps, ordered by position, then event. */
  readonly journal: readonly JournalRow[];
  readonly attempts: readonly AttemptRow[];
}

/**
 * Filter of a run list: newest first, runs of one millisecond in an order that does not change, paged by the last run id
 * seen.
 */
export interface RunQuery {
  readonly tenant: string;
  readonly status?: readonly RunStatus[];
  readonly workflow?: string;
  readonly createdAfter?: number;
  readonly createdBefore?: number;
  /** Runs whose `wakeAt` is at or before this time. */
  readonly wakeBefore?: number;
  readonly owner?: string;
  /** Return runs that sort after this run id in the list. */
  readonly after?: string;
  readonly limit: number;
}

/** SQL inside the run store's own transaction (S26). Parameters are bound, never spliced. */
export interface TransactionSql {
  all(sql: string, parameters?: readonly SqlValue[]): Promise<Record<string, SqlValue>[]>;
  run(sql: string, parameters?: readonly SqlValue[]): Promise<{ readonly changes: number }>;
}

/** What SQL takes and gives. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** Runs and what they committed. Every method is bound to one tenant by its arguments (STO-5). */
export interface RunStore {
  readonly capabilities: StoreCapabilities;

  /**
   * Applies each member in its own fence, all in as few database transactions as possible, and answers in the
   * same order. Members succeed or fail alone (S4). Resolves when each is durable at its own level (S5): what goes
   * in one transaction is kept at the strictest level of its members. Throws a StoreError only when no member could be
   * tried.
   */
  commit(members: readonly RunCommit[]): Awaitable<readonly CommitResult[]>;

  /**
   * Runs `work` and `finish(its value)` as one transaction: the effect and the commit that records it happen
   * both or not at all (S26). `durability` is that of the commit that `finish` makes. Throws CapabilityError where
   * `capabilities.transactions` is false; what `work` throws is passed on after rolling back.
   */
  transact(
    work: (sql: TransactionSql) => Promise<Json>,
    finish: (value: Json) => RunCommit,
    durability?: Durability | undefined,
  ): Promise<CommitResult>;

  readHead(tenant: string, runId: string): Promise<RunHead | undefined>;

  /**
   * Rows of a scope. `from: "snapshot"` starts at the newest snapshot at or below `upTo` (default: the newest),
   * `from: "start"` reads everything.
   */
  readScope(request: {
    readonly tenant: string;
    readonly runId: string;
    readonly scope: string;
    readonly from: "snapshot" | "start";
    readonly upTo?: number;
  }): Promise<ScopeRecord>;

  /** Rows whose first event is above `afterEvent`, in event order; at most `limit` rows. */
  readRecords(request: {
    readonly tenant: string;
    readonly runId: string;
    readonly afterEvent: number;
    readonly limit: number;
  }): Promise<readonly RecordRow[]>;

  /** Canonical JSON per hash; a missing one is a StoreCorruptError. */
  readBlobs(tenant: string, runId: string, hashes: readonly string[]): Promise<ReadonlyMap<string, string>>;

  listRuns(query: RunQuery): Promise<readonly RunHead[]>;

  /** JSON description of a definition, by fingerprint. */
  readDefinition(tenant: string, fingerprint: string): Promise<string | undefined>;

  /**
   * How long the store has waited in all for a server that was away, in milliseconds; it never goes back. No step is
   * blamed for this time. Left out by a store without a server.
   */
  awayMs?(): number;

  /** Flushes and closes; later calls throw StoreUnavailableError. */
  close(): Promise<void>;
}
