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
/** Severity of an event. */
type EventLevel = "DEBUG" | "INFO" | "WARN" | "ERROR";
/** An event derived from a commit (S6, RUN-2). Dense and increasing in `seq` within its run (I4). */
interface RecordEvent {
  /** ISO 8601, UTC. */
  readonly ts: string;
  readonly seq: number;
  /** Epoch of the commit; with run id and seq the event's id (S7). */
  readonly epoch: number;
  readonly level: EventLevel;
  readonly runId: string;
  readonly type: RecordEventType;
  /** Step id, where the event is about a step. */
  readonly step?: string;
  readonly data?: JsonObject;
}
/** Types of record events; `docs/events.md` and the published schema list their data. */
type RecordEventType = "run.started" | "run.resumed" | "run.recovered" | "run.migrated" | "run.forked" | "run.waiting" | "run.paused" | "run.parked" | "run.compensating" | "run.succeeded" | "run.failed" | "run.cancelled" | "step.started" | "step.succeeded" | "step.failed" | "step.retried" | "step.cancelled" | "io.succeeded" | "io.failed" | "clock.read" | "call.failed" | "llm.request" | "llm.response" | "cost.charged" | "cache.hit" | "cache.miss" | "file.written" | "interrupt.requested" | "interrupt.answered" | "interrupt.refused" | "timer.set" | "timer.ended" | "wait.started" | "wait.ended";
/** An event shown while something runs; it has no seq and may be dropped, with a count (S6). */
interface LiveEvent {
  readonly ts: string;
  readonly runId: string;
  readonly type: "step.running" | "step.skipped" | "progress" | "token" | "custom" | "backpressure" | "dropped" | "truncated";
  readonly step?: string;
  readonly data?: Json;
}
/** The canonical log of a run's record events, in any order: one canonical JSON object per line (S6). */
declare function canonicalLog(events: readonly RecordEvent[]): string;
/** Which run the rows belong to. */
interface EventContext {
  readonly runId: string;
}
/** The record events of one committed row, dense in `seq` from the row's `event`. */
declare function eventsOf(record: RecordRow, context: EventContext): RecordEvent[];
/**
 * Takes events out of the engine. Record events come in order, at least once, under stable ids
 * (run, epoch, seq); a known seq under a newer epoch replaces what was taken after it (S7).
 * A failing emitter never fails a run; the engine reports it and delivers again later.
 */
interface Emitter {
  readonly name: string;
  /** Record events of one run, in order. Resolves when they are taken. */
  emit(events: readonly RecordEvent[]): Awaitable<void>;
  /** Live events, which may be dropped (S6). */
  live?(event: LiveEvent): void;
  /** Waits for what was taken to be written. */
  flush?(): Promise<void>;
  close?(): Promise<void>;
}
/** Keeps events in memory, for tests. */
interface BufferedEmitter extends Emitter {
  /** The record events of a run as a reader has them: each seq once, newer epochs winning (S7). */
  eventsOf(runId: string): readonly RecordEvent[];
  /** Everything in the order in which it was delivered, repetitions included. */
  readonly deliveries: readonly RecordEvent[];
  readonly liveEvents: readonly LiveEvent[];
}
/** Makes an emitter that keeps what it gets. */
declare function bufferedEmitter(name?: string): BufferedEmitter;
/** Is told which emitter failed and how. */
type OnEmitterError = (emitter: string, error: unknown) => void;
/** What a fan-out needs beside its emitters. */
interface FanOutOptions {
  readonly onEmitterError: OnEmitterError;
}
/**
 * Several emitters as one (RUN-3). Each gets every event; one that fails does not hold up or fail the others. Record
 * events are checked on the way; one that is not valid is reported and still delivered. `emit` fails, after all have
 * been given the events, if any of them failed, so that what they miss is delivered again.
 */
