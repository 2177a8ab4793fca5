/** The name of a tenant's directory, by the same rule. */
declare function tenantDirectoryName(tenant: string): string;
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
/** Rare parts of a step outcome. */
interface StepDetail {
  /** Targets that replaced the step's edges (S16). */
  readonly goto?: readonly string[];
  /** Fields of the delta whose value is a blob: field to SHA-256 (S17). */
  readonly refs?: Readonly<Record<string, string>>;
  /** Journal entries that were not yet durable and so commit with the step (S8). */
  readonly entries?: readonly JournalEntry[];
  /** Artifacts bound by this step (RUN-30). */
  readonly artifacts?: readonly ArtifactBinding[];
  /** Artifacts that the steps of a nested workflow bound, taken over with its outcome: path to SHA-256. */
  readonly inherited?: Readonly<Record<string, string>>;
  /** The failure that `recover` turned into this delta (S11). */
  readonly recovered?: JsonObject;
  /** The step cache was asked under this key; on a hit the delta came from there instead of the node (RUN-20). */
  readonly cache?: {
    readonly answer: "hit" | "miss";
    readonly key: string;
  };
  /** The call of a flow that the step answers (ENG-53). */
  readonly call?: FlowCallKey;
  /** It declares how it is undone (ADR 20). */
  readonly compensates?: true;
}
/** What a call of a flow is known by, beside its name, which is the node of its steps. */
interface FlowCallKey {
  /** SHA-256 of the canonical JSON of its input, or of the items of a map. */
  readonly inputHash: string;
  /** Number of earlier calls with the same name and input. */
  readonly nth: number;
  /** Attempt of the flow that made it. */
  readonly attempt: number;
}
/** A name bound to content by a step. */
interface ArtifactBinding {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly reason: "created" | "changed" | "nochange";
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
/** The end of a superstep: the next frontier and what joins have seen (S2, S15). */
interface Seal {
  readonly frontier: readonly FrontierEntry[];
  /** Per join that waits: the predecessors that completed since its last firing, each with the step that did. */
  readonly joins?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** True once an exit node has completed in this scope. */
  readonly exited?: boolean;
  /** Artifacts bound so far: path to SHA-256. Only in snapshots; elsewhere the steps' details tell. */
  readonly artifacts?: Readonly<Record<string, string>>;
  /** Fingerprint of the definition that the state was migrated to last (S19). Only in snapshots of the root scope. */
  readonly definition?: string;
}
/** A node of the next superstep; a fan-out stands for `items` steps with consecutive ordinals. */
interface FrontierEntry {
  readonly node: string;
  /** Step id of the first predecessor, "" for the entry. Absent: the only step of the sealed superstep. */
  readonly origin?: string;
  /** Declared edge that led here; absent: the first. */
  readonly edge?: number;
  /** Number of items of a fan-out, and the SHA-256 of their canonical JSON; absent for a plain node. */
  readonly items?: number;
  readonly itemsHash?: string;
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
/** Content by SHA-256; names are bound in a step's commit (RUN-30). */
interface ArtifactStore {
  /** Stores the bytes durably under their hash; storing them again changes nothing. */
  put(tenant: string, bytes: Uint8Array): Promise<{
    readonly sha256: string;
    readonly sizeBytes: number;
  }>;
  /** The bytes; throws ArtifactNotFoundError. */
  get(tenant: string, sha256: string): Promise<Uint8Array>;
  has(tenant: string, sha256: string): Promise<boolean>;
}
/** Time, so that tests own it. */
interface Clock {
  /** Wall-clock milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs`; returns what cancels it. A background timer keeps no process alive. */
  setTimer(delayMs: number, callback: () => void, options?: {
    readonly background?: boolean;
  }): () => void;
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
/** The machine and process the engine runs in (S20). */
interface Host {
  readonly name: string;
  readonly pid: number;
  readonly processStart: string;
  /** Whether the process of this host with that pid and start still runs. */
  isAlive(pid: number, processStart: string): boolean;
  /** A new unique, time-ordered id (ULID). */
  newId(): string;
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
/** Results by key (RUN-20). A miss is never an error; a corrupt entry is a miss. */
interface ResponseCache {
  /** Canonical JSON of the cached value, or undefined. */
  get(scope: CacheScope, key: string): Promise<string | undefined>;
  put(scope: CacheScope, key: string, json: string): Promise<void>;
}
/** Where a cached value is shared: within one run, or within a tenant. */
type CacheScope = {
  readonly kind: "run";
  readonly tenant: string;
  readonly runId: string;
} | {
  readonly kind: "shared";
  readonly tenant: string;
};
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
/** What a store holds at the positions of a refused commit. A missing row is undefined. */
interface StoredRows {
  step(position: Position): StepRow | undefined;
  journal(row: JournalRow): JournalRow | undefined;
  attempt(row: AttemptRow): AttemptRow | undefined;
  mark(event: number): MarkRow | undefined;
}
/**
 * Says why a commit that its fence or a primary key refused was refused (S4): `duplicate` when this very commit
 * is already stored under the same epoch, `violation` when one of its positions holds something else, `fenced`
 * when the run has moved on. Nothing of the commit has been applied.
 */
declare function classifyConflict(commit: RunCommit, head: RunHead | undefined, stored: StoredRows): Exclude<CommitResult, {
  readonly kind: "committed" | "failed";
}>;
/**
 * Whether an inbox row makes a run of this status due (S21): an answer or an event only if a step waits for it, so that
 * what nobody waits for takes no run from its rest.
 */
declare function wakesRun(kind: InboxRow["kind"], status: RunStatus, isAwaited: boolean): boolean;
/** A fresh, empty artifact store for one test. */
interface ArtifactsUnderTest {
  readonly artifacts: ArtifactStore;
  /** The same contents opened again; absent where nothing survives. */
  readonly reopen?: () => Promise<ArtifactStore>;
  /** Changes the stored bytes of a content behind the store's back; absent where nobody can. */
  readonly damage?: (tenant: string, sha256: string) => Promise<void>;
  dispose(): Promise<void>;
}
/** The promises of an artifact store (RUN-30). */
declare function artifactContract(name: string, factory: () => Promise<ArtifactsUnderTest>): void;
/** A fresh, empty cache for one test, which may hold `sizeMax` characters of ASCII JSON, and little overhead. */
interface CacheUnderTest {
  readonly cache: ResponseCache;
  readonly sizeMax: number;
  /** Moves the cache's clock on, so that later uses are newer. */
  readonly tick: () => void;
  /** Replaces the stored bytes of an entry, or cuts them short; absent where nobody can. */
  readonly damage?: (scope: CacheScope, key: string, how: "replace" | "cut") => Promise<void>;
  dispose(): Promise<void>;
}
/** The promises of a response cache (RUN-20). */
declare function cacheContract(name: string, factory: () => Promise<CacheUnderTest>): void;
/**
 * Time that moves only when told to. Timers fire in the order in which they are due, equal ones in the order in
 * which they were set.
 */
declare class FakeClock implements Clock {
  #private;
  /** Starts at a wall-clock time in milliseconds since the epoch. */
  constructor(startMs?: number);
  now(): number;
  monotonic(): number;
  setTimer(delayMs: number, callback: () => void, {
    background
  }?: {
    readonly background?: boolean;
  }): () => void;
  /** Number of timers that wait. */
  get waiting(): number;
  /** Milliseconds until the next timer is due, or undefined without one. */
  get nextInMs(): number | undefined;
  /** Like `nextInMs`, without the timers that keep no process alive: a heartbeat waits for nothing. */
  get nextForegroundInMs(): number | undefined;
  /** Moves both clocks on and fires what becomes due, including timers set by timers. */
  advance(ms: number): void;
  /** Like advance, but lets promises and immediates run before and after each timer. */
  advanceAsync(ms: number): Promise<void>;
  /** Sets the wall clock forward or back without moving time: what an administrator or NTP does. */
  jump(ms: number): void;
}
/** Which processes of a pretended machine run. Hosts of one machine share it. */
declare class FakeProcesses {
  #private;
  start(pid: number, processStart: string): void;
  kill(pid: number, processStart: string): void;
  isAlive(pid: number, processStart: string): boolean;
}
/** What a fake host is made of. */
interface FakeHostParts {
  readonly name?: string;
  readonly pid?: number;
  readonly processStart?: string;
  readonly processes?: FakeProcesses;
}
/** A pretended process on a pretended machine (S20). Ids count up, so that a test sees the same ones each time. */
declare class FakeHost implements Host {
  #private;
  readonly name: string;
  readonly pid: number;
  readonly processStart: string;
  readonly processes: FakeProcesses;
  constructor(parts?: FakeHostParts);
  isAlive(pid: number, processStart: string): boolean;
  newId(): string;
  /** Ends this process; others of the machine see it gone. */
  die(): void;
}
/** Names of the store calls that can be intercepted: all but `close`. */
type StoreMethod = Exclude<keyof RunStore, "capabilities" | "close"> | keyof OwnershipStore | keyof InboxStore | keyof WaitStore | keyof QueueStore | keyof ScheduleStore | keyof RetentionStore | keyof ExportStore;
/**
 * What goes wrong at a call. `crashBefore` and `crashAfter`: the process ends before or after the store did its
 * work, so this and every later call never settles. `loseAcknowledgement`: the store did its work, the caller gets
 * StoreUnavailableError. `fail`: the store did nothing, the caller gets StoreUnavailableError. `delay`: the answer
 * comes `turns` turns of the event loop later.
 */
type FaultKind = "crashBefore" | "crashAfter" | "loseAcknowledgement" | "fail" | "delay";
/** A fault at the nth call, counted from 1 over all calls, or over calls of one method when `method` is given. */
interface Fault {
  readonly call: number;
  readonly kind: FaultKind;
  readonly method?: StoreMethod;
  readonly turns?: number;
}
/**
 * A store in front of another that goes wrong where told to. Without a fault it adds nothing: a call that answers
 * within the tick still does.
 */
declare class FaultyStore implements StoreBackend {
  #private;
  readonly runs: RunStore;
  readonly owners: OwnershipStore;
  readonly inbox: InboxStore;
  readonly waits: WaitStore;
  readonly queues: QueueStore;
  readonly schedules: ScheduleStore;
  readonly retention: RetentionStore;
  readonly exports: ExportStore;
  /** Resolves at the crash. */
  readonly crashed: Promise<void>;
  constructor(backend: StoreBackend, faults?: readonly Fault[]);
  /** The calls made so far, in order. */
  get calls(): readonly StoreMethod[];
}
/** How a scheduler chooses. */
interface SchedulerOptions {
  readonly clock?: FakeClock;
  /** `idle` (default): timers fire when all points have been released; `any`: also before. */
  readonly timers?: "idle" | "any";
  /**
   * Release a point only when nothing else goes on: a seed then gives the same order again however busy the machine is,
   * and never lets two go between which nothing happens.
   */
  readonly isSteady?: boolean;
  /** Release steadily in this order of labels, instead of drawing; what it does not name comes after it, as it arrives. */
  readonly order?: readonly string[];
  /** Asked when no point waits and nothing goes on by itself: true if it has set something going. */
  readonly whenStill?: () => Promise<boolean>;
}
/** A seeded order of everything that waits; see the head of the file. */
declare class SeededScheduler {
  #private;
  constructor(seed: string, options?: SchedulerOptions);
  /** Labels of the points released so far, in that order. */
  get released(): readonly string[];
  /** Resolves when the scheduler lets this point go. */
  point(label: string): Promise<void>;
  /**
   * Releases points and moves the clock until `work` settles, and settles like it. Throws NoProgressError when nothing
   * is left that could end it.
   */
  drive<T>(work: Promise<T>): Promise<T>;
  /** Releases points until nothing is left that goes on by itself; the clock stands still. */
  rest(): Promise<void>;
}
/** A fresh, empty store for one test. */
interface StoreUnderTest {
  readonly backend: StoreBackend;
  /** Closes the store and opens the same data again; absent where nothing survives closing. */
  readonly reopen?: () => Promise<StoreBackend>;
  /** Runs a statement outside the store; where `ctx.tx` may not create tables. */
  readonly execute?: (statement: string) => Promise<void>;
  /** Closes the store and removes its data. */
  dispose(): Promise<void>;
}
/** How the SQL of `ctx.tx` is written for a store. */
interface StoreSql {
  /** Marks the nth parameter, from 1. */
  placeholder(nth: number): string;
  /** Statements of the database that `ctx.tx` refuses, beside all that touch AgentFlow's tables. */
  readonly refused: readonly string[];
}
/** Makes the stores that a contract suite runs against. */
type StoreFactory = () => Promise<StoreUnderTest>;
/** The results of S4: one fence and one position per commit, members that succeed or fail alone. */
declare function commitContract(name: string, factory: StoreFactory): void;
/** Marks of exports: each finished run belongs to one batch, whoever claims, and again once it has gone on (OLP-30). */
declare function exportContract(name: string, factory: StoreFactory): void;
/** Inboxes: signals are kept in order, an interrupt is answered once, unless its answer is refused (S13, S21). */
declare function inboxContract(name: string, factory: StoreFactory): void;
/** Lists of runs: newest first, filtered, paged, one tenant at a time (STO-5). */
declare function listingContract(name: string, factory: StoreFactory): void;
/** Owners and epochs: only the holder of the newest epoch advances a run (S20, I6). */
declare function ownershipContract(name: string, factory: StoreFactory): void;
/** What was committed is read back whole: scopes, snapshots, records in event order, blobs, definitions. */
declare function readingContract(name: string, factory: StoreFactory): void;
/** What retention removes, and what it spares (S24). */
declare function retentionContract(name: string, factory: StoreFactory): void;
/** Registers every contract of a store back end with `node:test` (STO-1). */
declare function storeContract(name: string, factory: StoreFactory, sql?: StoreSql): void;
/** Text comes back as it went in, and ids that merely look alike stay apart (STO-4). */
declare function textContract(name: string, factory: StoreFactory): void;
/** An effect and its commit happen both or not at all (S26), where the store has transactions. */
declare function transactionContract(name: string, factory: StoreFactory, sql?: StoreSql): void;
/** What runs wait for, over all runs, and what wakes them (S13, S21). */
declare function waitsContract(name: string, factory: StoreFactory): void;
export {
  type ArtifactBinding,
  type ArtifactStore,
  type ArtifactsUnderTest,
  type AttemptRow,
  type BlobRow,
  type CacheScope,
  type CacheUnderTest,
  type CommitResult,
  type CommitStamp,
  type ExportBatch,
  type ExportStore,
  FakeClock,
  FakeHost,
  type FakeHostParts,
  FakeProcesses,
  type Fault,
  type FaultKind,
  FaultyStore,
  type FinishedStatus,
  type FlowCallKey,
  type Footprint,
  type FrontierEntry,
  type InboxRow,
  type InboxStore,
  type InterruptQuery,
  type JournalEntry,
  type JournalKind,
  type JournalRow,
  type MarkRow,
  type MarkType,
  type OpenInterrupt,
  type OwnerRow,
  type OwnershipStore,
  type Position,
  type QueueLimits,
  type QueuePlace,
  type QueueStore,
  type Queued,
  type RecordRow,
  type RemovableRun,
  type RemovalRule,
  type RemovedRun,
  type ResponseCache,
  type RestedRun,
  type RetentionPage,
  type RetentionStore,
  type RunCommit,
  type RunHead,
  type RunOrigin,
  type RunPart,
  type RunPlace,
  type RunProgress,
  type RunQuery,
  type RunStore,
  type ScheduleRow,
  type ScheduleStore,
  type SchedulerOptions,
  type ScopeRecord,
  type Seal,
  SeededScheduler,
  type SnapshotRemoval,
  type SnapshotRow,
  type SqlValue,
  type StepDetail,
  type StepRow,
  type StoreBackend,
  type StoreCapabilities,
  type StoreFactory,
  type StoreMethod,
  type StoreSpace,
  type StoreSql,
  type StoreUnderTest,
  type StoredRows,
  type TransactionSql,
  type WaitChanges,
  type WaitKey,
  type WaitRow,
  type WaitStore,
  artifactContract,
  cacheContract,
  classifyConflict,
  commitContract,
  exportContract,
  inboxContract,
  listingContract,
  ownershipContract,
  readingContract,
  retentionContract,
  storeContract,
  tenantDirectoryName,
  textContract,
  transactionContract,
  waitsContract,
  wakesRun,
};
