/** A value of a result. Whole numbers beyond 2^53 stay exact as bigint; dates and times are texts in ISO form. */
type Cell = string | number | bigint | boolean | null;
/** A row of a result, by column. */
type Row = Readonly<Record<string, Cell>>;
/** A value that a statement takes for `$1`, `$2` and so on. */
type Parameter = string | number | boolean | null;
/** How a database is opened. */
interface DuckSettings {
  /** The database file; in memory if not given. */
  readonly path?: string;
  readonly readOnly?: boolean;
  /** How many threads work on its queries; all cores if not given. */
  readonly threads?: number;
  /** How much memory it takes before it writes to `temporaryDirectory`, in MiB; 1024 if not given. */
  readonly memoryLimitMb?: number;
  readonly temporaryDirectory?: string;
  /** The only folders whose files its statements reach, and no network. Everything is within reach if not given. */
  readonly reach?: readonly string[];
}
/** How far a long work is. */
interface WorkProgress {
  readonly rowsDone: number;
  readonly rowsTotal: number;
  readonly rowsPerSecond: number;
  /** The estimated time left, in seconds. */
  readonly secondsLeft: number;
}
/** Takes the progress of a long work. */
type OnProgress = (progress: WorkProgress) => void;
/** A column that sales can be partitioned by. */
type PartitionColumn = "year" | "quarter" | "month" | "day";
/** A JSON value (RFC 8259). State, deltas and journal entries are made of these and nothing else (S17). */
type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object. */
interface JsonObject {
  readonly [key: string]: Json;
}
/**
 * The rows a run consists of. Everything else (events, state, step lists, canonical log) is derived from
 * them by pure functions (S6, I2). JSON columns hold canonical JSON text, encoded once (S17).
 */
/** Where a step stands in its run: the primary key of everything it commits (S3). */
interface Position {
  /** Path of the scope: "" for the root, else the step id of the nested-workflow step that opened it. */
  readonly scope: string;
  readonly superstep: number;
  /** Place in the superstep's frontier, from 0. */
  readonly ordinal: number;
}
/** What every committed row carries: which commit wrote it and where its record events start (S6, S7). */
interface CommitStamp {
  readonly seq: number;
  readonly epoch: number;
  /** `seq` of the first record event derived from this row. */
  readonly event: number;
}
/** One staged step outcome: a success, possibly by `recover` (S2, S11). */
interface StepRow extends Position, CommitStamp {
  readonly node: string;
  /** Index of the fan-out item, or -1. */
  readonly item: number;
  /** Step id of the first predecessor ("" for the entry) and the declared edge taken: parts of the order key. */
  readonly origin: string;
  readonly edge: number;
  /** Number of the attempt that succeeded, from 1. */
  readonly attempt: number;
  /** True when no earlier row of this step exists, so that `step.started` is derived from this one. */
  readonly opens: boolean;
  /** Wall-clock milliseconds since the epoch, and the attempt's duration in milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Canonical JSON of the delta without the fields kept as blobs; "{}" when empty. */
  readonly delta: string;
  /** JSON of {@link StepDetail}; absent when there is nothing to say, which is the usual case. */
  readonly detail: string | undefined;
  /** JSON of {@link Seal}; present on the row whose commit sealed the superstep (S2). */
  readonly seal: string | undefined;
}
/** What a step recorded of the outside. Keyed by (name, input hash, nth equal call) within its step (S8). */
interface JournalEntry {
  /** Order in which the calls started within the step, over all its attempts. */
  readonly index: number;
  readonly kind: JournalKind;
  readonly name: string;
  readonly inputHash: string;
  readonly nth: number;
  readonly attempt: number;
  /** Canonical JSON of the result, failure, payload, answer or time; a blob's SHA-256 when `ref` is true. */
  readonly value: string;
  readonly ref?: boolean;
  readonly at: number;
  /** How long the call took; of an interrupt or a wait, how long it may take, 0 for ever. */
  readonly durationMs: number;
  /** The call changes something outside, as its author says. */
  readonly effect?: true;
  /** How the result was obtained, where a cache was asked; not part of the canonical log. */
  readonly cache?: "hit" | "miss";
  /** Id of the inbox row that an answer, refused or not, or an event came with; not part of the canonical log. */
  readonly inbox?: number;
}
/**
 * `io` and `ioError` end an outside call, `model` is a call of a model that was made for it, `tx` an effect in the store's
 * own transaction (S26), `now` a reading of the clock; `callError` ends a call of a flow whose steps failed for good; `interrupt`, `sleep` and `wait` park the step (S13), `answer` ends the interrupt, `slept` the sleep and
 * `event` the wait with its key; `refused` is an answer that the interrupt did not accept.
 */
