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
  readonly durationMs: number;
  /** The call changes something outside, as its author says. */
  readonly effect?: true;
  /** How the result was obtained, where a cache was asked; not part of the canonical log. */
  readonly cache?: "hit" | "miss";
}
/**
 * `io` and `ioError` end an outside call, `tx` an effect in the store's own transaction (S26), `now` a reading
 * of the clock; `interrupt`, `sleep` and `wait` park the step (S13), `answer` ends the interrupt and `event` the wait
 * with its key.
 */
type JournalKind = "io" | "ioError" | "tx" | "now" | "interrupt" | "sleep" | "wait" | "answer" | "event";
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
type MarkType = "run.started" | "run.resumed" | "run.recovered" | "run.migrated" | "run.waiting" | "run.paused" | "run.parked" | "run.succeeded" | "run.failed" | "run.cancelled";
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
/** Status of a run (S28). */
type RunStatus = "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "cancelled";
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
    readonly definition: string;
  };
  /** True when this commit gives the run back (parked or finished): clears the owner. */
  readonly release?: boolean;
  readonly steps: readonly StepRow[];
  readonly journal: readonly JournalRow[];
  readonly attempts: readonly AttemptRow[];
  readonly marks: readonly MarkRow[];
  readonly snapshots: readonly SnapshotRow[];
  /** Blobs the rows refer to; storing one again under its hash changes nothing. */
  readonly blobs: readonly BlobRow[];
}
/**
 * What became of one member of a grouped commit (S4). `duplicate`: every row is already there with the same
 * idempotency key, nothing changed. `violation`: a position holds another outcome. `fenced`: the head has moved
 * on under another owner. `failed`: this member met an error of the store; the others are not affected.
 */
type CommitResult = {
  readonly kind: "committed";
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
  /** Durability levels it can keep (S5). */
  readonly durability: readonly Durability[];
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
/** Filter of a run list; newest first, paged by the last run id seen. */
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
   * same order. Members succeed or fail alone (S4). Resolves when durable at the store's level (S5).
   * Throws a StoreError only when no member could be tried.
   */
  commit(members: readonly RunCommit[]): Awaitable<readonly CommitResult[]>;
  /**
   * Runs `work` and `finish(its value)` as one transaction: the effect and the commit that records it happen
   * both or not at all (S26). Throws CapabilityError where `capabilities.transactions` is false; what `work`
   * throws is passed on after rolling back.
   */
  transact(work: (sql: TransactionSql) => Promise<Json>, finish: (value: Json) => RunCommit): Promise<CommitResult>;
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
/** Something sent to a run from outside: an answer, an event or a control signal (S13, S21). */
interface InboxRow {
  /** Grows per run; the owner consumes in this order. */
  readonly id: number;
  readonly kind: "answer" | "event" | "cancel" | "pause" | "resume";
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
   * won and changes nothing (S13).
   */
  put(request: {
    readonly tenant: string;
    readonly runId: string;
    readonly row: Omit<InboxRow, "id">;
  }): Promise<{
    readonly kind: "stored" | "answered";
    readonly row: InboxRow;
  }>;
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
  /** Adds one to the owner's counter. */
  beat(ownerId: string): Promise<void>;
  readOwner(ownerId: string): Promise<OwnerRow | undefined>;
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
/** One opened back end, by aggregate. */
interface StoreBackend {
  readonly runs: RunStore;
  readonly owners: OwnershipStore;
  readonly inbox: InboxStore;
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
type StoreMethod = Exclude<keyof RunStore, "capabilities" | "close"> | keyof OwnershipStore | keyof InboxStore;
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
/** Inboxes: signals are kept in order, an interrupt is answered once (S13, S21). */
declare function inboxContract(name: string, factory: StoreFactory): void;
/** Lists of runs: newest first, filtered, paged, one tenant at a time (STO-5). */
declare function listingContract(name: string, factory: StoreFactory): void;
/** Owners and epochs: only the holder of the newest epoch advances a run (S20, I6). */
declare function ownershipContract(name: string, factory: StoreFactory): void;
/** What was committed is read back whole: scopes, snapshots, records in event order, blobs, definitions. */
declare function readingContract(name: string, factory: StoreFactory): void;
/** Registers every contract of a store back end with `node:test` (STO-1). */
declare function storeContract(name: string, factory: StoreFactory, sql?: StoreSql): void;
/** Text comes back as it went in, and ids that merely look alike stay apart (STO-4). */
declare function textContract(name: string, factory: StoreFactory): void;
/** An effect and its commit happen both or not at all (S26), where the store has transactions. */
declare function transactionContract(name: string, factory: StoreFactory, sql?: StoreSql): void;
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
  FakeClock,
  FakeHost,
  type FakeHostParts,
  FakeProcesses,
  type Fault,
  type FaultKind,
  FaultyStore,
  type FrontierEntry,
  type InboxRow,
  type InboxStore,
  type JournalEntry,
  type JournalKind,
  type JournalRow,
  type MarkRow,
  type MarkType,
  type OwnerRow,
  type OwnershipStore,
  type Position,
  type RecordRow,
  type ResponseCache,
  type RunCommit,
  type RunHead,
  type RunOrigin,
  type RunProgress,
  type RunQuery,
  type RunStore,
  type SchedulerOptions,
  type ScopeRecord,
  type Seal,
  SeededScheduler,
  type SnapshotRow,
  type SqlValue,
  type StepDetail,
  type StepRow,
  type StoreBackend,
  type StoreCapabilities,
  type StoreFactory,
  type StoreMethod,
  type StoreSql,
  type StoreUnderTest,
  type StoredRows,
  type TransactionSql,
  artifactContract,
  cacheContract,
  classifyConflict,
  commitContract,
  inboxContract,
  listingContract,
  ownershipContract,
  readingContract,
  storeContract,
  tenantDirectoryName,
  textContract,
  transactionContract,
};