declare function fanOut(emitters: readonly Emitter[], options: FanOutOptions): Emitter;
/** Reads a run's record events above the last one of a row, in order, a page at a time. */
type ReadEvents = (runId: string, afterSeq: number) => AsyncIterable<readonly RecordEvent[]>;
/** Reads events from a store, which derives them from the committed rows (S6). A page holds those of `pageRows` rows. */
declare function storedEvents(store: Pick<RunStore, "readRecords">, tenant: string, pageRows?: number): ReadEvents;
/** Options of a JSONL emitter. */
interface JsonlEmitterOptions {
  /** The file of a run's events. */
  readonly pathOf: (runId: string) => string;
  /** Reads events that a file lacks; see `storedEvents`. */
  readonly readEvents: ReadEvents;
  /** Sync each batch to the disk. Default: false, which survives the end of the process but not a power loss. */
  readonly fsync?: boolean;
}
/** Appends each run's record events to a file of JSON lines: every event once, in order (RUN-1, RUN-3). */
declare function jsonlEmitter(options: JsonlEmitterOptions): Emitter;
/**
 * The fields of log lines (OBS-3), what each holds, and no other names: one idea has one name in every line of every
 * part, so that logs can be searched, and joined with traces by `trace_id` and `span_id`. A test holds the code to it.
 */
declare const logFields: {
  readonly severity: "How bad it is: DEBUG, INFO, WARN or ERROR.";
  readonly time: "When it was written: ISO 8601, UTC.";
  readonly msg: "What happened, for people.";
  readonly event_type: "What happened, for programs: the type of a record event.";
  readonly tenant_id: "The tenant that it belongs to.";
  readonly run_id: "The run.";
  readonly workflow_id: "The name of the workflow.";
  readonly version: "The version of the workflow.";
  readonly step_id: "The step.";
  readonly node_id: "The node that the step executes.";
  readonly attempt: "The number of the attempt, from 1.";
  readonly plan_id: "The plan that the run carries out.";
  readonly message_id: "The message that is handled.";
  readonly trace_id: "The trace (W3C Trace Context).";
  readonly span_id: "The span.";
  readonly seq: "The number of the record event in its run.";
  readonly epoch: "The number of the owner that committed it.";
  readonly duration_ms: "How long it took, in milliseconds.";
  readonly name: "The name of what is told of: a call, a timer, a signal.";
  readonly path: "The path of an artifact.";
  readonly sha256: "The content of an artifact.";
  readonly reason: "Why it happened.";
  readonly error_code: "The code of what went wrong.";
  readonly error: "What went wrong, for people.";
};
/** The name of a field of a log line. */
type LogFieldName = keyof typeof logFields;
/** What a line tells beside its severity, time and message. */
type LogFields = Readonly<Partial<Record<Exclude<LogFieldName, "severity" | "time" | "msg">, Json>>>;
/** Takes log lines. Anything with this one method can be the log of AgentFlow. */
interface Logger {
  log(level: EventLevel, message: string, fields: LogFields): void;
}
/** Where and from which level a JSON logger writes. */
interface JsonLoggerOptions {
  /** Takes one line with its line end. Default: standard error. */
  readonly write?: (line: string) => void;
  /** Lines below this level are not written. Default: INFO. */
  readonly level?: EventLevel;
  /** Wall-clock milliseconds, for the time of a line. */
  readonly now?: () => number;
  /** Fields that go into every line, such as the trace and span that are active: `await activeTrace()`. */
  readonly context?: () => LogFields;
}
/**
 * A logger that writes one JSON object per line, by pino: `severity`, `time` (ISO 8601), the fields, `msg`. Secrets and
 * what names a person are taken out of texts and fields (OBS-3).
 */
declare function jsonLogger(options?: JsonLoggerOptions): Logger;
/** Options of a log emitter. */
interface LogEmitterOptions {
  /** Events below this level are not logged. Default: INFO. */
  readonly level?: EventLevel;
  /** The tenant of the engine that it belongs to; lines have none without. */
  readonly tenant?: string;
}
/**
 * Logs record events: the type as message, with run, step, node, attempt, duration and failure, never state (RUN-3). Lines
 * of a run that was started with tracing have its `trace_id`, if its start came by here.
 */
declare function logEmitter(logger: Logger, options?: LogEmitterOptions): Emitter;
export {
  type BufferedEmitter,
  type Emitter,
  type EventContext,
  type EventLevel,
  type FanOutOptions,
  type JsonLoggerOptions,
  type JsonlEmitterOptions,
  type LiveEvent,
  type LogEmitterOptions,
  type LogFieldName,
  type LogFields,
  type Logger,
  type OnEmitterError,
  type ReadEvents,
  type RecordEvent,
  type RecordEventType,
  bufferedEmitter,
  canonicalLog,
  eventsOf,
  fanOut,
  jsonLogger,
  jsonlEmitter,
  logEmitter,
  logFields,
  storedEvents,
};