type JournalKind = "io" | "ioError" | "model" | "tx" | "now" | "callError" | "interrupt" | "sleep" | "slept" | "wait" | "answer" | "refused" | "event";
/** A journal entry committed before its step's outcome. */
interface JournalRow extends Position, CommitStamp {
  readonly node: string;
  readonly item: number;
  readonly opens: boolean;
  readonly startedAt: number;
  readonly entry: JournalEntry;
}
/** A failed or cancelled attempt (S9). */
interface AttemptRow extends Position, CommitStamp {
  readonly node: string;
  readonly item: number;
  readonly attempt: number;
  /** Which resume of a failed run this attempt belongs to: each resume gives fresh attempts (S11). */
  readonly round: number;
  readonly opens: boolean;
  readonly outcome: "failed" | "cancelled";
  /** JSON of the failure. */
  readonly failure: string;
  /** When the next attempt may start, in wall-clock milliseconds; undefined when attempts are exhausted. */
  readonly nextAt: number | undefined;
  /** Entries of this attempt that were not yet durable, as JSON of JournalEntry[]. */
  readonly entries: string | undefined;
  readonly startedAt: number;
  readonly durationMs: number;
}
/** A change of a run's status (S28), or of who advances it. */
interface MarkRow extends CommitStamp {
  readonly type: MarkType;
  readonly at: number;
  /** JSON object shown as the event's data. */
  readonly data: string | undefined;
  /** JSON of the root state when the run stops here, with blob references in `refs`. */
  readonly state: string | undefined;
  readonly refs: string | undefined;
}
/** A status a run takes on, or a change of the process that advances it. */
type MarkType = "run.started" | "run.resumed" | "run.recovered" | "run.migrated" | "run.forked" | "run.waiting" | "run.paused" | "run.parked" | "run.compensating" | "run.succeeded" | "run.failed" | "run.cancelled";
/** A stored full state of a scope at a seal, to shorten the fold (S23). */
interface SnapshotRow extends CommitStamp {
  readonly scope: string;
  /** The superstep whose seal this is the state after. */
  readonly superstep: number;
  readonly state: string;
  readonly refs: string | undefined;
  /** JSON of {@link Seal}. */
  readonly seal: string;
}
/** A large value, stored once in its run under its SHA-256 (S17). */
interface BlobRow {
  readonly hash: string;
  readonly json: string;
}
/** Any row a record event is derived from, tagged. */
type RecordRow = {
  readonly kind: "step";
  readonly row: StepRow;
} | {
  readonly kind: "journal";
  readonly row: JournalRow;
} | {
  readonly kind: "attempt";
  readonly row: AttemptRow;
} | {
  readonly kind: "mark";
  readonly row: MarkRow;
};
/** Status of a run that has ended (S28). */
type FinishedStatus = "succeeded" | "failed" | "cancelled";
/** Status of a run (S28). */
type RunStatus = "queued" | "running" | "waiting" | "paused" | FinishedStatus;
/** The part of a run's head that never changes after its first commit. */
interface RunOrigin {
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
interface RunProgress {
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
interface RunHead extends RunOrigin, RunProgress {
  /** Id of the owning process, or undefined when the run is released (S20). */
  readonly owner: string | undefined;
  /** When retention removed what led to its result, in milliseconds since the epoch; only marks are left (S24). */
  readonly historyRemovedAt: number | undefined;
}
/** Where a run waits for its turn. */
interface Queued {
  readonly queue: string;
  /** Runs of one key count together against `keyConcurrency`; undefined: the run counts with no other. */
  readonly key: string | undefined;
  /** Wall-clock milliseconds before which its turn does not come; the earlier ones come first. */
  readonly dueAt: number;
}
/** What holds back the runs of a queue, over all processes; an absent limit is none. */
interface QueueLimits {
  /** Runs that have begun and not ended, waiting ones included. */
  readonly concurrency?: number | undefined;
  /** Runs that begin within any stretch of so many milliseconds. */
  readonly rate?: {
    readonly limit: number;
    readonly perMs: number;
  } | undefined;
  /** The same as `concurrency` among the runs of one key; 1 makes them follow each other. */
  readonly keyConcurrency?: number | undefined;
}
/** The place of a run in its queue. */
interface QueuePlace extends Queued {
  /** When its turn came, in wall-clock milliseconds. */
  readonly begunAt: number | undefined;
}
/** Runs that wait in queues. A run gets its place with its first commit, and leaves it for good when its turn comes. */
interface QueueStore {
  /**
   * Gives `ownerId` the next runs of a queue under their next epoch, at most `limit`, in the order of their times, and of
   * their creation where these are equal; runs of other workflows, and of keys that are at their limit, are passed over.
   * Claims of all processes follow each other, so that no limit is exceeded. Runs that this owner has claimed and not yet
   * begun are given again. `nextAt` is when another run may be due by time alone.
   */
  claimQueued(request: {
    readonly tenant: string;
    readonly queue: string;
    readonly workflows: readonly string[];
    readonly limits: QueueLimits; /** Wall-clock milliseconds. */
    readonly now: number;
    readonly limit: number;
    readonly ownerId: string;
  }): Promise<{
    readonly heads: readonly RunHead[];
    readonly nextAt: number | undefined;
  }>;
  /** The place of a run, also after its turn came; undefined for a run that never was in a queue. */
  readPlace(tenant: string, runId: string): Promise<QueuePlace | undefined>;
}
/** Where a step began to wait: its position, and the index of the journal entry that says so. */
interface WaitKey extends Position {
  readonly entry: number;
}
/** A step waits for something from outside (S13). The row is there for as long as it does, to be found over all runs. */
interface WaitRow extends WaitKey {
  /** The kind of inbox row that ends it. */
  readonly kind: "answer" | "event";
  /** Interrupt id, or the key of the event. */
  readonly key: string;
  /** When the step asked or began to wait, and when it goes on without: wall-clock milliseconds. */
  readonly at: number;
  readonly deadline: number | undefined;
}
/** What a commit changes about what its run waits for. No key is in both lists. */
interface WaitChanges {
  /** Rows to be there; one that is there already is replaced. */
  readonly begun: readonly WaitRow[];
  /** Rows to be gone; one that is not there is none. */
  readonly ended: readonly WaitKey[];
  /** The run waits for nothing any more: all of its rows go. */
  readonly none?: true;
}
/** An interrupt that waits for its answer. */
interface OpenInterrupt extends WaitKey {
  readonly tenant: string;
  readonly runId: string;
  readonly workflow: string;
  readonly status: RunStatus;
  /** Interrupt id: `stepId#name[nth]`. */
  readonly id: string;
  readonly name: string;
  readonly node: string;
  /** Canonical JSON of what is asked, or a blob's SHA-256 when `ref` is true. */
  readonly payload: string;
  readonly ref: boolean;
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly deadline: number | undefined;
}
/** One fenced transaction for one run; commits of many runs share a database transaction (S4). */
interface RunCommit {
  readonly tenant: string;
  readonly runId: string;
  /** The fence: applies only if the stored head has this `seq` and the epoch of `progress`. 0 with `create`. */
  readonly expectedSeq: number;
  /** The head after this commit; `progress.seq` is `expectedSeq + 1`. */
  readonly progress: RunProgress;
  /** Present on a run's first commit: inserts the head with this owner. */
  readonly create?: {
    readonly origin: RunOrigin;
    readonly owner: string | undefined; /** JSON description of the workflow, stored once per (tenant, fingerprint). */
    readonly definition: string; /** The run waits in a queue for its turn. */
    readonly queued?: Queued;
  };
  /** What it must survive once it is acknowledged; absent: the store's default (S5). */
  readonly durability?: Durability;
  /** True when somebody waits for this commit: what gathers (`batched`) goes at once, and takes the others along. */
  readonly isAwaited?: boolean;
  /** True when this commit gives the run back (parked or finished): clears the owner. */
  readonly release?: boolean;
  /**
   * Id of the newest inbox row that the run has read: a newer one is told with the result (S21), and a run that is given
   * back to wait is due at once if there is one. Absent: nothing is told.
   */
  readonly inboxSeen?: number;
  /** What its steps wait for, as far as this commit changes it. */
  readonly waits?: WaitChanges;
  readonly steps: readonly StepRow[];
  readonly journal: readonly JournalRow[];
  readonly attempts: readonly AttemptRow[];
  readonly marks: readonly MarkRow[];
  readonly snapshots: readonly SnapshotRow[];
  /** Blobs the rows refer to; storing one again under its hash changes nothing. */
  readonly blobs: readonly BlobRow[];
}
/**
 * What became of one member of a grouped commit (S4). `committed` with the id of the newest row of the run's inbox, where
 * that is above `inboxSeen`. `duplicate`: every row is already there with the same
 * idempotency key, nothing changed. `violation`: a position holds another outcome. `fenced`: the head has moved
 * on under another owner. `failed`: this member met an error of the store; the others are not affected.
 */
type CommitResult = {
  readonly kind: "committed";
  readonly inbox?: number;
} | {
  readonly kind: "duplicate";
} | {
  readonly kind: "violation";
  readonly position: string;
  readonly stored: string;
  readonly offered: string;
} | {
  readonly kind: "fenced";
  readonly head: RunHead | undefined;
} | {
  readonly kind: "failed";
  readonly error: Error;
};
/** A value that may be there at once: an embedded store answers without leaving the tick. */
type Awaitable<T> = T | Promise<T>;
/** What a back end can do; callers ask here instead of asking which back end it is. */
interface StoreCapabilities {
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
type Durability = "strict" | "normal" | "batched" | "none";
/** The committed rows of one scope, as far as resuming, replaying or looking needs them. */
interface ScopeRecord {
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
interface RunQuery {
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
interface TransactionSql {
  all(sql: string, parameters?: readonly SqlValue[]): Promise<Record<string, SqlValue>[]>;
  run(sql: string, parameters?: readonly SqlValue[]): Promise<{
    readonly changes: number;
  }>;
}
/** What SQL takes and gives. */
type SqlValue = string | number | bigint | null | Uint8Array;
/** Runs and what they committed. Every method is bound to one tenant by its arguments (STO-5). */
interface RunStore {
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
  transact(work: (sql: TransactionSql) => Promise<Json>, finish: (value: Json) => RunCommit, durability?: Durability | undefined): Promise<CommitResult>;
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
/** Runs that one export takes together. */
interface ExportBatch {
  readonly batch: string;
  readonly claimedAt: number;
}
/**
 * Marks which finished runs were exported, so that each is exported exactly once (OLP-30).
 *
 * An exporter claims runs under the id of a batch, writes them to a place that follows from that id, replacing what is
 * there, and completes the batch. Whoever finds a batch open whose exporter has died writes the same runs to the same
 * place again. A run that goes on after its export, as a failed one may, counts as not exported from then on.
 */
interface ExportStore {
  /** Finished runs that no batch has claimed as they are, oldest first: they belong to `batch` now. */
  claimExports(request: {
    readonly tenant: string;
    readonly batch: string;
    readonly at: number;
    readonly limit: number;
  }): Promise<readonly RunHead[]>;
  /** The runs of a batch as far as they are as they were claimed. */
  readExports(request: {
    readonly tenant: string;
    readonly batch: string;
  }): Promise<readonly RunHead[]>;
  /** Batches that are not completed, oldest first. */
  listOpenExports(tenant: string): Promise<readonly ExportBatch[]>;
  /** Marks the runs of a batch as exported; retention may remove them from then on. */
  completeExports(request: {
    readonly tenant: string;
    readonly batch: string;
    readonly at: number;
  }): Promise<void>;
}
/**
 * Something sent to a run from outside: an answer, an event or a control signal (S13, S21). `resume` asks whoever knows
 * the workflow to go on with a run that was paused, parked or failed. An answer that its interrupt did not accept is
 * `refused`: it is kept, and counts no more.
 */
interface InboxRow {
  /** Grows per run; the owner consumes in this order. */
  readonly id: number;
  readonly kind: "answer" | "refused" | "event" | "cancel" | "pause" | "resume";
  /** Interrupt id, event key, or "" for control signals. */
  readonly key: string;
  readonly value: string;
  /** Who sent it. */
  readonly by: string | undefined;
  readonly at: number;
}
/** A run's inbox. Rows are kept; the journal says which were consumed. */
interface InboxStore {
  /**
   * Adds a row. An answer to an interrupt is unique by key: a second one returns `answered` with the row that
   * won and changes nothing (S13). A released run that the row wakes is due from `row.at` on (`wakesRun`).
   */
  put(request: {
    readonly tenant: string;
    readonly runId: string;
    readonly row: Omit<InboxRow, "id">; /** What the row must survive once this resolves: the level of its run; absent: the store's default (S5). */
    readonly durability?: Durability | undefined;
  }): Promise<{
    readonly kind: "stored" | "answered";
    readonly row: InboxRow;
  }>;
  /** Turns an answer into one that is `refused`, so that its interrupt takes another; any other row is left as it is. */
  refuse(request: {
    readonly tenant: string;
    readonly runId: string;
    readonly id: number;
    readonly durability?: Durability | undefined;
  }): Promise<void>;
  /** Of these runs, those that have rows, with the id of the newest. */
  newest(tenant: string, runIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Rows above `afterId`, in order. */
  read(tenant: string, runId: string, afterId: number): Promise<readonly InboxRow[]>;
}
/** The row of one process that advances runs (S20). */
interface OwnerRow {
  readonly ownerId: string;
  readonly host: string;
  readonly pid: number;
  /** Start of the process as the system tells it, so that a reused pid is not mistaken for it. */
  readonly processStart: string;
  /** Grows with each heartbeat. A counter that stands still is the only sign of death across hosts. */
  readonly counter: number;
}
/** Who advances which run. Epochs fence; time never does (S20, I6). */
interface OwnershipStore {
  registerOwner(owner: OwnerRow): Promise<void>;
  /** Adds one to the owner's counter; false if it has no row, because it was taken for dead. */
  beat(ownerId: string): Promise<boolean>;
  readOwner(ownerId: string): Promise<OwnerRow | undefined>;
  listOwners(): Promise<readonly OwnerRow[]>;
  removeOwner(ownerId: string): Promise<void>;
  /**
   * Gives the run to `ownerId` under epoch + 1 and returns the new head, if it still has `expectedEpoch` and
   * `expectedOwner`; otherwise returns undefined and changes nothing. Adds `recovery` to `recoveries` (S10).
   */
  takeRun(request: {
    readonly tenant: string;
    readonly runId: string;
    readonly expectedEpoch: number;
    readonly expectedOwner: string | undefined;
    readonly ownerId: string;
    readonly recovery: 0 | 1;
  }): Promise<RunHead | undefined>;
  /** Unfinished runs of these workflows that have an owner which is none of `living`. */
  listOrphans(request: {
    readonly tenant: string;
    readonly workflows: readonly string[];
    readonly living: readonly string[];
    readonly limit: number;
  }): Promise<readonly RunHead[]>;
  /** Clears the owner if `ownerId` still has the run under `epoch`. */
  releaseRun(request: {
    tenant: string;
    runId: string;
    ownerId: string;
    epoch: number;
  }): Promise<boolean>;
}
/** What is removed of a run: what led to its result, or all of it. */
type RunPart = "history" | "run";
/** Which finished runs may go. All conditions hold for a run that goes. */
interface RemovalRule {
  readonly tenant: string;
  readonly part: RunPart;
  readonly statuses: readonly FinishedStatus[];
  /** Only runs whose last commit was before this time, in milliseconds since the epoch. */
  readonly finishedBefore?: number;
  /** The newest so many runs of these statuses stay. */
  readonly keep?: number;
  /** Runs that no export has taken as they are may go too. */
  readonly unexported: boolean;
}
/** The place of a run in the order in which runs were made; a cursor, of no other use. */
interface RunPlace {
  readonly createdAt: number;
  readonly number: number;
}
/** A run that a rule lets go. */
interface RemovableRun {
  readonly runId: string;
  readonly status: FinishedStatus;
  /** Whether an export has taken it as it is. */
  readonly exported: boolean;
}
/** One page of what was asked for; `next` is absent on the last one. */
interface RetentionPage<Item> {
  readonly items: readonly Item[];
  readonly next: RunPlace | undefined;
}
/** How much something takes: rows, and the bytes of what they hold. */
interface Footprint {
  readonly rows: number;
  readonly sizeBytes: number;
}
/** What became of the redundant snapshots of a run; `busy`: the run was committing, nothing was done. */
type SnapshotRemoval = {
  readonly kind: "busy";
} | {
  readonly kind: "removed";
  readonly snapshots: number; /** Large values that nothing of the run refers to any more. */
  readonly blobs: number;
  readonly sizeBytes: number;
};
/** A run, or its history, that is out of the store while its rows are still being deleted. */
interface RemovedRun {
  /** Names it in `purge`; the id may belong to a new run. */
  readonly number: number;
  readonly runId: string;
  readonly part: RunPart;
}
/** How large the store's file is, and how much of it is free for new rows, in bytes. */
interface StoreSpace {
  readonly sizeBytes: number;
  readonly freeBytes: number;
}
/**
 * Keeps a store from growing for ever (S24). Each method is one short piece of work that holds up no commit for longer
 * than a commit takes; repeating one, doing it twice at once, or ending the process in the middle, does no harm.
 *
 * 1. A snapshot is redundant when a newer one of its scope exists and the rows give the same state without it. The rows of
 *    a run, and so its canonical log and its replay, do not change by removing it.
 * 2. A run goes from one commit to the next only whole: no reader that has its head sees a part of it gone, and
 *    nobody can take it or write to it after.
 * 3. An unfinished run, a run with an owner and, unless the rule says otherwise, one that was not exported is spared,
 *    whatever happens between listing and removing.
 */
interface RetentionStore {
  /** Runs with redundant snapshots; a page may be empty and have a next one. */
  listCompactable(request: {
    readonly tenant: string;
    readonly after?: RunPlace;
    readonly limit: number;
  }): Promise<RetentionPage<string>>;
  /**
   * Removes the redundant snapshots of a run that were followed by a newer one before `supersededBefore` (milliseconds
   * since the epoch), and every large value that nothing refers to then. With `dryRun` nothing is changed.
   */
  removeSnapshots(request: {
    readonly tenant: string;
    readonly runId: string;
    readonly supersededBefore: number;
    readonly dryRun: boolean;
  }): Promise<SnapshotRemoval>;
  /** Runs that a rule lets go, oldest first. */
  listRemovable(rule: RemovalRule, page: {
    readonly after?: RunPlace;
    readonly limit: number;
  }): Promise<RetentionPage<RemovableRun>>;
  /** What a part of these runs takes. */
  measureRuns(request: {
    readonly tenant: string;
    readonly runIds: readonly string[];
    readonly part: RunPart;
  }): Promise<Footprint>;
  /** Takes those of the runs out of the store that the rule still lets go, its `keep` aside; returns their ids. */
  removeRuns(rule: RemovalRule, request: {
    readonly runIds: readonly string[];
    readonly at: number;
  }): Promise<readonly string[]>;
  /** What was taken out and is not yet purged, oldest first. */
  listRemoved(request: {
    readonly tenant: string;
    readonly limit: number;
  }): Promise<readonly RemovedRun[]>;
  /** Deletes up to `rowsMax` rows of a removed run; `isDone` once none is left and it is no longer listed. */
  purge(request: {
    readonly tenant: string;
    readonly number: number;
    readonly rowsMax: number;
  }): Promise<{
    readonly rows: number;
    readonly isDone: boolean;
  }>;
  /**
   * Hashes of the artifacts that runs of a tenant have bound, a page of runs at a time. Some of them may be hashes of
   * something else; none is missing that was bound before the first page was asked for.
   */
  readArtifacts(request: {
    readonly tenant: string;
    readonly after?: RunPlace;
    readonly limit: number;
  }): Promise<RetentionPage<string>>;
  /**
   * The space of the store's file, or undefined where that is the server's matter. `giveBack` first gives what is free
   * back to the file system, which rewrites the file and keeps all writers waiting.
   */
  space(request: {
    readonly giveBack: boolean;
  }): Promise<StoreSpace | undefined>;
  /** True for one of the processes that ask within `intervalMs`: the one to do the next round. */
  claimRound(request: {
    readonly at: number;
    readonly intervalMs: number;
  }): Promise<boolean>;
}
/** A schedule as it is stored. */
interface ScheduleRow {
  readonly tenant: string;
  readonly name: string;
  readonly workflow: string;
  /** Grows with each change; a change names the one it was made on. */
  readonly revision: number;
  /** When it has something to do next, in wall-clock milliseconds; undefined while it has nothing. */
  readonly nextAt: number | undefined;
  /** JSON of the rest. */
  readonly json: string;
}
/** Schedules (ENG-44). Whoever changes one says which revision it has seen, so that of several one gets on. */
interface ScheduleStore {
  /** Adds a schedule; false if there is one of that name. */
  createSchedule(row: ScheduleRow): Promise<boolean>;
  /** Puts `row` in the place of the one with `expectedRevision`; false, and nothing changes, if there is none such. */
  replaceSchedule(row: ScheduleRow, expectedRevision: number): Promise<boolean>;
  /** Removes a schedule; false if there is none of that name. */
  removeSchedule(tenant: string, name: string): Promise<boolean>;
  readSchedule(tenant: string, name: string): Promise<ScheduleRow | undefined>;
  /** By name; with `dueUntil`, only those that have something to do by then. */
  listSchedules(request: {
    readonly tenant: string;
    readonly dueUntil?: number;
  }): Promise<readonly ScheduleRow[]>;
}
/** Which open interrupts to list; oldest first, paged by the last one seen. */
interface InterruptQuery {
  readonly tenant: string;
  readonly workflow?: string | undefined;
  readonly runId?: string | undefined;
  /** List what comes after this one. */
  readonly after?: Pick<OpenInterrupt, "at" | "runId" | "id"> | undefined;
  readonly limit: number;
}
/** A run that was taken after its rest, with what it goes on from as it was then. */
interface RestedRun {
  readonly head: RunHead;
  /** Data of its first event. */
  readonly started: string | undefined;
  /** Its root scope from the newest snapshot on. */
  readonly root: ScopeRecord;
  readonly inbox: readonly InboxRow[];
}
/** Runs that nobody has in memory, because all of their steps wait (S13), and what they wait for. */
interface WaitStore {
  /**
   * Released runs whose `wakeAt` has come, soonest first, of these workflows, without the first `skip`; and the `wakeAt` of
   * the next one after `now`. Something from outside that ends a wait of a released run makes it due (S21).
   */
  listDue(request: {
    readonly tenant: string;
    readonly workflows: readonly string[]; /** Wall-clock milliseconds. */
    readonly now: number;
    readonly limit: number;
    readonly skip?: number;
  }): Promise<{
    readonly heads: readonly RunHead[];
    readonly nextAt: number | undefined;
  }>;
  /**
   * Gives `ownerId` those of the runs that nobody has and that are still at the epoch they are named with, each under its
   * next epoch, in one transaction, and reads what they go on from. The others are left as they are.
   */
  takeRested(request: {
    readonly tenant: string;
    readonly runs: readonly {
      readonly runId: string;
      readonly epoch: number;
    }[];
    readonly ownerId: string;
  }): Promise<readonly RestedRun[]>;
  /** Interrupts that wait and have no answer yet. */
  listInterrupts(query: InterruptQuery): Promise<readonly OpenInterrupt[]>;
}
/** One opened back end, by aggregate. */
interface StoreBackend {
  readonly runs: RunStore;
  readonly owners: OwnershipStore;
  readonly inbox: InboxStore;
  readonly waits: WaitStore;
  readonly queues: QueueStore;
  readonly schedules: ScheduleStore;
  readonly retention: RetentionStore;
  readonly exports: ExportStore;
}
/** A format in which a dataset is kept. */
type FileFormat = "parquet" | "csv";
/** A value of a column as the manifest keeps it: numbers as numbers, dates and texts as texts. */
type StatisticsValue = number | string | boolean;
/** What a file says of one of its columns. Texts may be cut, so that theirs are bounds and not values. */
interface ColumnStatistics {
  readonly min?: StatisticsValue;
  readonly max?: StatisticsValue;
  readonly nulls: number;
}
/** One file of a dataset. `path` is relative to its folder, with `/` on every system. */
interface DatasetFile {
  readonly table: string;
  readonly format: FileFormat;
  readonly path: string;
  /** The values that all its rows have in common; none for a dimension table. */
  readonly partition: Readonly<Record<string, number | string>>;
  readonly rows: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** By column; Parquet only. */
  readonly columns: Readonly<Record<string, ColumnStatistics>>;
}
/** What a dataset consists of. A file that it does not name is no part of the dataset. */
interface DatasetManifest {
  readonly version: 1;
  readonly dataset: string;
  /** Counts what was published in this folder; the first is 1. */
  readonly generation: number;
  readonly publishedAt: string;
  /** How the dataset was made, for whoever goes on with it. */
  readonly origin: JsonObject;
  readonly files: readonly DatasetFile[];
}
/** The hash of what the files hold, whatever they are called and whenever they were published. */
declare function contentHash({
  dataset,
  files
}: DatasetManifest): string;
/** The kinds of columns a dataset has; each is one SQL type that every reader of Parquet knows. */
type ColumnKind = "integer" | "long" | "money" | "amount" | "real" | "text" | "date" | "flag";
/** What a column is and which values it may have; `af analytics test` holds the files to it. */
interface Column<Kind extends ColumnKind = ColumnKind> {
  readonly kind: Kind;
  readonly optional: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly oneOf?: readonly string[];
}
/** What may be said of a column beyond its kind. */
interface ColumnRules {
  /** True if rows may have no value. */
  readonly optional?: boolean;
  readonly min?: number;
  readonly max?: number;
}
/** The JavaScript type in which a column's values are read; dates are texts such as "2021-12-31". */
type ValueOfKind<Kind extends ColumnKind> = Kind extends "text" | "date" ? string : Kind extends "flag" ? boolean : number;
/** A whole number of 32 bits. */
declare function integer(rules?: ColumnRules): Column<"integer">;
/** A whole number of 64 bits, such as milliseconds since 1970; exact in JavaScript up to 2^53. */
declare function long(rules?: ColumnRules): Column<"long">;
/** An exact amount with nine decimals, up to 999,999,999: what a single call costs is often less than a cent. */
declare function amount(rules?: ColumnRules): Column<"amount">;
/** An amount with two decimals, up to 9,999,999.99. */
declare function money(rules?: ColumnRules): Column<"money">;
/** A floating point number of 64 bits. */
declare function real(rules?: ColumnRules): Column<"real">;
/** A text; with `oneOf`, one of these. */
declare function text(rules?: {
  readonly optional?: boolean;
  readonly oneOf?: readonly string[];
}): Column<"text">;
/** A calendar day. */
declare function date(rules?: {
  readonly optional?: boolean;
}): Column<"date">;
/** True or false. */
declare function flag(): Column<"flag">;
/** How a measure is computed; `column` names table and column: "sales_fact.revenue". */
type Measure<Ref extends string = string> = {
  readonly kind: "sum" | "min" | "max" | "distinct" | "average" | "closing";
  readonly column: Ref;
} | {
  readonly kind: "percentile";
  readonly column: Ref;
  readonly percent: number;
} | {
  readonly kind: "count";
  readonly table: string;
} | {
  readonly kind: "ratio";
  readonly column: Ref;
  readonly per: Ref;
};
/**
 * Whether the measure of a whole follows from the measures of its parts. What is additive is added up, what is
 * decomposable follows from parts that are kept beside it (a ratio from its two sums, an extreme from extremes), what is
 * semi-additive is added up along every dimension but time, and distinct values have to be kept until the end. What is
 * holistic, such as a percentile, needs every value.
 */
type Additivity = "additive" | "decomposable" | "semi-additive" | "distinct" | "holistic";
/** Says how partial results of a measure are combined. */
declare function additivityOf(measure: Measure): Additivity;
/** The total of a column. */
declare function sum<const Ref extends string>(column: Ref): Measure<Ref>;
/** The least value of a column. */
declare function least<const Ref extends string>(column: Ref): Measure<Ref>;
/** The greatest value of a column. */
declare function greatest<const Ref extends string>(column: Ref): Measure<Ref>;
/** The mean of a column, over the rows that have a value. */
declare function average<const Ref extends string>(column: Ref): Measure<Ref>;
/** The value below which `percent` of a column's values are, between the two nearest ones where it is none of them. */
declare function percentile<const Ref extends string>(column: Ref, percent: number): Measure<Ref>;
/** How many different values a column has. Exact, and therefore the costliest measure. */
declare function distinct<const Ref extends string>(column: Ref): Measure<Ref>;
/**
 * The total of a column on the last day that has rows, for each row of the answer: a balance or a stock, which is added
 * up over accounts and shelves but not over days.
 */
declare function closing<const Ref extends string>(column: Ref): Measure<Ref>;
/** The number of rows of a fact table. */
declare function count(table: string): Measure<never>;
/** The total of one column per total of another: the margin is profit per revenue. Nothing where `per` is 0. */
declare function ratio<const Ref extends string>(column: Ref, per: Ref): Measure<Ref>;
/** Columns by name, in the order of the files. */
type Columns = Readonly<Record<string, Column>>;
/**
 * Slowly changing dimension of type 2: a thing has one row per version, and each version is valid from one day up to,
 * but not including, another. The open version has no end.
 */
interface Versions {
  /** The column that names the thing itself, the same in all its versions. */
  readonly of: string;
  readonly from: string;
  readonly until: string;
  /** The flag that is true in the open version. */
  readonly current: string;
}
/** The folders of a fact table: one per combination of these columns of a joined dimension table. */
interface Partitions {
  readonly table: string;
  readonly columns: readonly string[];
}
/** A table of a dataset. One with `joins` is a fact table, any other a dimension table. */
interface Table<C extends Columns = Columns> {
  readonly columns: C;
  readonly key: readonly string[];
  readonly joins: Readonly<Record<string, string>>;
  readonly versions?: Versions;
  /** The day on which a fact happened, which decides the version of the things it is about. */
  readonly day?: string;
  readonly partitions?: Partitions;
  readonly order: readonly string[];
  /** What holds for every row, as SQL by the sentence that says it. */
  readonly rules: Readonly<Record<string, string>>;
}
/** What a dimension table is declared with. */
interface DimensionSpec<C extends Columns> {
  readonly columns: C;
  /** The column that facts refer to. */
  readonly key: keyof C & string;
  readonly versions?: Versions;
  readonly rules?: Readonly<Record<string, string>>;
}
/** Declares a dimension table: the things that facts are about. Its files are ordered by its key. */
declare function dimension<const C extends Columns>(spec: DimensionSpec<C>): Table<C>;
/** What a fact table is declared with. */
interface FactSpec<C extends Columns> {
  readonly columns: C;
  readonly key: readonly (keyof C & string)[];
  /** The dimension table that each of these columns refers to. */
  readonly joins: Readonly<Partial<Record<keyof C & string, string>>>;
  readonly day: keyof C & string;
  readonly partitions: Partitions;
  /** The order of the rows in each file: what is near in time is read together. */
  readonly order: readonly (keyof C & string)[];
  readonly rules?: Readonly<Record<string, string>>;
}
/** Declares a fact table: one row per event that is counted and added up. */
declare function fact$1<const C extends Columns>(spec: FactSpec<C>): Table<C>;
/** Tables by name. */
type Tables = Readonly<Record<string, Table>>;
/** "table.column" for every column of some tables. */
type ColumnRef<T extends Tables> = { [Name in keyof T & string]: `${Name}.${keyof T[Name]["columns"] & string}` }[keyof T & string];
/** What a dataset is declared with. */
interface DatasetSpec<T extends Tables, D extends Readonly<Record<string, ColumnRef<T>>>, M extends Readonly<Record<string, Measure<ColumnRef<T>>>>> {
  readonly tables: T;
  /** What results are grouped and filtered by. */
  readonly dimensions: D;
  readonly measures: M;
  /** Dimensions from the widest to the narrowest, to drill down along. */
  readonly hierarchies: Readonly<Record<string, readonly (keyof D & string)[]>>;
  /** Totals that are worth keeping beside the files, by name. */
  readonly rollups?: Readonly<Record<string, Rollup<keyof T & string, keyof D & string>>>;
}
/** Totals of a fact table by some dimensions; every measure is kept whose whole follows from such totals. */
interface Rollup<Fact extends string = string, Dimension extends string = string> {
  readonly of: Fact;
  readonly by: readonly Dimension[];
}
/** A star schema with its measures: schemas of files, generators, tests and queries follow from it. */
interface DatasetModel<T extends Tables = Tables, D extends Readonly<Record<string, string>> = Readonly<Record<string, string>>, M extends Readonly<Record<string, Measure>> = Readonly<Record<string, Measure>>> {
  readonly name: string;
  readonly tables: T;
  readonly dimensions: D;
  readonly measures: M;
  readonly hierarchies: Readonly<Record<string, readonly string[]>>;
  readonly rollups?: Readonly<Record<string, Rollup>>;
}
type KindAt<T extends Tables, Ref> = Ref extends `${infer Name}.${infer Field}` ? Name extends keyof T ? T[Name] extends Table<infer C extends Columns> ? Field extends keyof C ? C[Field] extends Column<infer Kind> ? Kind : never : never : never : never : never;
/** The JavaScript type of the values of a dimension. */
type DimensionValue<Model extends DatasetModel, Name extends keyof Model["dimensions"]> = ValueOfKind<KindAt<Model["tables"], Model["dimensions"][Name]> extends infer Kind extends ColumnKind ? [Kind] extends [never] ? ColumnKind : Kind : ColumnKind>;
/**
 * Declares a dataset. Throws DatasetError (AF_DATASET_DECLARATION) with every problem of the declaration.
 *
 * @example
 * dataset("shop", {
 *   tables: { dim_day: dimension({ ... }), sale: fact({ ... }) },
 *   dimensions: { year: "dim_day.year" },
 *   measures: { revenue: sum("sale.revenue") },
 *   hierarchies: { calendar: ["year"] },
 * });
 */
declare function dataset$1<const T extends Tables, const D extends Readonly<Record<string, ColumnRef<T>>>, const M extends Readonly<Record<string, Measure<ColumnRef<T>>>>>(name: string, spec: DatasetSpec<T, D, M>): DatasetModel<T, D, M>;
/** A value that is filtered by. */
type FilterValue = string | number | boolean;
/** Which values of a dimension are meant: one, one of several, or those between two, both included. */
type Filter<Value extends FilterValue = FilterValue> = Value | readonly Value[] | {
  readonly from?: Value;
  readonly until?: Value;
};
/** The name of a dimension of a dataset. */
type DimensionName<Model extends DatasetModel> = keyof Model["dimensions"] & string;
/** The name of a measure of a dataset. */
type MeasureName<Model extends DatasetModel> = keyof Model["measures"] & string;
/** A measure that is computed over the rows of the answer, by a window of SQL. */
type WindowMeasure<Measure extends string = string, Dimension extends string = string> = /** The mean of this row and the `size - 1` rows before it along the dimensions, among those that share all others. */{
  readonly kind: "moving-average";
  readonly of: Measure;
  readonly size: number;
  readonly along: readonly Dimension[];
}
/**
 * The change since the value `step` before along a dimension of whole numbers or days, as a fraction; nothing after a
 * gap. The step is 1 if not given: weeks that are told by their first day are 7 apart.
 */
| {
  readonly kind: "growth";
  readonly of: Measure;
  readonly along: Dimension;
  readonly step?: number;
} /** The value `step` before along a dimension of whole numbers or days; nothing after a gap. */ | {
  readonly kind: "previous";
  readonly of: Measure;
  readonly along: Dimension;
  readonly step?: number;
} /** The place by the measure, the greatest first. Equals share a rank; a row number they do not share. */ | {
  readonly kind: "rank" | "row-number";
  readonly of: Measure;
  readonly within: readonly Dimension[];
};
/** What is asked of a dataset: measures by dimensions. */
interface Question<Model extends DatasetModel = DatasetModel, By extends DimensionName<Model> = DimensionName<Model>, Asked extends MeasureName<Model> = MeasureName<Model>, Windows extends Readonly<Record<string, WindowMeasure<NoInfer<Asked>, NoInfer<By>>>> = Readonly<Record<string, WindowMeasure<NoInfer<Asked>, NoInfer<By>>>>> {
  readonly measures: readonly Asked[];
  /** What the rows of the answer are about; one row over all if not given. */
  readonly by?: readonly By[];
  readonly where?: { readonly [Name in DimensionName<Model>]?: Filter<DimensionValue<Model, Name>> };
  readonly windows?: Windows;
  /** Only the rows whose rank, or row number, is at most `count`; `by` names the window measure. */
  readonly top?: {
    readonly by: keyof Windows & string;
    readonly count: number;
  };
  /** Only the rows with these values, after windows were computed over all: growth needs the year before. */
  readonly show?: { readonly [Name in By]?: Filter<DimensionValue<Model, Name>> };
  /** Names of columns of the answer, `-` before one for the greatest first; by the dimensions if not given. */
  readonly order?: readonly string[];
  readonly limit?: number;
}
/** A row of the answer. A measure has no value where it cannot be computed: a mean of nothing, growth from nothing. */
type AnswerRow<Model extends DatasetModel, By extends DimensionName<Model>, Asked extends MeasureName<Model>, Windows extends Readonly<Record<string, unknown>>> = { readonly [Name in By]: DimensionValue<Model, Name> } & { readonly [Name in Asked | (string extends keyof Windows ? never : keyof Windows & string)]: number | null };
/**
 * The `sales` dataset (OLP-1): what a retailer sold, one row per line of a receipt. It is synthetic; `af analytics
 * generate` makes it.
 */
declare const sales: DatasetModel<{
  readonly dim_time: Table<{
    readonly time_key: Column<"integer">;
    readonly date: Column<"date">;
    readonly year: Column<"integer">;
    readonly quarter: Column<"integer">;
    readonly month: Column<"integer">;
    readonly day: Column<"integer">;
    readonly is_weekend: Column<"flag">;
    readonly is_holiday: Column<"flag">;
  }>;
  readonly dim_geography: Table<{
    readonly geo_key: Column<"integer">;
    readonly region: Column<"text">;
    readonly country: Column<"text">;
    readonly state: Column<"text">;
    readonly city: Column<"text">;
    readonly lat: Column<"real">;
    readonly lon: Column<"real">;
  }>;
  readonly dim_product: Table<{
    readonly product_key: Column<"integer">;
    readonly product_id: Column<"text">;
    readonly name: Column<"text">;
    readonly category: Column<"text">;
    readonly subcategory: Column<"text">;
    readonly brand: Column<"text">;
    readonly effective_date: Column<"date">;
    readonly expiration_date: Column<"date">;
    readonly is_current: Column<"flag">;
  }>;
  readonly dim_customer: Table<{
    readonly customer_key: Column<"integer">;
    readonly customer_id: Column<"text">;
    readonly segment: Column<"text">;
    readonly channel: Column<"text">;
    readonly ltv_tier: Column<"text">;
  }>;
  readonly dim_payment: Table<{
    readonly payment_key: Column<"integer">;
    readonly payment_type: Column<"text">;
    readonly provider: Column<"text">;
    readonly fee_percent: Column<"real">;
  }>;
  readonly sales_fact: Table<{
    transaction_id: Column<"integer">;
    line_item_id: Column<"integer">;
    date: Column<"date">;
    time_key: Column<"integer">;
    geo_key: Column<"integer">;
    product_key: Column<"integer">;
    customer_key: Column<"integer">;
    payment_key: Column<"integer">;
    quantity: Column<"integer">;
    unit_price: Column<"money">;
    revenue: Column<"money">;
    cost: Column<"money">;
    discount_amount: Column<"money">;
    profit: Column<"money">;
  }>;
}, {
  readonly year: "dim_time.year";
  readonly quarter: "dim_time.quarter";
  readonly month: "dim_time.month";
  readonly day: "dim_time.day";
  readonly date: "sales_fact.date";
  readonly weekend: "dim_time.is_weekend";
  readonly holiday: "dim_time.is_holiday";
  readonly region: "dim_geography.region";
  readonly country: "dim_geography.country";
  readonly state: "dim_geography.state";
  readonly city: "dim_geography.city";
  readonly category: "dim_product.category";
  readonly subcategory: "dim_product.subcategory";
  readonly brand: "dim_product.brand";
  readonly product: "dim_product.product_id";
  readonly product_name: "dim_product.name";
  readonly segment: "dim_customer.segment";
  readonly channel: "dim_customer.channel";
  readonly ltv_tier: "dim_customer.ltv_tier";
  readonly payment_type: "dim_payment.payment_type";
  readonly provider: "dim_payment.provider";
}, {
  readonly revenue: Measure<"sales_fact.revenue">;
  readonly cost: Measure<"sales_fact.cost">;
  readonly profit: Measure<"sales_fact.profit">;
  readonly discount: Measure<"sales_fact.discount_amount">;
  readonly units: Measure<"sales_fact.quantity">;
  readonly lines: Measure<never>;
  readonly customers: Measure<"sales_fact.customer_key">;
  readonly margin: Measure<"sales_fact.revenue" | "sales_fact.profit">;
  readonly average_price: Measure<"sales_fact.revenue" | "sales_fact.quantity">;
}>;
/** One test of a dataset and what came of it. */
interface DatasetCheck {
  /** What has to hold: "product_key of sales_fact is a key of dim_product". */
  readonly name: string;
  readonly table: string;
  readonly passed: boolean;
  /** What was found instead, with a file or an example; "" if it passed. */
  readonly detail: string;
}
/** What came of all tests of a dataset. */
interface DatasetReport {
  readonly directory: string;
  readonly dataset: string;
  readonly passed: boolean;
  readonly checks: readonly DatasetCheck[];
}
/**
 * Tests a dataset against its declaration and its manifest: files and checksums, keys, foreign keys, values, versions,
 * rules, statistics and folders. Damaged files, and files with other columns, are named, and nothing else is then tested. Throws DatasetError if there
 * is no dataset or its manifest is damaged.
 */
declare function checkDataset(model: DatasetModel, directory: string, settings?: DuckSettings): Promise<DatasetReport>;
/** What answering a question took (OLP-11). */
interface Receipt {
  /** Files of the fact table that were read, and that no row of the answer could come from. */
  readonly filesRead: number;
  readonly filesSkipped: number;
  /** The rollup that was read in place of the fact table, if one was. */
  readonly rollup?: string;
  /** Rows of the files that were read, before row groups are skipped. */
  readonly rowsInFiles: number;
  /** The size of these files, all columns included. */
  readonly bytesInFiles: number;
  /** Row groups of those files by whether their extremes allow a matching row; only with `profile`. */
  readonly rowGroups?: {
    readonly read: number;
    readonly skipped: number;
  };
  /** Rows that the scans handed on; only with `profile`. */
  readonly rowsScanned?: number;
  /** What this process read while the question was answered, files in memory included; Linux only. */
  readonly bytesRead?: number;
  /**
   * How long it takes to add up the same columns of the same files and do nothing else, measured right after the answer:
   * what an answer from these files cannot fall much below. Only with `profile`, and not for a rollup.
   */
  readonly bareScanMs?: number;
  /** Time of all cores in this process meanwhile. */
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly resultRows: number;
}
/** A line of the query log. */
interface QueryRecord {
  readonly queryId: string;
  /** When it began, in ISO form. */
  readonly timestamp: string;
  readonly sql: string;
  /** From asking to the answer, the wait included. */
  readonly durationMs: number;
  /** How long it waited for its turn. */
  readonly queuedMs: number;
  /** True if it was answered together with an equal question that was asked before it. */
  readonly shared: boolean;
  readonly resultRows: number;
  /** The code of the error, if it failed. */
  readonly failed?: string;
}
/** The rows that answer a question, how they were found, and what it took. */
interface Answer<AnsweredRow = Row> {
  readonly columns: readonly string[];
  readonly rows: readonly AnsweredRow[];
  readonly sql: string;
  readonly receipt: Receipt;
}
/** A rollup as it lies beside the files of a dataset. */
interface RollupFile {
  readonly name: string;
  readonly fact: string;
  /** The dimensions whose totals it holds. */
  readonly by: readonly string[];
  /** The totals that it holds, such as `sum(revenue)`. */
  readonly columns: readonly string[];
  /** Relative to the folder of the dataset, with `/` on every system. */
  readonly path: string;
  readonly rows: number;
  readonly sizeBytes: number;
  readonly sha256: string;
}
/** The rollups of a dataset. They are used while `generation` is that of the dataset, and never after. */
interface RollupManifest {
  readonly version: 1;
  readonly generation: number;
  readonly rollups: readonly RollupFile[];
}
/** Which files a question needs. */
interface PrunedFiles {
  readonly opened: readonly DatasetFile[];
  readonly skipped: readonly DatasetFile[];
}
/** How a question is answered. */
interface QuestionPlan {
  readonly sql: string;
  /** The values of `$1`, `$2` and so on. */
  readonly parameters: readonly Parameter[];
  /** The files of the fact table that are read, and those that are not. */
  readonly files: PrunedFiles;
  readonly fact: string;
  /** The columns of the fact table that are read. */
  readonly columns: readonly string[];
  /** The window measures of the answer. */
  readonly windows: readonly string[];
  /** The rollup that is read in place of the files, if one has what the question asks for. */
  readonly rollup?: RollupFile;
}
/** A file that an answer was written to. */
interface WrittenAnswer {
  readonly path: string;
  readonly rows: number;
  readonly sizeBytes: number;
}
/** How a dataset is opened. */
interface OpenOptions extends Pick<DuckSettings, "threads" | "memoryLimitMb"> {
  /** Which files are read; Parquet where there are some, if not given. */
  readonly format?: FileFormat;
  /** How many questions are answered at once, each on all threads; 2 if not given. The others wait in order. */
  readonly atOnce?: number;
  /** How many questions may wait; 1,000 if not given. */
  readonly waitingMax?: number;
  /** Folders beside the dataset whose files SQL may read too; none if not given. */
  readonly alsoRead?: readonly string[];
  /** Takes a record of each query, also of one that failed. */
  readonly onQuery?: (record: QueryRecord) => void;
}
/** How one question is answered. */
interface AskOptions {
  /** Counts row groups and scanned rows too, and reads the columns again to time a bare scan of them. */
  readonly profile?: boolean;
  /** False to read every file, also those in which nothing matches: what a comparison is made with. */
  readonly prune?: boolean;
  /** Which files are read; those that the dataset was opened with, if not given. */
  readonly format?: FileFormat;
  /** False to answer from the files of the fact table, also where a rollup has the answer. */
  readonly rollups?: boolean;
  /** Calls the question off: it leaves the queue, or DuckDB is interrupted. */
  readonly signal?: AbortSignal;
}
/**
 * A dataset that is open for questions. Many may be asked at once: equal ones are answered together, the others in the
 * order in which they came.
 */
declare class OpenDataset<Model extends DatasetModel = DatasetModel> implements Disposable {
  #private;
  readonly model: Model;
  readonly directory: string;
  private constructor();
  /** Opens the dataset in a folder. Throws DatasetError, ConfigError. */
  static open<Model extends DatasetModel>(model: Model, folder: string, options?: OpenOptions): Promise<OpenDataset<Model>>;
  /** What the dataset consists of, as of the last question. */
  get manifest(): DatasetManifest;
  /** True if rollups were made for the dataset, be they of now or of before. */
  get hasRollups(): boolean;
  /** True if the dataset has rollups, and they were made of what it consists of now; others are never read. */
  get rollupsAreCurrent(): boolean;
  /** How many questions are being answered, and how many wait. */
  get load(): {
    readonly running: number;
    readonly waiting: number;
  };
  /** The SQL of a question and the files that it would read, without reading them. Throws QueryError. */
  plan(question: Question<Model>, options?: Pick<AskOptions, "prune" | "format" | "rollups">): QuestionPlan;
  /** Answers a question. Throws QueryError, QueryCancelledError, QueryQueueFullError, DatasetError. */
  ask<const By extends keyof Model["dimensions"] & string = never, const Asked extends keyof Model["measures"] & string = never, const Windows extends Readonly<Record<string, WindowMeasure<NoInfer<Asked>, NoInfer<By>>>> = Record<never, never>>(question: Question<Model, By, Asked, Windows>, options?: AskOptions): Promise<Answer<AnswerRow<Model, By, Asked, Windows>>>;
  /** Answers several questions at once, in their order. The first failure calls off the others, and is thrown. */
  askAll(questions: readonly Question<Model>[], options?: AskOptions): Promise<readonly Answer[]>;
  /**
   * Writes the answer to a question, or to a SELECT of your own, to a Parquet file, in place of one that is there. Throws
   * what `ask` and `sql` throw.
   */
  writeParquet(question: Question<Model> | string, path: string, options?: AskOptions): Promise<WrittenAnswer>;
  /**
   * The plan of DuckDB for a question, as text; with `analyze` the question is answered, and the plan has its times, with
   * `tree` it is one line for each operator.
   */
  explain(question: Question<Model>, options?: Pick<AskOptions, "prune" | "format" | "rollups"> & {
    readonly analyze?: boolean;
    readonly tree?: boolean;
  }): Promise<string>;
  /**
   * Does a SELECT of your own over the tables of the dataset; `$1`, `$2` and so on stand for the parameters. It reaches
   * no other file and no network. Throws QueryRefusedError for anything else, and what `ask` throws.
   */
  sql(text: string, parameters?: readonly Parameter[], {
    signal
  }?: Pick<AskOptions, "signal">): Promise<Answer>;
  /** Takes up what was published since: months that were appended, rollups that were made. False if nothing was. */
  refresh(): Promise<boolean>;
  close(): void;
  [Symbol.dispose](): void;
}
/** The ports of a run store that an export reads. */
type ExportedStore = Pick<StoreBackend, "runs" | "exports">;
/** How far an export is. */
interface ExportProgress {
  /** Runs that the dataset holds now and did not hold before as they are. */
  readonly runs: number;
  readonly batches: number;
}
/** How runs are exported. */
interface ExportOptions extends Pick<DuckSettings, "threads" | "memoryLimitMb"> {
  /** Whose runs; `default` if not given. */
  readonly tenant?: string;
  /** Runs that are published together; 5,000 if not given. */
  readonly batchRuns?: number;
  /** True to look at every finished run, also those that an export has taken: for a dataset that was lost. */
  readonly all?: boolean;
  readonly onProgress?: (progress: ExportProgress) => void;
}
/** What an export did. */
interface ExportReport {
  readonly manifest: DatasetManifest;
  /** Runs that were added, and those of them that stand in place of what was exported before they went on. */
  readonly runs: number;
  readonly replaced: number;
  /** Runs that the dataset held already. */
  readonly known: number;
  readonly batches: number;
  /** Batches that exports into other datasets have claimed and not completed. */
  readonly claimedElsewhere: number;
}
/**
 * Adds the finished runs of a store that no export has taken as they are to the `runs` dataset in a folder, which is made
 * if there is none. Throws DatasetError (AF_DATASET_LOCKED while another export writes it), ValidationError, ConfigError
 * and the StoreErrors of the back end.
 */
declare function exportRuns(store: ExportedStore, directory: string, options?: ExportOptions): Promise<ExportReport>;
/**
 * The `runs` dataset (OLP-30): the platform's own history, one row per run, step, model call, tool call and cost of the
 * runs that have finished. `af analytics export` writes it.
 */
declare const runs$1: DatasetModel<{
  readonly dim_time: Table<{
    readonly time_key: Column<"integer">;
    readonly date: Column<"date">;
    readonly year: Column<"integer">;
    readonly quarter: Column<"integer">;
    readonly month: Column<"integer">;
    readonly day: Column<"integer">;
    readonly week: Column<"date">;
    readonly is_weekend: Column<"flag">;
  }>;
  readonly dim_tenant: Table<{
    readonly tenant_key: Column<"integer">;
    readonly tenant: Column<"text">;
  }>;
  readonly dim_workflow: Table<{
    readonly workflow_key: Column<"integer">;
    readonly workflow: Column<"text">;
    readonly version: Column<"text">;
    readonly fingerprint: Column<"text">;
  }>;
  readonly dim_node: Table<{
    readonly node_key: Column<"integer">;
    readonly workflow: Column<"text">;
    readonly path: Column<"text">;
    readonly node: Column<"text">;
    readonly depth: Column<"integer">;
  }>;
  readonly dim_model: Table<{
    readonly model_key: Column<"integer">;
    readonly provider: Column<"text">;
    readonly model: Column<"text">;
  }>;
  readonly dim_agent: Table<{
    readonly agent_key: Column<"integer">;
    readonly agent: Column<"text">;
  }>;
  readonly fact_run: Table<{
    readonly sequence: Column<"integer">;
    readonly status: Column<"text">;
    readonly failure: Column<"text">;
    readonly failed: Column<"integer">;
    readonly duration_ms: Column<"real">;
    readonly active_ms: Column<"real">;
    readonly steps: Column<"integer">;
    readonly resumes: Column<"integer">;
    readonly run_key: Column<"integer">;
    readonly run_id: Column<"text">;
    readonly tenant_key: Column<"integer">;
    readonly workflow_key: Column<"integer">;
    readonly date: Column<"date">;
    readonly time_key: Column<"integer">;
    readonly started_ms: Column<"long">;
  }>;
  readonly fact_step: Table<{
    readonly status: Column<"text">;
    readonly failure: Column<"text">;
    readonly duration_ms: Column<"real">;
    readonly busy_ms: Column<"real">;
    readonly attempts: Column<"integer">;
    readonly failures: Column<"integer">;
    readonly retries: Column<"integer">;
    readonly cache_asked: Column<"integer">;
    readonly cache_hits: Column<"integer">;
    readonly step_number: Column<"integer">;
    readonly step_id: Column<"text">;
    readonly node_key: Column<"integer">;
    readonly agent_key: Column<"integer">;
    readonly run_key: Column<"integer">;
    readonly run_id: Column<"text">;
    readonly tenant_key: Column<"integer">;
    readonly workflow_key: Column<"integer">;
    readonly date: Column<"date">;
    readonly time_key: Column<"integer">;
    readonly started_ms: Column<"long">;
  }>;
  readonly fact_model_call: Table<{
    readonly cached: Column<"integer">;
    readonly input_tokens: Column<"integer">;
    readonly output_tokens: Column<"integer">;
    readonly cached_tokens: Column<"integer">;
    readonly duration_ms: Column<"real">;
    readonly attempt: Column<"integer">;
    readonly failed: Column<"integer">;
    readonly failure: Column<"text">;
    readonly model_key: Column<"integer">;
    readonly call_number: Column<"integer">;
    readonly step_number: Column<"integer">;
    readonly step_id: Column<"text">;
    readonly node_key: Column<"integer">;
    readonly agent_key: Column<"integer">;
    readonly run_key: Column<"integer">;
    readonly run_id: Column<"text">;
    readonly tenant_key: Column<"integer">;
    readonly workflow_key: Column<"integer">;
    readonly date: Column<"date">;
    readonly time_key: Column<"integer">;
    readonly started_ms: Column<"long">;
  }>;
  readonly fact_tool_call: Table<{
    readonly cache_asked: Column<"integer">;
    readonly cache_hits: Column<"integer">;
    readonly duration_ms: Column<"real">;
    readonly attempt: Column<"integer">;
    readonly failed: Column<"integer">;
    readonly failure: Column<"text">;
    readonly tool: Column<"text">;
    readonly effect: Column<"integer">;
    readonly call_number: Column<"integer">;
    readonly step_number: Column<"integer">;
    readonly step_id: Column<"text">;
    readonly node_key: Column<"integer">;
    readonly agent_key: Column<"integer">;
    readonly run_key: Column<"integer">;
    readonly run_id: Column<"text">;
    readonly tenant_key: Column<"integer">;
    readonly workflow_key: Column<"integer">;
    readonly date: Column<"date">;
    readonly time_key: Column<"integer">;
    readonly started_ms: Column<"long">;
  }>;
  readonly fact_cost: Table<{
    readonly model_key: Column<"integer">;
    readonly amount: Column<"amount">;
    readonly estimate: Column<"amount">;
    readonly estimated_amount: Column<"amount">;
    readonly call_number: Column<"integer">;
    readonly step_number: Column<"integer">;
    readonly step_id: Column<"text">;
    readonly node_key: Column<"integer">;
    readonly agent_key: Column<"integer">;
    readonly run_key: Column<"integer">;
    readonly run_id: Column<"text">;
    readonly tenant_key: Column<"integer">;
    readonly workflow_key: Column<"integer">;
    readonly date: Column<"date">;
    readonly time_key: Column<"integer">;
    readonly started_ms: Column<"long">;
  }>;
}, {
  readonly year: "dim_time.year";
  readonly quarter: "dim_time.quarter";
  readonly month: "dim_time.month";
  readonly day: "dim_time.day";
  readonly date: "dim_time.date";
  readonly week: "dim_time.week";
  readonly weekend: "dim_time.is_weekend";
  readonly tenant: "dim_tenant.tenant";
  readonly workflow: "dim_workflow.workflow";
  readonly version: "dim_workflow.version";
  readonly node: "dim_node.node";
  readonly path: "dim_node.path";
  readonly provider: "dim_model.provider";
  readonly model: "dim_model.model";
  readonly agent: "dim_agent.agent";
  readonly run: "fact_run.run_id";
  readonly status: "fact_run.status";
  readonly failure: "fact_run.failure";
  readonly step: "fact_step.step_id";
  readonly step_run: "fact_step.run_id";
  readonly step_status: "fact_step.status";
  readonly step_failure: "fact_step.failure";
  readonly tool: "fact_tool_call.tool";
  readonly tool_failure: "fact_tool_call.failure";
  readonly model_failure: "fact_model_call.failure";
}, {
  readonly runs: Measure<never>;
  readonly failed_runs: Measure<"fact_run.failed">;
  readonly failure_rate: Measure<"fact_run.failed">;
  readonly run_p50_ms: Measure<"fact_run.duration_ms">;
  readonly run_p95_ms: Measure<"fact_run.duration_ms">;
  readonly active_ms: Measure<"fact_run.active_ms">;
  readonly steps: Measure<never>;
  readonly attempts: Measure<"fact_step.attempts">;
  readonly failures: Measure<"fact_step.failures">;
  readonly retries: Measure<"fact_step.retries">;
  readonly retry_rate: Measure<"fact_step.attempts" | "fact_step.retries">;
  readonly step_p50_ms: Measure<"fact_step.duration_ms">;
  readonly step_p95_ms: Measure<"fact_step.duration_ms">;
  readonly step_p99_ms: Measure<"fact_step.duration_ms">;
  readonly longest_ms: Measure<"fact_step.duration_ms">;
  readonly busy_ms: Measure<"fact_step.busy_ms">;
  readonly cache_asked: Measure<"fact_step.cache_asked">;
  readonly cache_hits: Measure<"fact_step.cache_hits">;
  readonly cache_hit_rate: Measure<"fact_step.cache_asked" | "fact_step.cache_hits">;
  readonly model_calls: Measure<never>;
  readonly model_failures: Measure<"fact_model_call.failed">;
  readonly cached_answers: Measure<"fact_model_call.cached">;
  readonly model_p95_ms: Measure<"fact_model_call.duration_ms">;
  readonly input_tokens: Measure<"fact_model_call.input_tokens">;
  readonly output_tokens: Measure<"fact_model_call.output_tokens">;
  readonly cached_tokens: Measure<"fact_model_call.cached_tokens">;
  readonly tool_calls: Measure<never>;
  readonly tool_failures: Measure<"fact_tool_call.failed">;
  readonly tool_p95_ms: Measure<"fact_tool_call.duration_ms">;
  readonly cost: Measure<"fact_cost.amount">;
  readonly estimate: Measure<"fact_cost.estimate">;
  readonly estimated_cost: Measure<"fact_cost.estimated_amount">;
  readonly cost_per_estimate: Measure<"fact_cost.estimate" | "fact_cost.estimated_amount">;
}>;
/** What a pattern is called with; each has a default. */
interface PatternParameters {
  readonly measure?: string;
  readonly by?: readonly string[];
  readonly where?: Question["where"];
  /** The hierarchy that is drilled down along; the calendar if not given. */
  readonly along?: string;
  /** Rows of the moving average. */
  readonly size?: number;
  /** Rows of each ranking. */
  readonly top?: number;
}
/** A question that is asked again and again, with what varies as parameters (OLP-10). */
interface Pattern {
  readonly describes: string;
  readonly question: (model: DatasetModel, parameters: PatternParameters) => Question;
}
/** The patterns by name. */
declare const patterns: {
  readonly totals: {
    readonly describes: "A measure by dimensions: revenue by region and year.";
    readonly question: (model: DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, parameters: PatternParameters) => Question<DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, string, string, Readonly<Record<string, WindowMeasure<string, string>>>>;
  };
  readonly "drill-down": {
    readonly describes: "A measure along a hierarchy, such as the calendar: the level below the one that is filtered by (year, quarter, month, day).";
    readonly question: (model: DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, parameters: PatternParameters) => Question<DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, string, string, Readonly<Record<string, WindowMeasure<string, string>>>>;
  };
  readonly "moving-average": {
    readonly describes: "A measure by month with the mean of the last months, per category.";
    readonly question: (model: DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, parameters: PatternParameters) => Question<DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, string, string, Readonly<Record<string, WindowMeasure<string, string>>>>;
  };
  readonly growth: {
    readonly describes: "A measure by year with its growth since the year before, per region.";
    readonly question: (model: DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, parameters: PatternParameters) => Question<DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, string, string, Readonly<Record<string, WindowMeasure<string, string>>>>;
  };
  readonly ranking: {
    readonly describes: "The first products of each quarter by a measure, with rank and row number.";
    readonly question: (model: DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, parameters: PatternParameters) => Question<DatasetModel<Readonly<Record<string, Table<Readonly<Record<string, Column<ColumnKind>>>>>>, Readonly<Record<string, string>>, Readonly<Record<string, Measure>>>, string, string, Readonly<Record<string, WindowMeasure<string, string>>>>;
  };
};
/** The name of a pattern. */
type PatternName = keyof typeof patterns;
/** The patterns that a dataset can be asked: those of every dataset, and the ready questions of `runs`. */
declare function patternsOf({
  name
}: DatasetModel): Readonly<Record<string, Pattern>>;
/** The question of a pattern. Throws QueryError if the dataset has no pattern of this name. */
declare function patternQuestion(model: DatasetModel, name: string, parameters?: PatternParameters): Question;
/** The ready questions about the platform's own history (OLP-31). */
declare const runsPatterns: {
  readonly cost: Pattern;
  readonly estimates: Pattern;
  readonly latency: Pattern;
  readonly retries: Pattern;
  readonly failures: Pattern;
  readonly outcomes: Pattern;
  readonly cache: Pattern;
  readonly "slowest-steps": Pattern;
  readonly "week-over-week": {
    readonly describes: "A measure by week with its growth since the week before; runs if no measure is given.";
    readonly question: (_: DatasetModel, {
      measure,
      by,
      where
    }: PatternParameters) => Question;
  };
};
/** How a dataset is loaded into a database. */
interface LoadOptions extends Pick<DuckSettings, "threads" | "memoryLimitMb"> {
  /** The database file; one that is there is replaced when everything is loaded. */
  readonly database: string;
  /** Rows of one insert; 1,000,000 if not given. */
  readonly batchRows?: number;
  readonly workers?: number;
  readonly onProgress?: OnProgress;
}
/** What was loaded. */
interface LoadReport {
  readonly database: string;
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>;
  readonly rows: number;
  readonly batches: number;
}
/**
 * Makes a DuckDB database with the tables of a dataset, and loads its files into them in parallel batches (OLP-5). The
 * database appears under its name when it is whole. Throws DatasetError, ConfigError.
 */
declare function loadDataset(model: DatasetModel, directory: string, options: LoadOptions): Promise<LoadReport>;
/** One measure of a chart: a value for each place of its axis; null where there is none. */
interface ChartSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** True for what is derived from another series, such as its moving average: drawn dashed. */
  readonly derived?: boolean;
}
/** Bars from the left, one group for each label. */
interface BarChart {
  readonly title: string;
  readonly labels: readonly string[];
  readonly series: readonly ChartSeries[];
}
/** A part of a line chart with a title of its own, such as one category; all parts have the same scales. */
interface ChartPanel {
  readonly title: string;
  readonly series: readonly ChartSeries[];
}
/** Lines along places that are labelled, or that are numbers. */
interface LineChart {
  readonly title: string;
  /** Texts stand at equal distances, numbers where they belong. */
  readonly along: readonly string[] | readonly number[];
  readonly panels: readonly ChartPanel[];
  /** Logarithmic scales, on which growth in proportion is a straight line; for numbers above 0. */
  readonly logarithmic?: boolean;
  /** What the places are, such as "million rows". */
  readonly axisTitle?: string;
}
/** Draws bars as SVG: labels on the left, the amount at the end of each bar, a legend where there are several series. */
declare function barChartSvg({
  title,
  labels,
  series
}: BarChart): string;
/** A table of cells with the names of its columns. */
interface RowTable {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}
/** Writes rows as CSV (RFC 4180) with a line of names; no value is an empty field. */
declare function rowsToCsv({
  columns,
  rows
}: RowTable): string;
/** Writes rows as a table of Markdown; numbers stand to the right. */
declare function rowsToMarkdown({
  columns,
  rows
}: RowTable): string;
/** Which columns of an answer a chart is made of. */
interface ChartColumns {
  readonly title: string;
  /** What the rows are about. */
  readonly dimensions: readonly string[];
  /** Those of the dimensions that are time, from the widest. */
  readonly time: readonly string[];
  /** What is drawn. */
  readonly values: readonly string[];
  /** Those of the values that are derived from another one. */
  readonly derived?: readonly string[];
}
/** Makes bars of an answer: its last dimension, where it has few values, stands side by side. */
declare function barChartOf({
  rows
}: RowTable, {
  title,
  dimensions,
  values
}: ChartColumns): BarChart;
/** Makes lines along time of an answer, with a panel for each value of the other dimensions, the greatest first. */
declare function lineChartOf(table: RowTable, columns: ChartColumns): LineChart;
/** What a page shows. */
interface ChartPage {
  readonly title: string;
  /** Charts as SVG. */
  readonly charts: readonly string[];
  /** The figures behind them, which a chart cannot say exactly. */
  readonly table?: RowTable;
}
/** Writes charts and their figures as one page of HTML that needs nothing else, and runs nothing. */
declare function chartPage({
  title,
  charts,
  table
}: ChartPage): string;
/**
 * Draws lines as SVG, in as many panels as there are. A derived series has the colour of the one before it, and is dashed.
 * Throws QueryError for a logarithmic scale with numbers that are not above 0.
 */
declare function lineChartSvg(chart: LineChart): string;
/** Draws values as one line of blocks, the least as the lowest; a space where there is none. */
declare function sparkline(values: readonly (number | null)[]): string;
/**
 * Draws bars with characters, one line each: label, bar, amount. A negative amount has a bar of `░`, so that its sign is
 * seen. Several series are named at each bar.
 */
declare function barChartText({
  labels,
  series
}: BarChart, columns?: number): string[];
/** Draws lines as sparklines: panel, series, its course, and the amounts of its ends. */
declare function lineChartText({
  panels
}: LineChart): string[];
/**
 * Adds to each measure of a question its value of the year before (`revenue_before`) and the change since
 * (`revenue_growth`). A filter on the year stays what is shown; the years before are read beside it. Throws QueryError if
 * the dataset has no calendar that begins with whole years.
 */
declare function compareYears(model: DatasetModel, question: Question): Question;
/**
 * Makes the declared rollups of a dataset, in place of those that are there. They are used for questions from then on,
 * until the next change of the dataset. A failure leaves those of before. Throws DatasetError, ConfigError.
 */
declare function buildRollups(model: DatasetModel, directory: string, settings?: Pick<DuckSettings, "threads" | "memoryLimitMb">): Promise<RollupManifest>;
/** How Parquet files are compressed. */
type Compression = "zstd" | "snappy" | "none";
/** How files are written. */
interface FileOptions {
  readonly formats: readonly FileFormat[];
  /** `zstd` if not given: the smallest by far, and read about as fast as the others. */
  readonly compression?: Compression;
  /** Rows of a row group, the unit that is skipped or read; 122,880 if not given. At least 2,048. */
  readonly rowGroupRows?: number;
}
/** What `sales` is made of; the same values give the same bytes (OLP-2). */
interface SalesParameters {
  /** Lines in the years 2021 to 2023; up to 1,000,000,000. */
  readonly rows: number;
  /** A whole number below 2^32; 42 if not given. */
  readonly seed?: number;
  /** Customers; 1,000,000 if not given. */
  readonly customers?: number;
  /** The last month, such as "2023-12"; the last of 2023 if not given. */
  readonly until?: string;
  /** The folders of the fact table: a beginning of year, quarter, month, day; the first three if not given. */
  readonly partitionBy?: readonly PartitionColumn[];
}
/** How `sales` is generated. */
interface GenerateOptions extends SalesParameters, Partial<FileOptions> {
  /** Files written at once; one for each core, at most 8, if not given. */
  readonly workers?: number;
  readonly threads?: number;
  readonly memoryLimitMb?: number;
  readonly onProgress?: OnProgress;
}
/**
 * Appends the next month to a generated `sales` dataset, in files of its own. The dataset then holds what it would
 * hold had it been generated with that month at once. Throws DatasetError, ConfigError.
 */
declare function appendSalesMonth(directory: string, options?: Pick<GenerateOptions, "workers" | "threads" | "memoryLimitMb" | "onProgress">): Promise<DatasetManifest>;
/**
 * Generates the `sales` dataset in a folder, in place of the one that is there (OLP-2 to OLP-4). What the files hold
 * depends on the parameters alone, not on threads or workers. Memory stays bounded, whatever the rows. A failure, or
 * the end of the process, leaves the dataset of before. Throws DatasetError, ValidationError, ConfigError.
 */
declare function generateSales(directory: string, options: GenerateOptions): Promise<DatasetManifest>;
/** What a compaction did. */
interface CompactionReport {
  readonly manifest: DatasetManifest;
  readonly filesBefore: number;
  readonly filesAfter: number;
  readonly sizeBytesBefore: number;
  readonly sizeBytesAfter: number;
}
/**
 * Makes one file of the files of each folder, in the declared order of their rows. A dataset with one file a folder
 * stays as it is. Throws DatasetError.
 */
declare function compactDataset(model: DatasetModel, directory: string, settings?: DuckSettings): Promise<CompactionReport>;
/** The manifest of the dataset in a folder. Throws DatasetError (AF_DATASET_NOT_FOUND) if there is none. */
declare function readManifest(directory: string): Promise<DatasetManifest>;
/** A dataset that was found. */
interface FoundDataset {
  readonly directory: string;
  readonly manifest: DatasetManifest;
}
/** The datasets in a folder and in the folders right below it, by name of folder. */
declare function listDatasets(directory: string): Promise<FoundDataset[]>;
/** The rows of each table of a dataset, as SQL that DuckDB can do: over CSV, JSON or Parquet files, or made of values. */
type TableQueries<Model extends DatasetModel = DatasetModel> = { readonly [Name in keyof Model["tables"]]: string };
/** How a dataset is written. */
interface WriteOptions extends Partial<FileOptions>, Pick<DuckSettings, "threads" | "memoryLimitMb"> {}
/**
 * Writes a dataset of your own in a folder, in place of the one that is there: each table by its query, fact tables in
 * the folders that the declaration says, all of them published at once. Columns are taken by name. What is written is
 * not tested; `checkDataset` does that. Throws ValidationError, QueryError, DatasetError, ConfigError.
 */
declare function writeDataset<Model extends DatasetModel>(model: Model, directory: string, queries: TableQueries<Model>, options?: WriteOptions): Promise<DatasetManifest>;
export {
  type Additivity,
  type Answer,
  type AnswerRow,
  type AskOptions,
  type BarChart,
  type Cell,
  type ChartColumns,
  type ChartPage,
  type ChartPanel,
  type ChartSeries,
  type Column,
  type ColumnKind,
  type ColumnRef,
  type ColumnRules,
  type ColumnStatistics,
  type Columns,
  type CompactionReport,
  type Compression,
  type DatasetCheck,
  type DatasetFile,
  type DatasetManifest,
  type DatasetModel,
  type DatasetReport,
  type DatasetSpec,
  type DimensionName,
  type DimensionSpec,
  type DimensionValue,
  type DuckSettings,
  type ExportOptions,
  type ExportProgress,
  type ExportReport,
  type ExportedStore,
  type FactSpec,
  type FileFormat,
  type FileOptions,
  type Filter,
  type FilterValue,
  type FoundDataset,
  type GenerateOptions,
  type LineChart,
  type LoadOptions,
  type LoadReport,
  type Measure,
  type MeasureName,
  type OnProgress,
  OpenDataset,
  type OpenOptions,
  type Parameter,
  type PartitionColumn,
  type Partitions,
  type Pattern,
  type PatternName,
  type PatternParameters,
  type PrunedFiles,
  type QueryRecord,
  type Question,
  type QuestionPlan,
  type Receipt,
  type Rollup,
  type RollupFile,
  type RollupManifest,
  type Row,
  type RowTable,
  type SalesParameters,
  type StatisticsValue,
  type Table,
  type TableQueries,
  type Tables,
  type ValueOfKind,
  type Versions,
  type WindowMeasure,
  type WorkProgress,
  type WriteOptions,
  type WrittenAnswer,
  additivityOf,
  amount,
  appendSalesMonth,
  average,
  barChartOf,
  barChartSvg,
  barChartText,
  buildRollups,
  chartPage,
  checkDataset,
  closing,
  compactDataset,
  compareYears,
  contentHash,
  count,
  dataset$1 as dataset,
  date,
  dimension,
  distinct,
  exportRuns,
  fact$1 as fact,
  flag,
  generateSales,
  greatest,
  integer,
  least,
  lineChartOf,
  lineChartSvg,
  lineChartText,
  listDatasets,
  loadDataset,
  long,
  money,
  patternQuestion,
  patterns,
  patternsOf,
  percentile,
  ratio,
  readManifest,
  real,
  rowsToCsv,
  rowsToMarkdown,
  runs$1 as runs,
  runsPatterns,
  sales,
  sparkline,
  sum,
  text,
  writeDataset,
};
