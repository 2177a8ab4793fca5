/** A JSON value (RFC 8259). State, deltas and journal entries are made of these and nothing else (S17). */
type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object. */
interface JsonObject {
  readonly [key: string]: Json;
}
/** What kind of trouble an error is; it decides whether a retry can help (ENG-51). */
type ErrorClass = "transient" | "validation" | "auth" | "quota" | "internal";
/** An error as JSON. `stack` is for people only and no part of the canonical form. */
type Failure = {
  readonly code: string;
  readonly class: ErrorClass;
  readonly retryable: boolean;
  readonly name: string;
  readonly message: string;
  readonly hint?: string;
  readonly context?: JsonObject;
  readonly cause?: Failure; /** What else failed in the scope that ended with this failure, in ascending order key (S11). */
  readonly others?: readonly Failure[];
  readonly stack?: string;
};
/**
 * When and how a step is tried again, as an author writes it; what is left out comes from `retryDefaults`. The delay
 * before attempt k + 1 is `min(maxDelayMs, backoffMs * factor^(k - 1))`, of which the seeded random number takes off up
 * to the share `jitter`.
 */
interface RetryPolicy {
  /** Attempts in all, the first one included; 1 means no retry. */
  readonly attemptsMax?: number;
  readonly backoffMs?: number;
  readonly factor?: number;
  readonly maxDelayMs?: number;
  /** Share of the delay left to chance, 0 to 1. */
  readonly jitter?: number;
  /** Decides alone, in place of the failure's class; pure. */
  readonly retryIf?: (failure: Failure) => boolean;
  /** `keep` (default): the next attempt inherits successful io results; `fresh`: it inherits nothing (S9). */
  readonly io?: "keep" | "fresh";
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
/** Status of a step (S28); `running` is only ever seen live. */
type StepStatus = "ready" | "running" | "waiting" | "succeeded" | "failed" | "cancelled";
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
/** How a call of a model ended (MDL-7). */
type ModelOutcome = "succeeded" | "timeout" | "rate_limited" | "provider_error" | "auth" | "validation" | "quota" | "cancelled";
/**
 * One call of a provider as the record keeps it (MDL-3, MDL-4): what it took and what it cost. Costs are whole
 * billionths of a dollar, so that totals are exact.
 */
type ModelCall = {
  readonly provider: string;
  readonly model: string;
  readonly outcome: ModelOutcome;
  readonly inputTokens: number; /** Those of the input that the provider read from its prompt cache. */
  readonly cachedTokens: number; /** Those of the input that the provider wrote into its prompt cache. */
  readonly cacheWriteTokens: number;
  readonly outputTokens: number; /** True where the provider did not tell the tokens, so that they are estimated from the texts. */
  readonly estimated: boolean; /** Null if the price of the model is not known: such a call is never counted as free. */
  readonly costNanos: number | null; /** What the call was expected to cost before it was made; null without a price. */
  readonly expectedNanos: number | null;
  readonly latencyMs: number; /** Until the first piece of a streamed answer; absent if there was none. */
  readonly firstTokenMs?: number;
};
/**
 * The part of Standard Schema version 1 (https://standardschema.dev) that AgentFlow reads, so that zod, valibot,
 * arktype and others can validate without AgentFlow depending on any of them.
 */
interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: {
      readonly input: Input;
      readonly output: Output;
    } | undefined;
  };
}
/** What a schema says about a value: the accepted value, or the issues. */
type SchemaResult<Output> = {
  readonly value: Output;
  readonly issues?: undefined;
} | {
  readonly issues: readonly SchemaIssue[];
};
/** One reason why a schema does not accept a value. */
interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | {
    readonly key: PropertyKey;
  })[] | undefined;
}
/** Values that a span carries; what is undefined is left out. */
type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;
/** A span that is to begin. */
interface SpanRequest {
  readonly name: string;
  /**
   * The span that it is in: one of this process, or what carried one here (`TracedSpan.carrier`). Without it, the one
   * that is active where it begins, if any.
   */
  readonly parent: TracedSpan | string | undefined;
  readonly attributes: SpanAttributes;
  /** Wall-clock milliseconds of what is told afterwards; now, if not given. */
  readonly startedAt?: number | undefined;
}
/** A span that has begun. No call throws; none after `end` has an effect. */
interface TracedSpan {
  /** What carries it to another process: `traceparent` of W3C Trace Context. Undefined if there is nothing to carry. */
  readonly carrier: string | undefined;
  /** Adds attributes; a name replaces its own. */
  set(attributes: SpanAttributes, name?: string): void;
  /** What it is of went wrong. */
  fail(code: string, message: string): void;
  /** Calls `work` so that spans which begin in it, also later, are within this one. */
  within<T>(work: () => T): T;
  end(): void;
}
/** Takes the spans of engines (OBS-2). */
interface Tracing {
  begin(request: SpanRequest): TracedSpan;
}
/** What a call of a tool tells of itself. */
interface ToolCall {
  readonly tool: string;
}
/**
 * The span of an outside call. What is told to it goes to traces alone: nothing of it is recorded, and without traces it
 * does nothing. Calls of models are told to `account`, which records them, and have spans of their own.
 */
interface CallSpan {
  /** The call uses a tool. */
  toolCall(call: ToolCall): void;
  set(attributes: SpanAttributes): void;
}
/** What an outside call gets besides its input. */
interface IoCall {
  /** The same for every repetition of this call, in any process: pass it to the outside system (S8). */
  readonly idempotencyKey: string;
  /** Aborts on timeout and cancel. */
  readonly signal: AbortSignal;
  /** Enters a call of a model into the run's record: `llm.*` and `cost.*` events, and the costs of the run (MDL-3, MDL-4). */
  readonly account: (call: ModelCall) => void;
  /** What the call tells of itself to traces, such as the model it asks (OBS-2). */
  readonly span: CallSpan;
}
/** How an outside call is made and remembered. */
interface IoOptions<R> {
  /** The call changes something outside; shown by previews of fork and by replay reports. */
  readonly effect?: boolean;
  /** Retries inside the step; the last failure is journaled. */
  readonly retry?: Partial<RetryPolicy>;
  /** Checks the result before it is journaled. */
  readonly schema?: StandardSchema<unknown, R>;
  /** Ask the response cache first: within this run, or shared by the tenant (RUN-20). */
  readonly cache?: "run" | "shared" | "off";
  /**
   * What decides the result beside the input, such as where a server is: part of the cache key and not of the journal's,
   * so that a replay elsewhere finds its entry. Only called where the cache is asked.
   */
  readonly cachedBy?: () => Json;
}
/** How a transaction is bounded. */
interface TxOptions {
  /** It is undone, with TransactionTimeoutError, if its work takes longer; in milliseconds, 5,000 unless given. */
  readonly timeoutMs?: number;
}
/** A seeded source of random numbers: same seed and step, same sequence (ENG-12). */
interface ContextRandom {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  pick<T>(values: readonly T[]): T;
  shuffle<T>(values: readonly T[]): T[];
}
/** What a declared interrupt asks and takes (ENG-40). */
interface InterruptDeclaration<Ask, Answer> {
  readonly kind: "interrupt";
  readonly name: string;
  readonly ask?: StandardSchema<unknown, Ask>;
  readonly answer?: StandardSchema<unknown, Answer>;
}
/** How long an interrupt waits, and what it takes then. */
interface InterruptOptions<Answer> {
  /** Milliseconds, from the moment it asks. */
  readonly deadlineMs?: number;
  /** Wall-clock milliseconds, instead of `deadlineMs`. */
  readonly deadlineAt?: number;
  /** The answer, if none has come by then; without it the call rejects with DeadlineExceededError. */
  readonly default?: Answer;
}
/** How long a step waits for an event, and what it takes then. */
interface WaitOptions<T> {
  /** Milliseconds, from the moment it begins to wait. */
  readonly timeoutMs?: number;
  /** Taken if no event has come by then; without it the call rejects with DeadlineExceededError. */
  readonly default?: T;
}
/** The result of writing an artifact (RUN-30). */
interface WriteResult {
  readonly path: string;
  readonly sha256: string;
  readonly wrote: boolean;
  readonly reason: "created" | "changed" | "nochange";
}
/** A step's only way to anything that is not a function of its arguments (I3). */
interface NodeContext {
  readonly runId: string;
  readonly stepId: string;
  readonly node: string;
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** Sortable position followed by the SHA-256 identity (S3). */
  readonly orderKey: string;
  /** Aborts on timeout and cancel (S12). */
  readonly signal: AbortSignal;
  readonly rng: ContextRandom;
  /** A seeded UUID (version 4 layout), the same in every replay. */
  uuid(): string;
  /** Journaled wall-clock milliseconds. */
  now(): number;
  /**
   * Calls the outside once: the result (or error) is journaled, and a re-execution gets it from there.
   * The input must be JSON (S17); it identifies the call together with the name.
   */
  io<I, R>(name: string, input: I, call: (input: I, call: IoCall) => R | Promise<R>, options?: IoOptions<R>): Promise<R>;
  /** An effect in the run store's own database, exactly once (S26). Throws CapabilityError without one. */
  tx<I, R extends Json>(name: string, input: I, work: (sql: TransactionSql, input: I) => Promise<R>, options?: TxOptions): Promise<R>;
  /**
   * Parks the step until somebody answers, or its deadline has passed (S13). Resolves to what the `answer` schema makes
   * of the answer; rejects with ValidationError if the `ask` schema does not accept the payload.
   */
  interrupt<Ask, Answer>(declaration: InterruptDeclaration<Ask, Answer>, payload: Ask, options?: InterruptOptions<Answer>): Promise<Answer>;
  /** Parks the step for a time that survives restarts (S13). */
  sleep(name: string, durationMs: number): Promise<void>;
  /** Parks the step until an event with this key reaches the run; an earlier one is taken (S13). */
  waitFor<T extends Json = Json>(key: string, options?: WaitOptions<T>): Promise<T>;
  /** Writes an artifact of the run; paths that escape it are refused (RUN-30). */
  safeWrite(path: string, content: string | Uint8Array): Promise<WriteResult>;
  /** Shows something while the step runs; it is not recorded (S6). */
  emit(type: "progress" | "token" | "custom", data: Json): void;
}
/**
 * How values of type T are stored as JSON. `decode(encode(value))` equals `value`; `id` is `name@version` and part of
 * the workflow's fingerprint (S19), so a change of the stored form needs a new version.
 */
interface Codec<T> {
  readonly id: string;
  encode(value: T): Json;
  decode(json: Json): T;
  /** Tells whether a value is one that `encode` accepts. */
  is?(value: unknown): value is T;
}
/** Stores a Date as its ISO 8601 text in UTC, to the millisecond; an invalid date throws ValidationError. */
declare const dateCodec: Codec<Date>;
/** Stores a bigint as its decimal text. */
declare const bigintCodec: Codec<bigint>;
/** Stores bytes as base64 with padding (RFC 4648, section 4). */
declare const bytesCodec: Codec<Uint8Array>;
/** Stores a Map as its list of [key, value] pairs in insertion order; keys and values are JSON. */
declare function mapCodec<K extends Json, V extends Json>(): Codec<Map<K, V>>;
/** Stores a Set as the list of its members in insertion order; members are JSON. */
declare function setCodec<V extends Json>(): Codec<Set<V>>;
/** One place in which two values differ: what is at it in the first, and what in the second. */
interface JsonChange {
  /** From the values down: `notes[3].title`; a key that is no plain word stands in brackets: `facts["a b"]`. "" is all. */
  readonly path: string;
  /** Absent where the first value has nothing there. */
  readonly before?: Json;
  /** Absent where the second has nothing there. */
  readonly after?: Json;
}
/** The one table of error codes: class, whether a retry can help, exit code of `af`, title and default hint. */
declare const errorCodes: {
  readonly AF_USAGE: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 2;
    readonly title: "The command line cannot be understood";
    readonly hint: "`af --help` and `af COMMAND --help` show commands, flags and examples.";
  };
  readonly AF_CONFIG: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The configuration is not valid";
    readonly hint: "`af config` shows each value with its source.";
  };
  readonly AF_WORKFLOW_FILE_NOT_FOUND: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 5;
    readonly title: "There is no such workflow file";
    readonly hint: "Give the path of a TypeScript or JavaScript file, relative to the current folder.";
  };
  readonly AF_WORKFLOW_FILE_INVALID: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The workflow file cannot be loaded";
    readonly hint: "Mend the error at the line named; only erasable TypeScript syntax runs without a build.";
  };
  readonly AF_WORKFLOW_EXPORT: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The workflow file does not export the workflow";
    readonly hint: "Export the result of `.end(...)`; with several exports, name one.";
  };
  readonly AF_ARTIFACT_PATH: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "An artifact path leaves the run's artifacts";
    readonly hint: "Use a relative path without `..` that passes no symbolic link.";
  };
  readonly AF_ARTIFACT_NOT_FOUND: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 5;
    readonly title: "The content of an artifact is not there";
    readonly hint: "Use the artifact folder that the run was made with (`af config` shows it), or restore it from a backup.";
  };
  readonly AF_IO_UNSCRIPTED: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "A test does not answer an outside call";
    readonly hint: "Give the test an `io` script for the call, or let it call the outside with `real`.";
  };
  readonly AF_MIGRATION_REFUSED: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The schema cannot be migrated that way";
    readonly hint: "Use the version of AgentFlow that migrated the database, or restore a backup.";
  };
  readonly AF_BACKUP_INVALID: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The backup cannot be restored";
    readonly hint: "Use another backup; nothing was changed.";
  };
  readonly AF_INVARIANT: {
    readonly class: "internal";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "AgentFlow broke a rule of its own";
    readonly hint: "This is a bug in AgentFlow: report it with the message and the stack.";
  };
  readonly AF_MODEL_TIMEOUT: {
    readonly class: "transient";
    readonly retryable: true;
    readonly exitCode: 1;
    readonly title: "A model did not answer in time";
    readonly hint: "Raise PROVIDER_TIMEOUT_S, or name a second model in the route.";
  };
  readonly AF_MODEL_RATE_LIMITED: {
    readonly class: "quota";
    readonly retryable: true;
    readonly exitCode: 1;
    readonly title: "A provider of models refuses calls for a while";
    readonly hint: "Lower `concurrency` of the node, or name a second provider in the route.";
  };
  readonly AF_MODEL_PROVIDER: {
    readonly class: "transient";
    readonly retryable: true;
    readonly exitCode: 1;
    readonly title: "A provider of models failed";
    readonly hint: "Read the cause; a second provider in the route takes over when one fails.";
  };
  readonly AF_MODEL_CIRCUIT_OPEN: {
    readonly class: "transient";
    readonly retryable: true;
    readonly exitCode: 1;
    readonly title: "A model failed so often that it is left alone for a while";
    readonly hint: "Wait for CB_COOLDOWN_S seconds, or name a second model in the route.";
  };
  readonly AF_MODEL_RETRIES: {
    readonly class: "transient";
    readonly retryable: true;
    readonly exitCode: 1;
    readonly title: "All tries of a model call failed";
    readonly hint: "Read the cause, which is the last failure; MAX_RETRIES says how often a model is tried again.";
  };
  readonly AF_MODEL_AUTH: {
    readonly class: "auth";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The key for a provider of models is missing or refused";
    readonly hint: "Set the variable named in the message to a valid key.";
  };
  readonly AF_MODEL_REQUEST: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "A call of a model cannot be made as it was asked for";
    readonly hint: "Mend the request: the message says what the provider or the gateway does not accept.";
  };
  readonly AF_MODEL_OUTPUT: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "The answer of a model is not what was asked for";
    readonly hint: "Simplify the schema, raise `maxOutputTokens`, or allow more repairs.";
  };
  readonly AF_MODEL_QUOTA: {
    readonly class: "quota";
    readonly retryable: false;
    readonly exitCode: 7;
    readonly title: "The account at a provider of models is used up";
    readonly hint: "Add credit at the provider, or name another provider in the route.";
  };
  readonly AF_MODEL_BUDGET: {
    readonly class: "quota";
    readonly retryable: false;
    readonly exitCode: 7;
    readonly title: "A call of a model would go over its budget";
    readonly hint: "Raise the budget named in the message, or lower `maxOutputTokens`.";
  };
  readonly AF_MODEL_PRICE_UNKNOWN: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "A budget applies to a model whose price is not known";
    readonly hint: "Give the gateway a price of this model in `prices`.";
  };
  readonly AF_MODEL_CANCELLED: {
    readonly class: "transient";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "A call of a model was cancelled by its caller";
    readonly hint: "Nothing to mend: the signal given with the call was aborted.";
  };
  readonly AF_MODEL_RESIDENCY: {
    readonly class: "auth";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "A call of a model would leave the hosts that are allowed";
    readonly hint: "List the host in `residency.hosts`, or name a model on a listed host in the route.";
  };
  readonly AF_MODEL_DISABLED: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "Calls of models are switched off";
    readonly hint: "Set AF_MODELS to on.";
  };
  readonly AF_DATASET_DECLARATION: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The declaration of a dataset is not valid";
    readonly hint: "Mend the problems listed in the message; each names its table, column, dimension or measure.";
  };
  readonly AF_DATASET_NOT_FOUND: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 5;
    readonly title: "There is no dataset in this folder";
    readonly hint: "`af analytics generate` makes one; `af analytics datasets` lists those below a folder.";
  };
  readonly AF_DATASET_CORRUPT: {
    readonly class: "internal";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "A file of the dataset is not what its manifest says";
    readonly hint: "`af analytics test FOLDER` names every file that is damaged; generate or load the dataset again.";
  };
  readonly AF_DATASET_LOCKED: {
    readonly class: "transient";
    readonly retryable: true;
    readonly exitCode: 1;
    readonly title: "Another process writes the dataset";
    readonly hint: "Wait until it has ended; nothing was changed.";
  };
  readonly AF_DATASET_FULL: {
    readonly class: "quota";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "The disk of the dataset is full";
    readonly hint: "Free space on that disk and start again; the dataset is as it was before.";
  };
  readonly AF_DATASET_FAILED: {
    readonly class: "internal";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "A dataset could not be read or written";
    readonly hint: "Read the cause, which is the error of DuckDB or the file system.";
  };
  readonly AF_QUERY_INVALID: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "A question to a dataset cannot be understood";
    readonly hint: "Use the measures and dimensions that the dataset declares; `af analytics datasets FOLDER` lists them.";
  };
  readonly AF_QUERY_REFUSED: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "SQL wants more than to read the tables of its dataset";
    readonly hint: "Ask one SELECT over the tables of the dataset; folders that it may read too are given with --also-read.";
  };
  readonly AF_QUERY_CANCELLED: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 130;
    readonly title: "Whoever asked a question has called it off";
    readonly hint: "Ask again; nothing was changed.";
  };
  readonly AF_QUERY_QUEUE_FULL: {
    readonly class: "transient";
    readonly retryable: true;
    readonly exitCode: 1;
    readonly title: "Too many questions wait for an answer already";
    readonly hint: "Ask later, or open the dataset with a greater `waitingMax`.";
  };
  readonly AF_STORE_CORRUPT: {
    readonly class: "internal";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "The store is corrupt";
    readonly hint: "Keep the file, restore a backup, or `af import` the run directories into a new store.";
  };
  readonly AF_STORE_READ_ONLY: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The store cannot be written";
    readonly hint: "Give this user write access to the file and its folder, or choose another `--store`.";
  };
  readonly AF_STORE_FULL: {
    readonly class: "quota";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "The disk of the store is full";
    readonly hint: "Free space on that disk, then `af resume RUN`; everything committed is kept.";
  };
  readonly AF_STORE_LOCKED: {
    readonly class: "transient";
    readonly retryable: true;
    readonly exitCode: 1;
    readonly title: "Another process holds the store's lock";
    readonly hint: "Close the program that keeps a transaction open on the file, then try again.";
  };
  readonly AF_STORE_UNAVAILABLE: {
    readonly class: "transient";
    readonly retryable: true;
    readonly exitCode: 1;
    readonly title: "The store cannot be reached";
    readonly hint: "Check that the server runs and that `--store` names the right host, port and database.";
  };
  readonly AF_STORE_NEWER: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The store was written by a newer AgentFlow";
    readonly hint: "Upgrade AgentFlow; an older program does not touch a newer store.";
  };
  readonly AF_STORE_OLDER: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The schema of the store is older than this program";
    readonly hint: "Make a backup, then `af migrate up`; `af migrate status` shows what is pending.";
  };
  readonly AF_STORE_IN_USE: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "Processes that are alive advance runs of the store";
    readonly hint: "Stop them, then try again.";
  };
  readonly AF_STORE_NOT_EMPTY: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The store to restore into is not empty";
    readonly hint: "Restore into an empty store, or say --force to replace what is there.";
  };
  readonly AF_STORE_FAILED: {
    readonly class: "internal";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "The database refused a statement";
    readonly hint: "Read the cause, which is the database's own error.";
  };
  readonly AF_FENCED: {
    readonly class: "transient";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "Another process took over the run";
    readonly hint: "Nothing to mend: the newer owner goes on. `af why RUN` names it.";
  };
  readonly AF_RUN_OWNED: {
    readonly class: "transient";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "Another process advances the run";
    readonly hint: "Wait for it or stop it; `af why RUN` names host and process. `af tail RUN -f` follows it.";
  };
  readonly AF_CRASH_LOOP: {
    readonly class: "internal";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "The run crashed its process again and again";
    readonly hint: "Mend the steps in flight named in the context (memory, process.exit, native code), then resume.";
  };
  readonly AF_IDEMPOTENCY_VIOLATION: {
    readonly class: "internal";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "A position was committed before with another result";
    readonly hint: "Make the node deterministic: time, random values and outside calls only through `ctx`.";
  };
  readonly AF_REPLAY_MISMATCH: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "Replay diverged from the stored run";
    readonly hint: "Compare expected and actual of the step named; use the code that made the run.";
  };
  readonly AF_NONDETERMINISM: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "A node used time, random values or the network outside ctx";
    readonly hint: "Use `ctx.now()`, `ctx.rng`, `ctx.uuid()` or `ctx.io(...)` at the line named.";
  };
  readonly AF_VERSION_MISMATCH: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The run was made by another version of the workflow";
    readonly hint: "Declare `migrate`, resume with the old version, or override the check.";
  };
  readonly AF_HISTORY_REMOVED: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 5;
    readonly title: "The history of the run was removed";
    readonly hint: "Look at what is left with `af show RUN`; keep histories longer with `keepHistoryDays`.";
  };
  readonly AF_IMPORT: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The run directory cannot be imported";
    readonly hint: "Import an unredacted directory with `manifest.json` and `events.jsonl` of the same run.";
  };
  readonly AF_RUN_FAILED: {
    readonly class: "internal";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "The run failed";
    readonly hint: "Read the cause; mend it and `af resume RUN` goes on from the staged steps.";
  };
  readonly AF_MAX_STEPS: {
    readonly class: "quota";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "The run reached its limit of steps";
    readonly hint: "Check the exit condition of the loop, or raise `maxSteps`.";
  };
  readonly AF_NO_PROGRESS: {
    readonly class: "internal";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "Nothing is ready and the run is not finished";
    readonly hint: "Give every route a target for every state, and every path an exit node.";
  };
  readonly AF_BACKPRESSURE: {
    readonly class: "transient";
    readonly retryable: true;
    readonly exitCode: 1;
    readonly title: "A full queue did not move within the backpressure timeout";
    readonly hint: "Raise `maxConcurrent`, `queueDepth` or `backpressureTimeoutMs`, or shorten the slow steps.";
  };
  readonly AF_RUN_BUDGET: {
    readonly class: "quota";
    readonly retryable: false;
    readonly exitCode: 7;
    readonly title: "The run used up its time budget";
    readonly hint: "Raise `runBudgetMs` and `af resume RUN`; waiting for people is not counted.";
  };
  readonly AF_INTERRUPTED: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 6;
    readonly title: "The run waits for an answer";
    readonly hint: "Answer the interrupt named in the context; the run goes on by itself or with `af resume RUN`.";
  };
  readonly AF_CANCELLED: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "The run was cancelled";
    readonly hint: "Start a new run; a cancelled run does not go on.";
  };
  readonly AF_ENGINE_CLOSED: {
    readonly class: "transient";
    readonly retryable: true;
    readonly exitCode: 130;
    readonly title: "The engine was closed and the run is parked";
    readonly hint: "`af resume RUN` goes on from the last commit.";
  };
  readonly AF_RUN_NOT_FOUND: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 5;
    readonly title: "There is no such run";
    readonly hint: "`af runs` lists the runs of this store; check `--store`.";
  };
  readonly AF_RUN_EXISTS: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "There is another run with this id";
    readonly hint: "Leave out `id` to get a new one. The same workflow and input give the run that exists.";
  };
  readonly AF_UNREGISTERED_WORKFLOW: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The engine was not given the workflow of the run";
    readonly hint: "Give it to `createEngine({ workflows: [...] })`, or to `engine.resume(runId, workflow)`.";
  };
  readonly AF_RUN_STATUS: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The status of the run does not allow this";
    readonly hint: "`af show RUN` shows the status; a run that succeeded or was cancelled does not go on.";
  };
  readonly AF_INTERRUPT_NOT_FOUND: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 5;
    readonly title: "There is no such interrupt";
    readonly hint: "`af why RUN` lists the interrupts that wait, with their ids.";
  };
  readonly AF_ANSWER_CONFLICT: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The interrupt was answered before";
    readonly hint: "The first answer counts; look at it with `af show RUN`.";
  };
  readonly AF_CURSOR: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The cursor is past the last event of the run";
    readonly hint: "Read again from the start, or from the last seq that this store returned.";
  };
  readonly AF_STREAM_OVERFLOW: {
    readonly class: "transient";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "A reader of live events was slower than the run";
    readonly hint: "Read faster, raise `buffer`, or let live events be dropped with `overflow: \"dropOldest\"`.";
  };
  readonly AF_FORK_POINT: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The run cannot be forked there";
    readonly hint: "Name a step of the run, or the `event` of a checkpoint that `af history RUN` lists.";
  };
  readonly AF_THROWN: {
    readonly class: "internal";
    readonly retryable: true;
    readonly exitCode: 1;
    readonly title: "Code of the workflow threw an error";
    readonly hint: "Read message and cause; declare `retry` if another attempt can succeed, `recover` if not.";
  };
  readonly AF_STEP_FAILED: {
    readonly class: "internal";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "A step failed";
    readonly hint: "Read the cause; `af why RUN` shows the failing step, its input and its attempts.";
  };
  readonly AF_MAX_ATTEMPTS: {
    readonly class: "internal";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "All attempts of a step failed";
    readonly hint: "Mend the cause and `af resume RUN`, raise `attemptsMax`, or declare `recover`.";
  };
  readonly AF_NODE_TIMEOUT: {
    readonly class: "transient";
    readonly retryable: true;
    readonly exitCode: 1;
    readonly title: "A step took longer than its timeout";
    readonly hint: "Raise `timeoutMs` of the node, or pass `ctx.signal` to the slow call so that it ends in time.";
  };
  readonly AF_DEADLINE: {
    readonly class: "transient";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "No answer or event came before its deadline";
    readonly hint: "Give the call a `default`, or catch the error where the step can go on without an answer.";
  };
  readonly AF_TX_TIMEOUT: {
    readonly class: "transient";
    readonly retryable: true;
    readonly exitCode: 1;
    readonly title: "A transaction of a step took too long";
    readonly hint: "Keep `ctx.tx` short and call nothing outside in it, or give it a longer `timeoutMs`.";
  };
  readonly AF_CONFLICT: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "Two parallel steps wrote the same field";
    readonly hint: "Use a reducer that combines (append, sum, merge), or set `conflict: \"lastWriterWins\"`.";
  };
  readonly AF_CAPABILITY: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "What is configured here cannot do this";
    readonly hint: "Choose an adapter that declares the capability, or do without it.";
  };
  readonly AF_STATE_VALUE: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "A value is not JSON";
    readonly hint: "Return JSON values only, or declare the field with a codec (date, map, set, bigint, bytes).";
  };
  readonly AF_DELTA_INVALID: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "A node returned a delta that the state does not accept";
    readonly hint: "Return an object whose keys are declared fields, each with a value that its schema accepts.";
  };
  readonly AF_ITEMS_INVALID: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "The item list of a map is not a list";
    readonly hint: "Make `over` return an array of JSON values.";
  };
  readonly AF_INPUT_INVALID: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The input of a run is not valid";
    readonly hint: "Give every field that has no default, with a value that its schema accepts.";
  };
  readonly AF_OUTPUT_INVALID: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "The output of a run does not match its schema";
    readonly hint: "Compare the final state (`af show RUN --json`) with the `output` schema of the workflow.";
  };
  readonly AF_ASK_INVALID: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "What an interrupt asks does not match its schema";
    readonly hint: "Pass `ctx.interrupt` a payload that the interrupt's `ask` schema accepts.";
  };
  readonly AF_ANSWER_INVALID: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The answer to an interrupt does not match its schema";
    readonly hint: "Answer again with a value that the interrupt's `answer` schema accepts.";
  };
  readonly AF_ARGUMENT_INVALID: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "An option or argument is out of range";
    readonly hint: "Give a value in the range that the message names.";
  };
  readonly AF_JSON_INVALID: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "A text is not valid JSON";
    readonly hint: "Check quotes and commas at the position named; in a shell, put the JSON in single quotes.";
  };
  readonly AF_STEP_ID: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "A step id cannot be read";
    readonly hint: "A step id looks like `3.read[2]`, nested `3.child[0]/1.plan`; `af show RUN` lists them.";
  };
  readonly AF_GRAPH: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "The graph is not valid";
    readonly hint: "Mend the problems listed in `problems`; `af validate FILE` checks the file again.";
  };
  readonly AF_NODE_NAME: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 3;
    readonly title: "A node has a name that cannot be used";
    readonly hint: "Use 1 to 64 letters, digits, `_`, `-` or `.`, starting with a letter, a digit or `_`.";
  };
  readonly AF_JOIN_UNSATISFIED: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "A join waits for a predecessor that can no longer arrive";
    readonly hint: "Declare the join with `join: { when: \"settled\" }`, or make every path reach its predecessors.";
  };
  readonly AF_ROUTE_TARGET: {
    readonly class: "validation";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "A router or goto named a target that it did not declare";
    readonly hint: "Add the target to `to` of the route or to `goto` of the node.";
  };
};
/** A stable error code, a key of `errorCodes`. */
type ErrorCode = keyof typeof errorCodes;
/** What an error carries beside its message. `hint` replaces the default hint of the code. */
interface ErrorDetails {
  readonly hint?: string | undefined;
  readonly context?: JsonObject | undefined;
  readonly cause?: unknown;
}
/**
 * Base of every error that AgentFlow throws on purpose. `code` is stable; `class` and `retryable` come from the table
 * of codes; `docs` is the path of the page that explains the code.
 */
declare abstract class AgentFlowError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  readonly class: ErrorClass;
  readonly retryable: boolean;
  readonly hint: string;
  readonly context: JsonObject;
  readonly docs: string;
  constructor(code: Code, message: string, details?: ErrorDetails);
  get name(): string;
}
/** A command line that cannot be understood. */
declare class UsageError extends AgentFlowError<"AF_USAGE"> {
  constructor(message: string, details?: ErrorDetails);
}
/** Configuration that is missing, malformed or contradictory (RUN-40). */
declare class ConfigError extends AgentFlowError<"AF_CONFIG"> {
  constructor(message: string, details?: ErrorDetails);
}
/** An artifact path that leaves the run's artifacts: absolute, `..`, or through a symbolic link (RUN-30). */
declare class ArtifactPathError extends AgentFlowError<"AF_ARTIFACT_PATH"> {
  constructor(message: string, details?: ErrorDetails);
}
/** A migration without a way back, or one that is not the one that the database went through (STO-2). */
declare class MigrationRefusedError extends AgentFlowError<"AF_MIGRATION_REFUSED"> {
  constructor(message: string, details?: ErrorDetails);
}
/** A backup that is damaged, incomplete, or not one of this store's kind (STO-6). */
declare class BackupInvalidError extends AgentFlowError<"AF_BACKUP_INVALID"> {
  constructor(message: string, details?: ErrorDetails);
}
/** Codes of WorkflowFileError. */
type WorkflowFileErrorCode = Extract<ErrorCode, `AF_WORKFLOW_${string}`>;
/** A workflow file that does not exist, does not load, or does not export the workflow asked for (CLI-1). */
declare class WorkflowFileError extends AgentFlowError<WorkflowFileErrorCode> {}
/** Codes of GraphError. */
type GraphErrorCode = "AF_GRAPH" | "AF_NODE_NAME" | "AF_JOIN_UNSATISFIED" | "AF_ROUTE_TARGET";
/** Details of a GraphError: all problems that were found, each naming its node and the mend. */
interface GraphErrorDetails extends ErrorDetails {
  readonly problems?: readonly string[] | undefined;
}
/** A graph that cannot run, found when it is built (ENG-3) or, for joins and targets, while it runs (S15, S16). */
declare class GraphError extends AgentFlowError<GraphErrorCode> {
  readonly problems: readonly string[];
  constructor(code: GraphErrorCode, message: string, details?: GraphErrorDetails);
}
/** A rule of AgentFlow's own code does not hold: a bug, never caught inside. */
declare class InvariantError extends AgentFlowError<"AF_INVARIANT"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The run reached `maxSteps` (ENG-14). */
declare class MaxStepsExceededError extends AgentFlowError<"AF_MAX_STEPS"> {
  constructor(message: string, details?: ErrorDetails);
}
/** Nothing is ready, running or waiting, and the run is not finished (ENG-16). */
declare class NoProgressError extends AgentFlowError<"AF_NO_PROGRESS"> {
  constructor(message: string, details?: ErrorDetails);
}
/** A full queue did not move within `backpressureTimeoutMs` (S14). */
declare class BackpressureError extends AgentFlowError<"AF_BACKPRESSURE"> {
  constructor(message: string, details?: ErrorDetails);
}
/** Attempts of the run ran longer than `runBudgetMs` in total (S22). */
declare class RunBudgetExceededError extends AgentFlowError<"AF_RUN_BUDGET"> {
  constructor(message: string, details?: ErrorDetails);
}
/** Codes of ModelError. */
type ModelErrorCode = Extract<ErrorCode, `AF_MODEL_${string}`>;
/** A call of a model that failed, was refused before it was made, or was cancelled (MDL-7). */
declare class ModelError extends AgentFlowError<ModelErrorCode> {}
/** A newer owner holds the run; this one stops (I6, S4). */
declare class FencedError extends AgentFlowError<"AF_FENCED"> {
  constructor(message: string, details?: ErrorDetails);
}
/** Another live process advances the run, so it cannot be taken (S20). */
declare class RunOwnedError extends AgentFlowError<"AF_RUN_OWNED"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The run was taken over more than `recoveriesMax` times without a commit (S10). */
declare class CrashLoopError extends AgentFlowError<"AF_CRASH_LOOP"> {
  constructor(message: string, details?: ErrorDetails);
}
/** A position that is committed was committed again with another idempotency key (S4). */
declare class IdempotencyViolationError extends AgentFlowError<"AF_IDEMPOTENCY_VIOLATION"> {
  constructor(message: string, details?: ErrorDetails);
}
/** Strict replay found a difference; `context` names step, field, expected and actual (S25). */
declare class ReplayMismatchError extends AgentFlowError<"AF_REPLAY_MISMATCH"> {
  constructor(message: string, details?: ErrorDetails);
}
/** Code under replay reached for time, random values or the network outside ctx (S25). */
declare class NondeterminismError extends AgentFlowError<"AF_NONDETERMINISM"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The stored run belongs to an incompatible definition of the workflow (S19). */
declare class VersionMismatchError extends AgentFlowError<"AF_VERSION_MISMATCH"> {
  constructor(message: string, details?: ErrorDetails);
}
/** What led to the result of a run was removed by retention; `context` names the nearest point that is left (S24). */
declare class HistoryRemovedError extends AgentFlowError<"AF_HISTORY_REMOVED"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The run waits for an answer from outside, so it has no result yet (S13). */
declare class InterruptedError extends AgentFlowError<"AF_INTERRUPTED"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The run was cancelled (S21). */
declare class CancelledError extends AgentFlowError<"AF_CANCELLED"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The engine was closed while the run was not finished; the run is parked and can be resumed. */
declare class EngineClosedError extends AgentFlowError<"AF_ENGINE_CLOSED"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The store holds no run with this id. */
declare class RunNotFoundError extends AgentFlowError<"AF_RUN_NOT_FOUND"> {
  constructor(message: string, details?: ErrorDetails);
}
/** A run was started under an id that the store already holds for another workflow or input. */
declare class RunExistsError extends AgentFlowError<"AF_RUN_EXISTS"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The engine was asked to go on with a run whose workflow it was not given. */
declare class UnregisteredWorkflowError extends AgentFlowError<"AF_UNREGISTERED_WORKFLOW"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The run's status does not allow what was asked, such as resuming a run that succeeded (S28). */
declare class RunStatusError extends AgentFlowError<"AF_RUN_STATUS"> {
  constructor(message: string, details?: ErrorDetails);
}
/** No interrupt of the run has this id. */
declare class InterruptNotFoundError extends AgentFlowError<"AF_INTERRUPT_NOT_FOUND"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The interrupt already has an answer; the first one counts (S13). */
declare class AnswerConflictError extends AgentFlowError<"AF_ANSWER_CONFLICT"> {
  constructor(message: string, details?: ErrorDetails);
}
/** A reader asked for events past the head of the run (S7). */
declare class CursorError extends AgentFlowError<"AF_CURSOR"> {
  constructor(message: string, details?: ErrorDetails);
}
/** A reader of live events was slower than the run and had asked to be told so (S6). */
declare class StreamOverflowError extends AgentFlowError<"AF_STREAM_OVERFLOW"> {
  constructor(message: string, details?: ErrorDetails);
}
/** A run cannot be forked there: no step or checkpoint of it is at this place (S23). */
declare class ForkPointError extends AgentFlowError<"AF_FORK_POINT"> {
  constructor(message: string, details?: ErrorDetails);
}
/** A run directory cannot be turned into a run of the store (RUN-10). */
declare class RunImportError extends AgentFlowError<"AF_IMPORT"> {
  constructor(message: string, details?: ErrorDetails);
}
/** Details of a RunFailedError: the failure of the lowest order key, and the other failures of that superstep (S11). */
interface RunFailedDetails extends Omit<ErrorDetails, "cause"> {
  readonly failure: Failure;
  readonly others?: readonly Failure[] | undefined;
}
/** A run ended as failed; `failure`, also its `cause`, says why. */
declare class RunFailedError extends AgentFlowError<"AF_RUN_FAILED"> {
  readonly failure: Failure;
  readonly others: readonly Failure[];
  constructor(message: string, details: RunFailedDetails);
}
/** Every attempt of a step failed; `cause` is the last failure (ENG-15). */
declare class MaxAttemptsExceededError extends AgentFlowError<"AF_MAX_ATTEMPTS"> {
  constructor(message: string, details?: ErrorDetails);
}
/** A step failed and nothing recovered it; `cause` is its failure (S11). */
declare class StepFailedError extends AgentFlowError<"AF_STEP_FAILED"> {
  constructor(message: string, details?: ErrorDetails);
}
/** An attempt took longer than the node's timeout; its ctx is revoked (S12). */
declare class NodeTimeoutError extends AgentFlowError<"AF_NODE_TIMEOUT"> {
  constructor(message: string, details?: ErrorDetails);
}
/** A `ctx.tx` was open longer than its timeout; nothing of it is left (S26). */
declare class TransactionTimeoutError extends AgentFlowError<"AF_TX_TIMEOUT"> {
  constructor(message: string, details?: ErrorDetails);
}
/** Nobody answered an interrupt, or no event came, before its deadline, and it has no default (S13). */
declare class DeadlineExceededError extends AgentFlowError<"AF_DEADLINE"> {
  constructor(message: string, details?: ErrorDetails);
}
/** Two steps of one superstep wrote one field, or one key of an object merge (S18). */
declare class ConflictError extends AgentFlowError<"AF_CONFLICT"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The configured adapter cannot do what was asked, such as `ctx.tx` without a database (S26). */
declare class CapabilityError extends AgentFlowError<"AF_CAPABILITY"> {
  constructor(message: string, details?: ErrorDetails);
}
/** Codes of the store errors. */
type StoreErrorCode = Extract<ErrorCode, `AF_STORE_${string}`>;
/** Base of the errors of every store (STO-3); what was committed before is kept. */
declare abstract class StoreError<Code extends StoreErrorCode = StoreErrorCode> extends AgentFlowError<Code> {}
/** The store's file is damaged or is no database. */
declare class StoreCorruptError extends StoreError<"AF_STORE_CORRUPT"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The store can be opened but not written. */
declare class StoreReadOnlyError extends StoreError<"AF_STORE_READ_ONLY"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The disk or quota of the store is used up. */
declare class StoreFullError extends StoreError<"AF_STORE_FULL"> {
  constructor(message: string, details?: ErrorDetails);
}
/** Another process held the store's lock longer than the busy timeout allows. */
declare class StoreLockedError extends StoreError<"AF_STORE_LOCKED"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The database server or the folder of the file cannot be reached. */
declare class StoreUnavailableError extends StoreError<"AF_STORE_UNAVAILABLE"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The schema is newer than this program, which therefore refuses it (STO-2). */
declare class StoreNewerError extends StoreError<"AF_STORE_NEWER"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The database refused a statement for a reason that no other store error names. */
declare class StoreFailedError extends StoreError<"AF_STORE_FAILED"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The schema on a server is older than this program, which does not change it unasked (STO-2). */
declare class StoreOlderError extends StoreError<"AF_STORE_OLDER"> {
  constructor(message: string, details?: ErrorDetails);
}
/** Processes that are alive advance runs of the store, which is therefore neither replaced nor taken back (STO-6). */
declare class StoreInUseError extends StoreError<"AF_STORE_IN_USE"> {
  constructor(message: string, details?: ErrorDetails);
}
/** The store that a backup is to be restored into holds something (STO-6). */
declare class StoreNotEmptyError extends StoreError<"AF_STORE_NOT_EMPTY"> {
  constructor(message: string, details?: ErrorDetails);
}
/** Codes of ValidationError. */
type ValidationErrorCode = "AF_STATE_VALUE" | "AF_DELTA_INVALID" | "AF_ITEMS_INVALID" | "AF_INPUT_INVALID" | "AF_OUTPUT_INVALID" | "AF_ASK_INVALID" | "AF_ANSWER_INVALID" | "AF_ARGUMENT_INVALID" | "AF_JSON_INVALID" | "AF_STEP_ID";
/** A value that a rule or schema does not accept; the code says which value. */
declare class ValidationError extends AgentFlowError<ValidationErrorCode> {}
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
/** What `run.events()` yields. */
type RunEvent = RecordEvent | LiveEvent;
/** How deltas fold into a field (ENG-1). */
type FieldKind = "value" | "append" | "sum" | "min" | "max" | "union" | "merge" | "custom";
/** Whether a run's input must give the field. */
type FieldPresence = "required" | "optional";
/**
 * One field of a workflow's state: the type nodes read (`Value`), the type they return (`Delta`), and how deltas fold
 * into it. `reduce` works on encoded, frozen JSON, is pure and never changes its arguments (S2, S17).
 */
interface Field<Value = unknown, Delta = Value, Presence extends FieldPresence = FieldPresence> {
  readonly kind: FieldKind;
  readonly presence: Presence;
  /** The encoded value of a run that has not written the field; undefined when there is none yet. */
  readonly initial: Json | undefined;
  /** Names the reducer in the fingerprint: the kind, or the id of a custom reducer (S19). */
  readonly reducerId: string;
  readonly codecId?: string;
  /** Validates the decoded value at run time. */
  readonly schema?: StandardSchema;
  /** What two steps of one superstep must not both write: the field, one key of it, or nothing (S18). */
  readonly conflicts: "field" | "key" | "never";
  /** Folds one delta; `current` is undefined while the field has no value. */
  reduce(current: Json | undefined, delta: Json): Json;
  /** Turns a value or delta of the declared type into what JSON can hold, by the codec if there is one. */
  encode(value: Value | Delta): unknown;
  /** The opposite of `encode`, for the folded value. */
  decode(value: Json): Value;
  /** Carries the types; never set. */
  readonly types?: {
    readonly value: Value;
    readonly delta: Delta;
  };
}
/** The fields of a workflow's state by name. */
type StateSpec = Readonly<Record<string, Field>>;
/** Read-only where a mistake would otherwise compile and fail on the frozen state: lists, maps and sets. */
type Frozen<T> = T extends readonly unknown[] ? Readonly<T> : T extends ReadonlyMap<infer Key, infer Value> ? ReadonlyMap<Key, Value> : T extends ReadonlySet<infer Item> ? ReadonlySet<Item> : T;
type ValueOf<F> = F extends Field<infer Value, infer _Delta> ? Frozen<Value> : never;
type DeltaOfField<F> = F extends Field<infer _Value, infer Delta> ? Frozen<Delta> : never;
/** The state that nodes, routers and item lists read. */
type StateOf<Spec extends StateSpec> = { readonly [Name in keyof Spec]: ValueOf<Spec[Name]> };
/** What a node returns: any of the fields, each with its delta. */
type DeltaOf<Spec extends StateSpec> = { readonly [Name in keyof Spec]?: DeltaOfField<Spec[Name]> };
type RequiredName<Spec extends StateSpec> = { [Name in keyof Spec]: Spec[Name]["presence"] extends "required" ? Name : never }[keyof Spec];
/** What a run starts with: fields without a default must be given, the others may. */
type InputOf<Spec extends StateSpec> = { readonly [Name in RequiredName<Spec>]: ValueOf<Spec[Name]> } & { readonly [Name in Exclude<keyof Spec, RequiredName<Spec>>]?: ValueOf<Spec[Name]> };
/** Marks gotos, also those of another copy of the package. */
declare const gotoMark: unique symbol;
/** What a step returns to say where the run goes next, instead of its node's edges (S16). */
interface Goto<Target extends string = string, Delta extends object = object> {
  readonly [gotoMark]: true;
  readonly targets: readonly Target[];
  readonly delta: Delta;
}
/** Goes on at `target` (one or several of the targets that the node declares), with an optional delta (ENG-5). */
declare function goto<const Target extends string>(target: Target | readonly Target[]): Goto<Target, Record<never, never>>;
declare function goto<const Target extends string, Delta extends object>(target: Target | readonly Target[], delta: Delta): Goto<Target, Delta>;
/** A delta that is not a goto, even where fields are called like the parts of one. */
type PlainDelta<Spec extends StateSpec> = DeltaOf<Spec> & {
  readonly [gotoMark]?: never;
};
declare const resultMark: unique symbol;
/** Stands for the delta that a nested workflow's final state becomes; only the type checker sees it. */
interface NestedResult<Result = unknown> {
  readonly [resultMark]: Result;
}
/** What a body may return: a step's result, at once or later, or that of a nested workflow. */
type NodeResult<Spec extends StateSpec, Target extends string> = Awaitable<StepResult<Spec, Target>> | NestedResult<StepResult<Spec, Target>>;
/** What a step results in: a delta, nothing (an empty delta), or a goto to a declared target. */
type StepResult<Spec extends StateSpec, Target extends string> = PlainDelta<Spec> | Goto<Target, DeltaOf<Spec>> | void | undefined;
/** What the type checker shows when a result has keys that are no fields of the state. */
interface NoSuchField<Name extends PropertyKey> {
  readonly "the state has no such field": Name;
}
/**
 * `unknown` if every key of `Result` is a field, else NoSuchField (ENG-1). The type checker itself accepts extra keys
 * in what a named or async function returns; intersecting the function with this refuses them.
 */
type Exact<Spec extends StateSpec, Result> = [ExtraKey<Spec, Result>] extends [never] ? unknown : NoSuchField<ExtraKey<Spec, Result>>;
type ExtraKey<Spec extends StateSpec, Result> = Result extends Promise<infer Settled> ? ExtraKeyOfSettled<Spec, Settled> : Result extends NestedResult<infer Output> ? ExtraKeyOfSettled<Spec, Output> : ExtraKeyOfSettled<Spec, Result>;
type ExtraKeyOfSettled<Spec extends StateSpec, Settled> = Settled extends Goto ? Exclude<KeyOf<Settled["delta"]>, keyof Spec> : Settled extends object ? Exclude<keyof Settled, keyof Spec | typeof gotoMark> : never;
type KeyOf<Delta> = Delta extends unknown ? keyof Delta : never;
/**
 * What happens to the steps that run beside one that fails for good (S11): they finish and stay staged, or they are told
 * to stop and end as cancelled.
 */
type Siblings = "finish" | "abort";
/** When completed steps are compensated, and what follows from a compensation that fails. */
interface CompensationOptions {
  /** Also when the run is cancelled; unless given, only when it fails. */
  readonly onCancel?: boolean;
  /** What becomes of the compensations that are left when one has failed for good; they go on unless given. */
  readonly onFailure?: "continue" | "stop";
}
/** What a node does about time, failure and repetition (ENG-15). `Argument` is the item, or the state. */
interface NodePolicy<Argument = unknown, Recovered = unknown, Delta = unknown> {
  /** Attempts and the delays between them; not on a nested workflow, whose inner steps have their own (S1). */
  readonly retry?: RetryPolicy;
  /**
   * An attempt that takes longer fails with NodeTimeoutError; in milliseconds (S12). A nested workflow is measured from
   * when this process opened it, waiting included.
   */
  readonly timeoutMs?: number;
  /** Gives the delta when all attempts have failed (S11). */
  recover?(failure: Failure, argument: Argument, ctx: NodeContext): Recovered;
  /**
   * Undoes a completed step of the node when the run fails later: gets its delta, a `ctx` of its own, and what it worked
   * on. It is a step itself, committed once, with the node's retry policy and timeout.
   */
  compensate?(delta: Delta, ctx: NodeContext, argument: Argument): unknown;
  /** What becomes of the steps beside one of this node that fails; the workflow's own if absent. */
  readonly siblings?: Siblings;
  /** Ask the response cache first: within this run, shared by the tenant, or not at all (RUN-20). */
  readonly cache?: "run" | "shared" | "off";
}
/** What a body's result says about `retry`: a nested workflow takes none (S1). */
type RetryFor<Result> = [Result] extends [never] ? unknown : Result extends NestedResult ? {
  readonly retry?: never;
} : unknown;
declare const flowTypes: unique symbol;
/** What tells the state of a flow from that of a graph; only the type checker sees it. */
type FlowTypes<Input, Output> = {
  readonly [flowTypes]: {
    readonly input: Input;
    readonly output: Output;
  };
};
/** The state of a flow: what it was given and, at its end, what it returned. */
type FlowSpec<Input = unknown, Output = unknown> = {
  readonly input: Field<Input, Input, "required">;
  readonly output: Field<Output, Output, "optional">;
} & FlowTypes<Input, Output>;
/** What a run is started with: the input of a flow, or the fields of a graph's state that are given. */
type RunInputOf<Spec extends StateSpec> = Spec extends FlowTypes<infer Input, infer _Output> ? Input : InputOf<Spec>;
/** What a run ends with: what a flow returned, or a graph's final state. */
type RunResultOf<Spec extends StateSpec> = Spec extends FlowTypes<infer _Input, infer Output> ? Output : StateOf<Spec>;
/** What a step of a flow does about time, failure and repetition, as a node of a graph does (ENG-15). */
interface FlowStepOptions<Input = unknown, Result = unknown> extends Pick<NodePolicy, "retry" | "timeoutMs" | "cache"> {
  /** Gives the result when all attempts have failed (S11). */
  recover?(failure: Failure, input: Input, ctx: NodeContext): Result | Promise<Result>;
  /** Undoes the completed step when the run fails later, as a step of its own with the same retries and timeout. */
  compensate?(result: Result, ctx: NodeContext, input: Input): unknown;
}
/** How the steps of one `ctx.map` are run. */
interface FlowMapOptions<Item = unknown, Result = unknown> extends FlowStepOptions<Item, Result> {
  /** How many of them run at a time, at most; the engine's limits hold too. */
  readonly concurrency?: number;
}
/**
 * The `ctx` of a flow: that of a step, and three calls that are steps of their own (ENG-53). Calls are known by their
 * name, their input and how often the same call was made before: a body that is executed again gets what they gave, in
 * the order in which they ended. Inputs and results are JSON (S17).
 */
interface FlowContext extends NodeContext {
  /** Runs a function as a step: committed once, retried by itself, with a journal of its own. */
  step<Input, Result>(name: string, input: Input, run: (input: Input, ctx: NodeContext) => Result | Promise<Result>, options?: FlowStepOptions<Input, Result>): Promise<Result>;
  /** One step per item; resolves to their results in the order of the items. Rejects once none of them runs any more. */
  map<Item, Result>(name: string, items: readonly Item[], run: (item: Item, ctx: NodeContext) => Result | Promise<Result>, options?: FlowMapOptions<Item, Result>): Promise<Result[]>;
  /** Runs another flow or workflow as a nested one; the step has its name. */
  run<Spec extends StateSpec>(workflow: Workflow<Spec>, input: RunInputOf<Spec>): Promise<RunResultOf<Spec>>;
}
/** One of the writes that conflict, in order-key order. */
interface ConflictingWrite {
  readonly node: string;
  readonly stepId: string;
  readonly value: Json;
}
/** Two or more steps of one superstep that wrote one field, or one key of an object merge (S18). */
interface Conflict {
  readonly field: string;
  /** The key of an object merge; absent when the whole field conflicts. */
  readonly key?: string;
  /** The value before the superstep; undefined if there was none. */
  readonly before: Json | undefined;
  readonly writes: readonly ConflictingWrite[];
}
/** Settles conflicts with a function of one's own; values are encoded JSON. */
interface MergeHook {
  /** `name@version`: part of the fingerprint, because the function itself is not (S19). */
  readonly id: string;
  /** The value that the field, or its key, gets. Pure. */
  merge(conflict: Conflict): Json;
}
/** What happens on a conflict: the seal fails (default), the last write in order-key order counts, or a hook decides. */
type ConflictPolicy = "fail" | "lastWriterWins" | MergeHook;
/** Predecessors of which each one alone leads to the node. */
interface AnyOf<Name extends string = string> {
  readonly anyOf: readonly Name[];
}
/** Plain edges from each of these nodes: `after: anyOf("a", "b")`, where a bare list would be a join (S15). */
declare function anyOf<const Name extends string>(...names: readonly Name[]): AnyOf<Name>;
/** A node: a plain edge from it. A list: a join of all of them. `anyOf(...)`: a plain edge from each. */
type After<Name extends string = string> = Name | readonly Name[] | AnyOf<Name>;
/**
 * When a join fires: once all predecessors have completed, or, if some can no longer arrive, with those that have
 * ("settled"). Without "settled" a predecessor that can no longer arrive is a typed error (S15).
 */
type JoinWhen = "all" | "settled";
/** Where a node stands in the graph. */
interface Placement<Name extends string = string, Target extends string = string> {
  /** What leads to the node. A node that only gotos, routes or `edge` lead to has none. */
  readonly after?: After<Name>;
  /** How a join waits; only together with a list in `after`. */
  readonly join?: {
    readonly when: JoinWhen;
  };
  /** Targets that a goto of this node may name (S16). */
  readonly goto?: readonly Target[];
}
/** Where a fan-out stands in the graph, and its items. */
interface MapPlacement<State, Item, Name extends string = string, Target extends string = string> extends Placement<Name, Target> {
  /** The items, from the state the fan-out is dispatched on: pure, one step per item (S2). Items are JSON. */
  readonly over: (state: State) => readonly Item[];
  /** How many of its steps run at a time, at most; the engine's limits hold too. */
  readonly concurrency?: number;
}
/**
 * A workflow as JSON (ENG-4): everything that its fingerprint covers and nothing else, so that equal definitions have
 * equal descriptions (S19). Order is kept where it means something: the edges and gotos of a node.
 */
interface WorkflowDescription {
  /** Version of this shape. */
  readonly format: 1;
  readonly name: string;
  readonly version: string;
  readonly fields: Readonly<Record<string, FieldDescription>>;
  readonly nodes: Readonly<Record<string, NodeDescription>>;
  readonly entry: string;
  /** In ascending order of name. */
  readonly exits: readonly string[];
  /** "fail", "lastWriterWins" or the id of a merge hook. */
  readonly conflict: string;
}
/** One field of the state. */
interface FieldDescription {
  readonly kind: FieldKind;
  readonly presence: FieldPresence;
  readonly reducer: string;
  readonly codec?: string;
  /** The encoded default, where there is one. */
  readonly initial?: Json;
}
/** One node with the ways out of it. */
interface NodeDescription {
  readonly kind: "node" | "map";
  readonly join?: {
    readonly predecessors: readonly string[];
    readonly when: JoinWhen;
  };
  /** In declared order. */
  readonly edges: readonly EdgeDescription[];
  /** Declared goto targets, in declared order. */
  readonly gotos: readonly string[];
  /** The body is the function of a flow, whose steps are known only once it runs. */
  readonly flow?: true;
  /** The workflow that runs as the node's body. */
  readonly nested?: WorkflowDescription;
}
/** One way out of a node. Edges with the same `route` belong to one router. */
interface EdgeDescription {
  readonly to: string;
  readonly kind: "plain" | "join" | "route";
  readonly route?: number;
}
/** A node's body written as a function. */
interface FunctionBody {
  readonly type: "function";
  /** A node gets (state, ctx); a step of a map gets (item, ctx, state). Returns a delta, a goto or nothing. */
  run(argument: unknown, ctx: NodeContext, state: unknown): unknown;
}
/** A node's body that is a workflow of its own scope (S1). */
interface NestedBody {
  readonly type: "nested";
  readonly child: Workflow;
  /** The child's input, from the state or the item. */
  input(argument: unknown): unknown;
  /** The delta, from the child's final state. */
  output(childState: unknown, argument: unknown): unknown;
}
/** A node's body that is the function of a flow: what it calls are steps of a scope of its own (ENG-53). */
interface FlowBody {
  readonly type: "flow";
  /** Gets the frozen state, and gives the delta. */
  run(state: unknown, ctx: FlowContext): unknown;
}
/** What a join waits for; `predecessors` in ascending order of name, since their order means nothing. */
interface JoinModel {
  readonly predecessors: readonly string[];
  readonly when: JoinWhen;
}
/** One node as the engine compiles it. */
interface NodeModel {
  readonly name: string;
  readonly kind: "node" | "map";
  readonly body: FunctionBody | NestedBody | FlowBody;
  /** Sources of the plain edges that the node declared itself. */
  readonly after: readonly string[];
  readonly join?: JoinModel;
  /** Declared targets of gotos, in declared order. */
  readonly gotos: readonly string[];
  /** The item list of a map. */
  over?(state: unknown): readonly unknown[];
  /** How many steps of a map run at a time, at most. */
  readonly concurrency?: number;
  readonly policy: NodePolicy;
}
/** One way from a node to another; `ordinal` counts the edges of `from` in declared order, from 0 (S3). */
interface EdgeModel {
  readonly from: string;
  readonly to: string;
  readonly ordinal: number;
  readonly kind: "plain" | "join" | "route";
}
/** A router: after `from`, `choose` picks among `to` on the folded state (S16). */
interface RouteModel {
  readonly from: string;
  readonly to: readonly string[];
  choose(state: unknown): string | readonly string[];
}
/** Limits of the runs of one workflow (ENG-14); the engine's options win over them. */
interface WorkflowLimits {
  readonly maxConcurrent?: number;
  readonly queueDepth?: number;
  readonly backpressureTimeoutMs?: number;
  readonly nodeTimeoutMs?: number;
  readonly runBudgetMs?: number;
  readonly maxSteps?: number;
}
/** Turns the state of a run of an older definition into one of this definition (S19); pure JSON to JSON. */
type Migrate = (state: JsonObject, from: {
  readonly version: string;
  readonly fingerprint: string;
}) => JsonObject;
/** A checked graph as plain data and functions: what the engine compiles. Deeply frozen, nodes in declared order. */
interface WorkflowModel {
  readonly name: string;
  readonly version: string;
  readonly fields: StateSpec;
  readonly nodes: readonly NodeModel[];
  readonly entry: string;
  readonly exits: readonly string[];
  /** In declared order per source; a route has one edge per target. */
  readonly edges: readonly EdgeModel[];
  /** In declared order per source. */
  readonly routes: readonly RouteModel[];
  readonly conflict: ConflictPolicy;
  readonly limits: WorkflowLimits;
  /** Where a node does not say (S11). */
  readonly siblings: Siblings;
  readonly inputSchema?: StandardSchema;
  readonly outputSchema?: StandardSchema;
  readonly migrate?: Migrate;
  readonly compensation?: CompensationOptions;
  /** What the state starts with, from what a run is started with; absent: that is the state's fields. */
  toState?(given: unknown): Readonly<Record<string, unknown>>;
  /** What a run ends with, from its final state; absent: the state. */
  toResult?(state: object): unknown;
}
/** A checked workflow, ready for an engine. `Names` are its nodes; a graph built in a loop is `Workflow<Spec, string>`. */
interface Workflow<Spec extends StateSpec = StateSpec, Names extends string = string> {
  readonly name: string;
  readonly version: string;
  readonly model: WorkflowModel;
  /** JSON description, what a run stores of its definition (ENG-4). */
  readonly description: WorkflowDescription;
  /** SHA-256 of the canonical description: equal for equal definitions (S19). */
  readonly fingerprint: string;
  /** Carries the types; never set. */
  readonly types?: {
    readonly spec: Spec;
    readonly names: Names;
  };
}
/** What a workflow is given beside its nodes. */
interface WorkflowOptions<Spec extends StateSpec> {
  /** Part of the fingerprint: raise it when functions change what stored runs must not mix (S19). */
  readonly version: string;
  /** The fields of the state. */
  readonly state: Spec;
  /** Validates the input when a run starts. */
  readonly input?: StandardSchema<unknown, InputOf<Spec>>;
  /** Validates the final state. */
  readonly output?: StandardSchema<unknown, unknown>;
  /** What happens when two steps of a superstep write one field (S18); "fail" unless given. */
  readonly conflict?: ConflictPolicy;
  /** Lets runs of older definitions go on under this one (S19). */
  readonly migrate?: Migrate;
  readonly limits?: WorkflowLimits;
  /** What becomes of the steps beside one that fails, where its node does not say; "finish" unless given (S11). */
  readonly siblings?: Siblings;
  /** When completed steps are compensated; when the run fails, unless given. */
  readonly compensation?: CompensationOptions;
}
/** The options together with the name. */
interface NamedOptions<Spec extends StateSpec = StateSpec> extends WorkflowOptions<Spec> {
  readonly name: string;
}
/** What a flow is given beside its body. */
interface FlowOptions<Input = unknown, Output = unknown> extends Pick<WorkflowOptions<StateSpec>, "version" | "limits" | "siblings" | "compensation"> {
  /** Validates the input when a run starts. */
  readonly input?: StandardSchema<unknown, Input>;
  /** Validates what the body returns; not asynchronously. */
  readonly output?: StandardSchema<unknown, Output>;
}
/** A flow: a workflow whose steps are what its body calls. It goes wherever a workflow does. */
type Flow<Input = unknown, Output = unknown> = Workflow<FlowSpec<Input, Output>>;
/**
 * A workflow written as a function (ENG-53). The body is executed again on what its calls gave, after a crash, after a
 * wait and in a replay: whatever is not a function of its input has to come from `ctx`. Throws GraphError for options
 * that cannot be used.
 */
declare function flow<Input, Output>(name: string, options: FlowOptions<Input, Output>, body: (input: Input, ctx: FlowContext) => Output | Promise<Output>): Flow<Input, Output>;
/** The schemas of what an interrupt asks and takes; either may be left out where the types are given instead. */
interface InterruptSchemas<Ask, Answer> {
  readonly ask?: StandardSchema<unknown, Ask>;
  readonly answer?: StandardSchema<unknown, Answer>;
}
/**
 * Declares an interrupt, used as `await ctx.interrupt(approve, payload)` (ENG-40). Typed by schemas,
 * `interrupt("approve", { ask: Draft, answer: Decision })`, or by hand, `interrupt<Draft, Decision>("approve")`.
 */
declare function interrupt<Ask = unknown, Answer = unknown>(name: string, schemas?: InterruptSchemas<Ask, Answer>): InterruptDeclaration<Ask, Answer>;
/**
 * The workflow as a Mermaid flowchart (ENG-4; https://mermaid.js.org/syntax/flowchart.html). Maps are drawn with double
 * sides, joins as hexagons, nested workflows as subgraphs; dotted arrows are routes ("?") and gotos.
 */
declare function toMermaid(workflow: Workflow): string;
/**
 * A workflow as the body of a node: it runs as a scope of its own (S1). To the type checker it is a function of the
 * state or item, because only then is the item of a map known inside `nested(...)`; nobody calls it.
 */
type Nested<Argument, Result> = (argument: Argument) => NestedResult<Result>;
/** How a nested workflow is fed and what becomes of its final state; both pure. `Argument` is the state or item. */
interface NestedMapping<Spec extends StateSpec, Argument, Result> {
  /** The child's input. */
  readonly input: (argument: Argument) => RunInputOf<Spec>;
  /** The delta, from the child's final state, or from what a flow returned. */
  readonly output: (childState: RunResultOf<Spec>, argument: Argument) => Result;
}
/** Uses `child` as a node's body. Its steps are durable and retried one by one; the node itself takes no retry (S1). */
declare function nested<Spec extends StateSpec, Argument, Result>(child: Workflow<Spec>, mapping: NestedMapping<Spec, Argument, Result>): Nested<Argument, Result>;
/** A node as it was declared. */
interface NodeDeclaration {
  readonly type: "node";
  readonly kind: NodeModel["kind"];
  readonly isEntry: boolean;
  readonly name: string;
  readonly placement: Placement & Pick<NodeModel, "over" | "concurrency">;
  readonly body: FunctionBody["run"];
  readonly policy: NodePolicy | undefined;
}
/** A plain edge as it was declared. */
interface EdgeDeclaration {
  readonly type: "edge";
  readonly from: string;
  readonly to: string;
}
/** A router as it was declared. */
interface RouteDeclaration extends RouteModel {
  readonly type: "route";
}
/** One call of a builder method. The order of declarations is the order of a node's edges (S3). */
type Declaration = NodeDeclaration | EdgeDeclaration | RouteDeclaration;
/** The body of a node: a function of the state, or `nested(...)`. */
type NodeBody<Spec extends StateSpec, Result> = (state: StateOf<Spec>, ctx: NodeContext) => Result;
/** The body of a map: a function of the item, or `nested(...)` per item. */
type MapBody<Spec extends StateSpec, Item, Result> = (item: Item, ctx: NodeContext, state: StateOf<Spec>) => Result;
/** The names `end` takes; a name that was mentioned and never declared turns it into a message for the reader. */
type ExitName<Names extends string, Mentioned extends string> = [Exclude<Mentioned, Names>] extends [never] ? Names : `no node is declared with the name "${Exclude<Mentioned, Names>}"`;
interface Draft {
  readonly declaration: Declaration;
  readonly previous: Draft | undefined;
}
/**
 * Collects the nodes and edges of a workflow. Immutable: each method returns a new builder, so that one beginning can
 * grow into several workflows. `Names` are the declared nodes; `Mentioned` are those that gotos, routes and edges
 * name, which must be declared by the time `end` is called. Nothing is checked before `end`.
 */
declare class WorkflowBuilder<Spec extends StateSpec, Names extends string = never, Mentioned extends string = never> {
  #private;
  constructor(options: NamedOptions<Spec>, draft?: Draft);
  /** The node a run begins with. */
  start<const Name extends string, Result extends NodeResult<Spec, never>, Recovered extends Awaitable<PlainDelta<Spec>> = PlainDelta<Spec>>(name: Name, body: NodeBody<Spec, Result> & Exact<Spec, Result>, policy?: NodePolicy<StateOf<Spec>, Recovered, DeltaOf<Spec>> & RetryFor<Result> & Exact<Spec, Recovered>): WorkflowBuilder<Spec, Names | Name, Mentioned>;
  /** A node after others. Its function gets the state and returns a delta (ENG-2). */
  node<const Name extends string, Result extends NodeResult<Spec, Target>, const Target extends string = never, Recovered extends Awaitable<PlainDelta<Spec>> = PlainDelta<Spec>>(name: Name, placement: Placement<Names, Target>, body: NodeBody<Spec, Result> & Exact<Spec, Result>, policy?: NodePolicy<StateOf<Spec>, Recovered, DeltaOf<Spec>> & RetryFor<Result> & Exact<Spec, Recovered>): WorkflowBuilder<Spec, Names | Name, Mentioned | Target>;
  /** A fan-out: one step per item of `over`, in the order of the items; its function gets the item (ENG-2). */
  map<const Name extends string, Item, Result extends NodeResult<Spec, Target>, const Target extends string = never, Recovered extends Awaitable<PlainDelta<Spec>> = PlainDelta<Spec>>(name: Name, placement: MapPlacement<StateOf<Spec>, Item, Names, Target>, body: MapBody<Spec, Item, Result> & Exact<Spec, Result>, policy?: NodePolicy<Item, Recovered, DeltaOf<Spec>> & RetryFor<Result> & Exact<Spec, Recovered>): WorkflowBuilder<Spec, Names | Name, Mentioned | Target>;
  /** A plain edge; `to` may be declared later, which makes cycles possible (S15). */
  edge<const Target extends string>(from: Names, to: Target): WorkflowBuilder<Spec, Names, Mentioned | Target>;
  /** A router: after `from`, `choose` picks one, several or none of the declared targets; pure (S16). */
  route<const Target extends string>(from: Names, targets: {
    readonly to: readonly Target[];
  }, choose: (state: StateOf<Spec>) => NoInfer<Target> | readonly NoInfer<Target>[]): WorkflowBuilder<Spec, Names, Mentioned | Target>;
  /** From here on names are plain strings, for a graph built in a loop; only `end` checks them. */
  dynamic(): WorkflowBuilder<Spec, string, string>;
  /** The nodes a run may end with. Checks the whole graph; throws GraphError with all its problems (ENG-3). */
  end(...exits: readonly ExitName<Names, Mentioned>[]): Workflow<Spec, Names>;
}
/** Begins a workflow; go on with `.start(...)`, add nodes, and finish with `.end(...)` (ENG-1, ENG-2). */
declare function workflow$1<Spec extends StateSpec>(name: string, options: WorkflowOptions<Spec>): WorkflowBuilder<Spec>;
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
/** A call of a node's function, or of its `recover`: one execution of one attempt of a step. */
interface NodeCall {
  readonly runId: string;
  readonly stepId: string;
  readonly node: string;
  readonly attempt: number;
}
/** One try of an outside call: `ctx.io` makes another one for each retry of its own (S8). */
interface OutsideCall extends NodeCall, IoCall {
  readonly name: string;
  readonly input: Json;
  /** Declared as `effect`. */
  readonly effect: boolean;
}
/**
 * Stands between a run and the code that it calls: makes a call with `proceed`, at once or later, or answers in its
 * place. A call that the journal answers does not come here, and neither does a replay.
 */
interface CallInterceptor {
  node(call: NodeCall, proceed: () => unknown): unknown;
  io(call: OutsideCall, proceed: () => unknown): unknown;
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
/** How an attempt left its place: it ended, was stopped, or waits for the outside without one (S12-S14). */
type AttemptOutcome = "succeeded" | "failed" | "cancelled" | "waiting";
/** Whose steps are counted. */
interface MeteredWorkflow {
  readonly tenant: string;
  readonly workflow: string;
}
/** How many steps of a run go on, and how many wait to start, at this moment (S14). */
interface StepLoad extends MeteredWorkflow {
  readonly running: number;
  readonly queued: number;
}
/** Counts and measures steps. Every call is cheap and never throws: it is made between two steps of a run. */
interface StepMetrics {
  /** An attempt gave its place back. Milliseconds, with their fraction. */
  attemptEnded(latencyMs: number, outcome: AttemptOutcome): void;
  /** A failed attempt is to be followed by another one (S9). */
  retried(): void;
  /** A seal met so many conflicts, settled or not (S18). */
  conflicted(count: number): void;
  /** A full queue blocked whoever feeds it (S14). */
  blocked(): void;
}
/** Takes the metrics of engines (OBS-1); several engines may share one. */
interface EngineMetrics {
  /** What counts the steps of a workflow's runs; asked for once per run. */
  stepsOf(workflow: MeteredWorkflow): StepMetrics;
  /** Has `read` called whenever somebody reads the metrics, until the returned function is called. */
  watch(read: () => Iterable<StepLoad>): () => void;
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
/** What a field can be given beside its default; one of the two at least. */
type FieldOptions<Encoded, Value = Encoded> = {
  readonly codec: Codec<Encoded>;
  readonly schema?: StandardSchema<unknown, Value>;
} | {
  readonly codec?: Codec<Encoded>;
  readonly schema: StandardSchema<unknown, Value>;
};
/**
 * A list to which each delta, a list too, is appended in order-key order; empty by default, never a conflict. The codec
 * is that of one item. The engine keeps the list in chunks, so that a step does not copy it (S17).
 */
declare function append<T>(options?: FieldOptions<T, readonly T[]>): Field<readonly T[], readonly T[], "optional">;
/** A reducer of one's own. */
interface CustomReducer<T, D> {
  /** `name@version`: part of the fingerprint, because the function itself is not (S19). Raise it with the behaviour. */
  readonly id: string;
  readonly initial: T;
  /** Pure; gets frozen JSON and returns JSON. */
  readonly reduce: (current: T, delta: D) => T;
  readonly schema?: StandardSchema<unknown, T>;
}
/**
 * A field folded by a function of one's own, in order-key order; never a conflict. Value and delta are JSON. `reduce`
 * throws ValidationError when the function returns something else.
 */
declare function custom<T, D = T>(reducer: CustomReducer<T, D>): Field<T, D, "optional">;
/**
 * An object into which each delta is merged key by key; empty by default. Two steps of one superstep that write the
 * same key conflict, different keys do not (S18). The codec is that of one value.
 */
declare function merge<V>(options?: Partial<FieldOptions<V, Readonly<Record<string, V>>>>): Field<Readonly<Record<string, V>>, Readonly<Record<string, V>>, "optional">;
/** What a number field can be given beside its default. */
interface NumberFieldOptions {
  readonly schema?: StandardSchema<unknown, number>;
}
/**
 * A number to which each delta is added in order-key order, 0 by default; never a conflict. `reduce` throws
 * ValidationError when the sum is no longer finite.
 */
declare function sum(initial?: number, options?: NumberFieldOptions): Field<number, number, "optional">;
/** The smallest number written; undefined before the first one unless there is a default. Never a conflict. */
declare function min(): Field<number | undefined, number, "optional">;
declare function min(initial: number, options?: NumberFieldOptions): Field<number, number, "optional">;
/** The largest number written; undefined before the first one unless there is a default. Never a conflict. */
declare function max(): Field<number | undefined, number, "optional">;
declare function max(initial: number, options?: NumberFieldOptions): Field<number, number, "optional">;
/**
 * A set, kept as a list in order of first appearance: items with the same canonical JSON are one item. Each delta is a
 * list of items; empty by default, never a conflict. The codec is that of one item.
 */
declare function union<T>(options?: FieldOptions<T, readonly T[]>): Field<readonly T[], readonly T[], "optional">;
/**
 * A field that holds the last value written. Without a default the run's input must give it. Two steps of one
 * superstep that write it conflict (S18). A type that is not JSON needs a codec: `value<Date>({ codec: dateCodec })`.
 */
declare function value<T>(): Field<T, T, "required">;
declare function value<T>(options: FieldOptions<T>): Field<T, T, "required">;
declare function value<T>(initial: T, options?: FieldOptions<T>): Field<T, T, "optional">;
/** Counts of one engine, read by `engine.metrics()`. */
interface MetricsSnapshot {
  readonly inflightNodes: number;
  /** Steps that wait to start, over all runs. */
  readonly queueDepth: number;
  readonly stepsTotal: number;
  readonly retriesTotal: number;
  readonly mergeConflictsTotal: number;
  readonly backpressureEventsTotal: number;
}
/** Nodes before and after which a run pauses, by name, also in nested workflows (ENG-40). */
interface PauseOptions {
  /** The run pauses before a superstep in which one of these nodes would start. */
  readonly interruptBefore?: readonly string[] | undefined;
  /** The run pauses after a superstep in which one of these nodes has succeeded. */
  readonly interruptAfter?: readonly string[] | undefined;
}
/** How a stored run is resumed. */
interface ResumeOptions extends PauseOptions {
  /** Go on although the workflow differs from the one that made the run (S19). */
  readonly allowVersionMismatch?: boolean | undefined;
  readonly limits?: WorkflowLimits | undefined;
}
/** Values that take the place of those of fields, each as nodes read it. */
type StatePatch = Readonly<Record<string, unknown>>;
/** How a run is forked. */
interface ForkOptions<Spec extends StateSpec = StateSpec> extends ResumeOptions {
  /** A step, to fork at the seal before it, or the `event` of a checkpoint; 1 is the start. */
  readonly at: string | number;
  /** Values that take the place of those of fields, each as nodes read it, in the scope of the seal. */
  readonly patch?: StatePatch | undefined;
  /**
   * The workflow that the fork goes on with; it folds the state that is patched. Absent: the one of its name that the
   * engine was made with.
   */
  readonly workflow?: Workflow<Spec> | undefined;
  /** Id of the new run; a new ULID if absent. Forking again under it gives the same run. */
  readonly id?: string | undefined;
}
/** How one step went in two runs; `before` and `after` of a change are those of the first and the second. */
interface StepDiff {
  readonly stepId: string;
  /** `added` and `removed`: only the second run, or only the first, has the step. */
  readonly kind: "added" | "removed" | "changed";
  /** By what the step did: `delta.total`, `io "fetch"[0].value`, `failed[0].failure.message`. */
  readonly changes: readonly JsonChange[];
}
/** Where two runs differ. */
interface RunDiff {
  readonly runs: readonly [first: string, second: string];
  readonly statuses: readonly [first: RunStatus, second: RunStatus];
  /** The first step, in order-key order, that did not go the same way; undefined if all did. */
  readonly divergence: {
    readonly stepId: string;
    readonly path: string;
  } | undefined;
  /** Steps that differ, in order-key order. */
  readonly steps: readonly StepDiff[];
  /** Steps that went the same way. */
  readonly same: number;
  /** Differences of the root states: at the end, or at the last seal. */
  readonly state: readonly JsonChange[];
}
/** Where a run is forked: behind a seal of a scope, or at its start (S23). */
interface ForkPoint {
  /** "" for the root, else the step id of the nested workflow. */
  readonly scope: string;
  /** The superstep that the seal ended; -1 at the start. The one after it runs again. */
  readonly superstep: number;
  /** The fork takes over the record events up to this one. */
  readonly event: number;
}
/** A step that the run did after the point, and a fork may do again. */
interface RepeatedStep {
  readonly stepId: string;
  /** Outside calls that it made, effects included. */
  readonly calls: number;
  /** Names of those that change something outside: `ctx.tx`, and `ctx.io` with `effect`. */
  readonly effects: readonly string[];
  /** Milliseconds that its attempts took. */
  readonly durationMs: number;
}
/** What forking a run at a point means, before it is done (S23). */
interface ForkPreview {
  readonly runId: string;
  readonly point: ForkPoint;
  /** Committed steps that the fork takes over: none of them runs again, and none of their effects is repeated. */
  readonly kept: number;
  /** What came after the point, in the order in which it began. A patch may lead elsewhere. */
  readonly repeated: readonly RepeatedStep[];
  readonly calls: number;
  readonly effects: number;
  readonly durationMs: number;
}
/** A state that a run had: before a step, or at a checkpoint. */
interface StateAt {
  readonly runId: string;
  /** Step id, or the `event` of a checkpoint. */
  readonly at: string | number;
  /** The workflow of the run: folding its deltas needs its reducers. */
  readonly workflow: Workflow;
}
/** A step whose compensation failed for good. */
interface FailedCompensation {
  readonly stepId: string;
  readonly failure: Failure;
}
/** What became of the compensations of a run. */
interface CompensationReport {
  /** Steps that were undone. */
  readonly compensated: number;
  readonly failed: readonly FailedCompensation[];
}
/** Why a run is compensated, as the mark that begins it says. */
interface CompensatingData {
  readonly after: "failed" | "cancelled";
  /** Superstep of the compensations' own step, behind those of the run. */
  readonly superstep: number;
  readonly failure?: Failure;
  readonly others?: readonly Failure[];
  readonly by?: string;
}
/** How far the compensation of a stored run has got; undefined if it has not begun. */
interface StoredCompensation {
  readonly data: CompensatingData;
  /** What its last end says; undefined while it is under way. */
  readonly report: CompensationReport | undefined;
}
/** How a run stopped in this process. `parked` and `fenced` tell of the process, the others of the run. */
type RunOutcome = {
  readonly status: "succeeded";
  readonly state: object;
} | {
  readonly status: "failed";
  readonly error: Error;
  readonly failure: Failure;
  readonly others: readonly Failure[]; /** What became of its compensation, if completed steps had to be undone. */
  readonly compensation?: CompensationReport;
} | {
  readonly status: "waiting";
  readonly steps: readonly string[];
} | {
  readonly status: "cancelled";
  readonly compensation?: CompensationReport;
} | {
  readonly status: "paused" | "parked";
} | {
  readonly status: "fenced";
  readonly error: Error;
};
/** How a run is given back, or all runs of an engine. */
interface ParkOptions {
  /** How long running attempts may take to end, in milliseconds; 0, which is usual, stops them at once. */
  readonly graceMs?: number | undefined;
}
/** Where a replay went another way than the record: the first such place in order-key order (S25). */
interface Divergence {
  readonly stepId: string;
  /** What differs: `delta.count`, `goto`, `seal`, `io "fetch"`, `Date.now`, ... */
  readonly field: string;
  readonly expected: Json;
  readonly actual: Json;
}
/**
 * What would become of a stored run under other code. `same`: it replays to the same bytes, and its open steps go on where
 * they are. `migrates`: its state is turned into one of this version when it is resumed. `diverges`: a step gives something
 * else. `refused`: it could not be resumed. `unchecked`: its history was removed.
 */
type BacktestVerdict = "same" | "migrates" | "diverges" | "refused" | "unchecked";
/** One run against the code in hand. */
interface Backtest {
  readonly runId: string;
  readonly status: RunStatus;
  readonly verdict: BacktestVerdict;
  /** Committed steps that were executed again. */
  readonly steps: number;
  /** The first difference, for `diverges`. */
  readonly divergence: Divergence | undefined;
  /** Why it would be refused. */
  readonly failure: Failure | undefined;
}
/** How a step ended, or not: in the record, or when it was executed again. */
interface StepEnd {
  readonly status: "succeeded" | "failed" | "waiting";
  readonly delta?: JsonObject;
  readonly failure?: Failure;
}
/** One step of a run, executed again alone. */
interface StepDebug {
  readonly runId: string;
  readonly stepId: string;
  /** The attempt that was executed: the one that succeeded, or the last. */
  readonly attempt: number;
  readonly recorded: StepEnd;
  /** What its code did this time; undefined where it went another way than its journal. */
  readonly now: StepEnd | undefined;
  /** What the journal answered, in the order in which the calls started. */
  readonly calls: readonly {
    readonly kind: string;
    readonly name: string;
    readonly value: Json;
  }[];
  /** Where this differs from the record. */
  readonly divergence: Divergence | undefined;
}
/** How a run is replayed. */
interface ReplayOptions {
  /** Throw ReplayMismatchError at the first divergence instead of returning it. */
  readonly strict?: boolean | undefined;
  /** Trap Date.now, Math.random, crypto.randomUUID and fetch outside ctx; on by default (S25). */
  readonly trap?: boolean | undefined;
  /** Versions of the workflow that the run had before it was migrated: their steps are executed again too. */
  readonly earlier?: readonly Workflow[] | undefined;
}
/** What a replay found. */
interface ReplayReport {
  readonly runId: string;
  readonly matches: boolean;
  /** Committed steps compared, nested ones included, up to the divergence. */
  readonly steps: number;
  /** Committed steps that were not: a version of the workflow that was not given made them, before a migration. */
  readonly unchecked: number;
  /** Recorded effects of the steps compared, none of which was repeated: transactions, and calls declared as `effect`. */
  readonly effects: number;
  readonly divergence?: Divergence;
}
/**
 * What a reader gets. `events`: record events. `deltas`: what each committed step returned. `values`: the state after
 * each seal. `live`: everything that is shown while it happens and not kept; `tokens`, `progress` and `custom` only those
 * of `ctx.emit`.
 */
type StreamMode = "events" | "deltas" | "values" | "live" | "tokens" | "progress" | "custom";
/** Where an item that is kept stands: by it a reader goes on where it stopped. */
interface StreamPlace {
  readonly seq: number;
  readonly epoch: number;
  readonly type: string;
}
/** The delta of a committed step, with large values in their place. */
interface StepDelta extends StreamPlace {
  readonly type: "delta";
  readonly runId: string;
  /** Step id; of a step in a nested workflow it begins with the path of that. */
  readonly step: string;
  readonly delta: JsonObject;
}
/** The state of the run after a seal of its root scope. */
interface StateValue<State extends object = object> extends StreamPlace {
  readonly type: "value";
  readonly runId: string;
  /** Step whose commit carried the seal, and the superstep that it ended. */
  readonly step: string;
  readonly superstep: number;
  readonly state: State;
}
/** The state of a nested workflow after one of its seals; `scope` is the step id under which it runs. */
interface NestedValue extends StreamPlace {
  readonly type: "nestedValue";
  readonly runId: string;
  readonly step: string;
  readonly scope: string;
  readonly superstep: number;
  readonly state: object;
}
/** Live events of some types. */
type LiveEventOf<Type extends LiveEvent["type"]> = LiveEvent & {
  readonly type: Type;
};
/** What each mode yields. `truncated` takes back what came after a seq, `dropped` counts what a slow reader missed. */
interface StreamItems<State extends object> {
  readonly events: RecordEvent | LiveEventOf<"truncated">;
  readonly deltas: StepDelta | LiveEventOf<"truncated">;
  readonly values: StateValue<State> | NestedValue | LiveEventOf<"truncated">;
  readonly live: LiveEvent;
  readonly tokens: LiveEventOf<"token" | "dropped">;
  readonly progress: LiveEventOf<"progress" | "dropped">;
  readonly custom: LiveEventOf<"custom" | "dropped">;
}
/** What a stream of these modes yields. */
type StreamItem<State extends object, Mode extends StreamMode> = StreamItems<State>[Mode];
/** The modes of a reader that names none. */
type UsualModes = "events" | "live";
/** What to read of a run, and how. */
interface EventsOptions<Mode extends StreamMode = UsualModes> {
  /**
   * `seq` of the first record event wanted, 1 unless given; or the last item that the reader has, after which it goes on.
   * Given an item, the stream also tells if a newer epoch has replaced it (`truncated`).
   */
  readonly from?: number | StreamPlace | undefined;
  /** `["events", "live"]` unless given. */
  readonly modes?: readonly Mode[] | undefined;
  /** Go on with what is still to come; on unless switched off. */
  readonly follow?: boolean | undefined;
  /** Live events kept for a reader that is slower than the run; 1,024 unless given. */
  readonly buffer?: number | undefined;
  /** What becomes of live events beyond `buffer`: dropped with a count, or the stream ends with StreamOverflowError. */
  readonly overflow?: Overflow | undefined;
}
/** How a live stream meets a reader that is too slow. */
type Overflow = "dropOldest" | "dropNewest" | "error";
/** Options of a reader that has only the id of the run. */
interface RunEventsOptions<Mode extends StreamMode = UsualModes> extends EventsOptions<Mode> {
  /** The workflow of the run: folding deltas to `values` needs its reducers. */
  readonly workflow?: Workflow | undefined;
}
/** A seal from which a run can go on or be forked (S23). */
interface Checkpoint {
  /** "" for the root, else the step id of the nested workflow. */
  readonly scope: string;
  /** The superstep that the seal ended; -1 for the patched start of a fork. */
  readonly superstep: number;
  /** `seq` of its last record event. */
  readonly event: number;
  /** The step whose commit carried the seal; "" for the start. */
  readonly stepId: string;
  /** Nodes of the next frontier, in order; empty at the end of a scope. */
  readonly next: readonly string[];
}
/** One step as its rows tell it. */
interface StepView {
  readonly stepId: string;
  readonly node: string;
  readonly status: StepStatus;
  /** Attempts so far, the one that succeeded included. */
  readonly attempts: number;
  /** Duration of the attempt that succeeded, in milliseconds; of the last one if none did. */
  readonly durationMs: number | undefined;
}
/** A stored run as anyone can see it, without the code of its workflow. */
interface RunView {
  readonly head: RunHead;
  readonly status: RunStatus;
  /** In the order of their first row. */
  readonly steps: readonly StepView[];
  /** State of the root scope at its last seal or at the run's stop. */
  readonly state: JsonObject;
  readonly eventsByType: Readonly<Record<string, number>>;
  readonly failure: Failure | undefined;
  /** Its completed steps are being undone, or were. */
  readonly compensation: StoredCompensation | undefined;
}
/** What a step waits for (S13). */
interface WaitingFor {
  readonly stepId: string;
  readonly kind: "interrupt" | "sleep" | "event";
  /** Interrupt id, or the name of the sleep or event. */
  readonly id: string;
  /** What an interrupt asks; the wall-clock milliseconds a sleep ends at. */
  readonly payload: Json;
  /** When it goes on without an answer or an event, in wall-clock milliseconds; undefined for never. */
  readonly deadline: number | undefined;
}
/** A failure of a step that is not over: its cause chain, outermost first, and the next try. */
interface OpenFailure {
  readonly stepId: string;
  readonly attempt: number;
  readonly causes: readonly Failure[];
  /** Wall-clock milliseconds of the next attempt; undefined if there is none. */
  readonly nextAt: number | undefined;
}
/** Why a run is where it is (ENG-56). */
interface Explanation {
  readonly runId: string;
  readonly status: RunStatus;
  readonly owner: OwnerRow | undefined;
  readonly recoveries: number;
  /** Its completed steps are being undone, or were. */
  readonly compensation: StoredCompensation | undefined;
  /** The run's own failure with its causes, outermost first. */
  readonly causes: readonly Failure[];
  readonly failures: readonly OpenFailure[];
  readonly waitsFor: readonly WaitingFor[];
  /** Steps that have begun or could, and neither wait nor have failed: what an owner is busy with. */
  readonly inFlight: readonly string[];
  /** Earliest time the run goes on by itself, and now, in wall-clock milliseconds. */
  readonly wakeAt: number | undefined;
  readonly now: number;
}
/** What reading runs takes. */
interface ReaderParts {
  readonly backend: StoreBackend;
  readonly clock: Clock;
  readonly tenant?: string | undefined;
}
/** Tells of the runs of a store, in whichever process they are executed, and changes none. */
declare class RunReader {
  #private;
  readonly tenant: string;
  constructor({
    backend,
    clock,
    tenant
  }: ReaderParts);
  /**
   * Executes the committed steps of a run again on its journal, without any effect, and compares (S25). With `strict`
   * the first divergence is thrown as ReplayMismatchError. Rejects with HistoryRemovedError where retention has removed
   * what would be compared (S24).
   */
  replay(runId: string, workflow: Workflow, options?: ReplayOptions): Promise<ReplayReport>;
  /**
   * Says what would become of a stored run under other code: whether it replays to the same, can be resumed, and goes on
   * where its open steps are (ENG-54). Nothing outside is called and nothing is stored.
   */
  backtest(runId: string, workflow: Workflow): Promise<Backtest>;
  /**
   * Executes one step of a run again on its journal, from the state it had, and tells how that ended (ENG-55). `onStep` is
   * called right before its function. Rejects with ValidationError for a step that the run does not have.
   */
  debug(runId: string, {
    step,
    workflow,
    onStep
  }: {
    readonly step: string;
    readonly workflow: Workflow;
    onStep?(): void;
  }): Promise<StepDebug>;
  /** The checkpoints of a run: its seals, oldest first (ENG-31). Rejects with HistoryRemovedError (S24). */
  history(runId: string): Promise<readonly Checkpoint[]>;
  /**
   * What a fork at a step or checkpoint would keep and what it would do again: steps, calls and effects (S23). Rejects with
   * ForkPointError.
   */
  forkPreview(runId: string, {
    at
  }: {
    readonly at: string | number;
  }): Promise<ForkPreview>;
  /** Where two runs differ: the first divergence, each step, and the state; or where two states do (ENG-31). */
  diff(first: string, second: string): Promise<RunDiff>;
  diff(first: StateAt, second: StateAt): Promise<readonly JsonChange[]>;
  /** What is stored of a run, without its workflow's code; of one without its history only the result (S24). */
  inspect(runId: string): Promise<RunView>;
  /** Why a run is where it is (ENG-56). */
  why(runId: string): Promise<Explanation>;
  /**
   * Record events of a run from a seq on, what its steps returned, or its states; with `follow`, which is on, until it
   * ends, also when another process runs it, and then with live events of this process between. Throws ValidationError
   * for options; the stream rejects with RunNotFoundError or CursorError.
   */
  events<Mode extends StreamMode = UsualModes>(runId: string, options?: RunEventsOptions<Mode>): AsyncGenerator<StreamItem<object, Mode>, void, void>;
  /** Rejects with RunNotFoundError. */
  protected readHead(runId: string): Promise<RunHead>;
}
/** Which approvals to list. */
interface ApprovalQuery {
  readonly workflow?: string | undefined;
  readonly runId?: string | undefined;
  /** How many at most; 100 unless given. */
  readonly limit?: number | undefined;
  /** List what comes after this one, the last of the list before. */
  readonly after?: Pick<Approval, "askedAt" | "runId" | "id"> | undefined;
}
/** An interrupt that waits for somebody's answer (ENG-40). */
interface Approval {
  readonly runId: string;
  readonly workflow: string;
  readonly status: RunStatus;
  /** Interrupt id, to be answered with `engine.answer`. */
  readonly id: string;
  readonly stepId: string;
  readonly name: string;
  /** What is asked. */
  readonly payload: Json;
  /** Wall-clock milliseconds; undefined if it waits for ever. */
  readonly askedAt: number;
  readonly deadline: number | undefined;
}
/** Who sends something to a run. */
interface Sender {
  readonly by?: string;
}
/** Answers by interrupt id. */
type Answers = Readonly<Record<string, Json>>;
/** When a run begins, if not at once. */
interface DelayOptions {
  /** The run begins at this time, or in wall-clock milliseconds, and not before. */
  readonly startAt?: number | Date | undefined;
  /** The run begins so many milliseconds after its start was accepted. */
  readonly delayMs?: number | undefined;
  /** The run waits for its turn in this queue, which the engine declares; it begins where an engine serves. */
  readonly queue?: string | undefined;
  /** Runs of one key count together against `keyConcurrency` of their queue. */
  readonly key?: string | undefined;
}
/** What a caller says of a new run. */
interface StartOptions extends PauseOptions, DelayOptions {
  /**
   * 1 to 128 letters, digits, `.`, `_` or `-`; a new ULID if absent. Starting again under an id gives the run that is
   * there, if it has the same workflow and input.
   */
  readonly id?: string | undefined;
  /** Seed of `ctx.rng` and `ctx.uuid`; the run id if absent. */
  readonly seed?: string | undefined;
  /** Free texts kept with the run. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** What the run's commits survive, whatever the store's own level is, and whoever goes on with it (S5). */
  readonly durability?: Durability | undefined;
  /** Limits that the run keeps, whoever goes on with it; they win over the engine's and the workflow's. */
  readonly limits?: WorkflowLimits | undefined;
}
/** A run as its caller holds it. `Result` is the state its workflow ends with, or what its flow returns. */
interface Run<Result = unknown, State extends object = object> {
  readonly runId: string;
  /**
   * The final state, or what a flow returned. Rejects with the error the run failed with, InterruptedError when it waits
   * for an answer, CancelledError, EngineClosedError when it was parked, or FencedError when another process took it.
   */
  result(): Promise<Result>;
  /** How the run stops, or has stopped, also if it rested or went on elsewhere meanwhile; never rejects. */
  settled(): Promise<RunOutcome>;
  /**
   * What happens in the run, by the modes asked for: record and live events unless told otherwise. Ends when the run stops
   * here, or, executed elsewhere, has ended. Each call is a reader of its own; leaving the loop frees all it holds. Throws
   * ValidationError for options; the stream rejects with CursorError, or StreamOverflowError where that was asked for.
   */
  events<Mode extends StreamMode = UsualModes>(options?: EventsOptions<Mode>): AsyncGenerator<StreamItem<State, Mode>, void, void>;
  /** Stops the run in this process, at once or when its running attempts have ended; any process can resume it. */
  park(options?: ParkOptions): Promise<void>;
  /**
   * Ends the run as cancelled; its running attempts are revoked. One that was paused or parked ends so when it is
   * resumed.
   */
  cancel(): Promise<void>;
}
/** Queues by name, with what holds their runs back. */
type DeclaredQueues = Readonly<Record<string, QueueLimits>>;
/** How a schedule is made. */
interface ScheduleOptions {
  /** A registered workflow, or its name. */
  readonly workflow: Workflow | string;
  /** Five fields, or six with seconds. */
  readonly cron: string;
  /** IANA name of the zone whose clock the pattern means; UTC unless given. */
  readonly timeZone?: string | undefined;
  readonly input?: Json | undefined;
  /**
   * What becomes of times that nobody served: `skip` (unless given) forgets those more than a minute old, `latest` makes up
   * for the newest, `all` for each, 100 at most.
   */
  readonly missed?: "skip" | "latest" | "all" | undefined;
  /** `skip` leaves a time out while the run of an earlier one has not ended; `allow` unless given. */
  readonly overlap?: "allow" | "skip" | undefined;
  readonly queue?: string | undefined;
  readonly key?: string | undefined;
  /** Free labels of its runs; `schedule` always names the schedule. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}
/** A schedule as it is. */
interface Schedule {
  readonly name: string;
  readonly workflow: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly input: Json;
  readonly missed: "skip" | "latest" | "all";
  readonly overlap: "allow" | "skip";
  readonly isPaused: boolean;
  /** When it starts a run next, in wall-clock milliseconds; undefined while paused, or never. */
  readonly nextAt: number | undefined;
  /** The newest run that a time has started. */
  readonly lastRunId: string | undefined;
}
/** The schedules of a tenant. Each method rejects with ValidationError for a name that there is not. */
interface EngineSchedules {
  /** Makes a schedule. Rejects with ValidationError, also for a name that is taken. */
  create(name: string, options: ScheduleOptions): Promise<Schedule>;
  list(): Promise<readonly Schedule[]>;
  /** Starts nothing more until it is resumed. */
  pause(name: string): Promise<Schedule>;
  /** Goes on with the first time from now on. */
  resume(name: string): Promise<Schedule>;
  /** Removes a schedule; its runs stay. */
  delete(name: string): Promise<void>;
  /** Starts a run now, whatever the times say. */
  trigger(name: string): Promise<Run>;
}
/** How an engine serves. */
interface ServeOptions {
  /** Runs that execute at a time, beside those that the program starts itself; 100 unless given. */
  readonly concurrency?: number | undefined;
  /** Of the declared queues, those to work on; all unless given. */
  readonly queues?: readonly string[] | undefined;
}
/** Serving, until it is stopped. */
interface Serving extends AsyncDisposable {
  /** Resolves once a look has found nothing to take up, and nothing that was taken up executes. */
  idle(): Promise<void>;
  /** Takes up nothing more, and gives back what executes, at once or after a grace, for others to go on with. */
  stop(options?: ParkOptions): Promise<void>;
}
/** Everything an engine works with. */
interface EngineParts {
  readonly backend: StoreBackend;
  readonly clock: Clock;
  readonly host: Host;
  readonly artifacts?: ArtifactStore | undefined;
  readonly cache?: ResponseCache | undefined;
  readonly emitters?: readonly Emitter[] | undefined;
  readonly tenant?: string | undefined;
  /** What runs are resumed with where nobody names their workflow. */
  readonly workflows?: readonly Workflow[] | undefined;
  /** Queues that runs may wait in, with what holds them back over all processes; every process declares the same. */
  readonly queues?: DeclaredQueues | undefined;
  /** Limits of every run; a run's own win over them (ENG-14). */
  readonly limits?: WorkflowLimits | undefined;
  /** Attempts that run at a time over all runs; no limit if absent. */
  readonly engineConcurrency?: number | undefined;
  /** Takeovers without a commit in between before a run counts as a crash loop (S10). */
  readonly recoveriesMax?: number | undefined;
  /** Stands between runs and the code that they call: for tests that script it. */
  readonly interceptor?: CallInterceptor | undefined;
  /** Where the engine's metrics go; nothing is measured without. */
  readonly metrics?: EngineMetrics | undefined;
  /** Where spans go; none are made without. */
  readonly tracing?: Tracing | undefined;
  readonly onEmitterError?: ((emitter: string, error: unknown) => void) | undefined;
}
/** Starts, resumes, replays and tells of runs on one store. Use `await using`, or `close()`. */
declare class Engine extends RunReader implements AsyncDisposable {
  #private;
  constructor(parts: EngineParts);
  /**
   * Starts a run and returns once it is durable (S5). Starting again under an `id`, from any process, gives the run that is
   * there: one that stopped with its process goes on, and one that another process executes is waited for. Rejects with
   * ValidationError, a StoreError, or RunExistsError where the run under that id is of another workflow or input.
   */
  start<Spec extends StateSpec>(workflow: Workflow<Spec>, input: RunInputOf<Spec>, options?: StartOptions): Promise<Run<RunResultOf<Spec>, StateOf<Spec>>>;
  /**
   * Goes on with a stored run from its last commit, in any process (ENG-31); without a workflow, with the one of its name
   * that the engine was made with. A run that has ended is returned as it ended. Rejects with RunNotFoundError,
   * UnregisteredWorkflowError, VersionMismatchError, RunOwnedError or RunStatusError.
   */
  resume<Spec extends StateSpec>(runId: string, workflow: Workflow<Spec>, options?: ResumeOptions): Promise<Run<RunResultOf<Spec>, StateOf<Spec>>>;
  resume(runId: string, options?: ResumeOptions): Promise<Run>;
  /**
   * Starts a new run from a seal of another one, with its rows up to there, its seed, and a patch of the state (S23). The
   * run that is forked stays as it is, and may still be running. Rejects with RunNotFoundError, ForkPointError,
   * ValidationError for a patch, HistoryRemovedError, VersionMismatchError, or RunExistsError for an id that is taken.
   */
  fork<Spec extends StateSpec>(runId: string, options: ForkOptions<Spec>): Promise<Run<RunResultOf<Spec>, StateOf<Spec>>>;
  /** Interrupts of all runs that wait for an answer, the oldest first (ENG-40). */
  approvals(query?: ApprovalQuery): Promise<readonly Approval[]>;
  /**
   * Answers an interrupt of a run, or several by their ids, of which none is stored unless all may be (S13). Rejects with
   * AnswerConflictError for one that has an answer already, with InterruptNotFoundError for one that the run does not wait
   * for, with ValidationError where a schema that this engine knows does not accept one; a schema that it does not know is
   * asked by whoever goes on with the run. A run of this process goes on at once; one that another process gave back, when
   * it is resumed.
   */
  answer(runId: string, interruptId: string, value: Json, options?: Sender): Promise<void>;
  answer(runId: string, answers: Answers, options?: Sender): Promise<void>;
  /** Sends an event to a run; `ctx.waitFor` with the same key takes it, also if it waits only later (S13). */
  signal(runId: string, key: string, value?: Json, options?: Sender): Promise<void>;
  /** Asks the owner of a run, here or elsewhere, to cancel or pause it (S21). */
  request(runId: string, kind: "cancel" | "pause", options?: Sender): Promise<void>;
  /**
   * Takes up the runs of the registered workflows that nobody executes: whose time has come, whose turn it is in a queue,
   * that got an answer or an event, or whose process has died; here and in any number of processes at once (ENG-43,
   * ENG-44). Goes on until it is stopped or the engine is closed. Throws ValidationError.
   */
  serve(options?: ServeOptions): Serving;
  /** Runs that begin at the times of a cron pattern, where an engine serves (ENG-44). */
  get schedules(): EngineSchedules;
  /** Counts since the engine was made, and what goes on now. */
  metrics(): MetricsSnapshot;
  /**
   * Parks every run, at once or when running attempts have ended, releases them and stops. The back end stays open:
   * whoever opened it closes it. Rejects with ValidationError for a grace that is none.
   */
  close(options?: ParkOptions): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
/** A kind of store that can be backed up. */
type BackupKind = "sqlite" | "postgres" | "mysql";
/** A file of a backup; `path` is relative to its folder, with forward slashes. */
interface BackupFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}
/** What a backup is, as `manifest.json` keeps it (STO-6). */
interface BackupManifest {
  /** Version of the layout. */
  readonly format: number;
  /** Version of the program that made it. */
  readonly program: string;
  readonly kind: BackupKind;
  readonly schemaVersion: number;
  /** The server and the tool that wrote the dump; empty for an embedded store. */
  readonly madeWith: string;
  /** The schema of a PostgreSQL database that the tables were in, as SQL writes it; empty elsewhere. */
  readonly schema: string;
  /** When it was begun: ISO 8601, in UTC. */
  readonly createdAt: string;
  /** Rows of each table. */
  readonly tables: Readonly<Record<string, number>>;
  /** The copy of the database, then the contents of artifacts. */
  readonly files: readonly BackupFile[];
}
/**
 * What is kept of finished runs (S24). Without any of these only what is redundant is removed. A run that one of them
 * keeps stays; it goes when none does.
 */
interface RetentionOptions {
  /** Whether an engine cleans its store up while it is open; `collectGarbage` does at any time. Yes, if not given. */
  readonly background?: boolean | undefined;
  /** Finished runs stay whole for so many days after their end; without it and `keepNewestRuns`, for ever. */
  readonly keepRunsDays?: number | undefined;
  /** The newest so many finished runs stay, however old. */
  readonly keepNewestRuns?: number | undefined;
  /** The history of runs that succeeded or were cancelled stays for so many days, their result longer. */
  readonly keepHistoryDays?: number | undefined;
  /** Which finished runs may go; all of them if not given. */
  readonly removedStatuses?: readonly FinishedStatus[] | undefined;
  /** Also runs that no export has taken may go. */
  readonly removeUnexported?: boolean | undefined;
  /** Cached results stay for so many days after their last use; 30 if not given. */
  readonly keepCacheDays?: number | undefined;
}
/** Options of an engine (ENG-50). Each has a `with...` function; both forms mix, and the later one wins. */
interface EngineOptions {
  /** `sqlite:PATH`, `postgres://...`, `mysql://...`, `memory:`, or an opened back end, which the engine then leaves open. */
  readonly store?: string | StoreBackend;
  /** What a commit survives (S5). Only for a store that is opened here. */
  readonly durability?: Durability | undefined;
  /** Connections to a server's database that are open at once; 10 if not given. Only for a store that is opened here. */
  readonly connectionsMax?: number | undefined;
  readonly tenant?: string | undefined;
  /** What runs are resumed with where nobody names their workflow; no two of one name. */
  readonly workflows?: readonly Workflow[] | undefined;
  /** Queues that runs may wait in; every process that serves or starts into one declares the same. */
  readonly queues?: DeclaredQueues | undefined;
  /** Folder of the run directories (RUN-1); none are written without. */
  readonly runsDirectory?: string | undefined;
  /** Folder of the contents of artifacts. */
  readonly artifactsDirectory?: string | undefined;
  /** Folder of cached results that runs share (RUN-20). */
  readonly cacheDirectory?: string | undefined;
  /** Bytes that one folder of cached results may hold; 256 MiB if not given. */
  readonly cacheSizeBytes?: number | undefined;
  /** What is kept of finished runs (S24); without it only what is redundant is removed. */
  readonly retention?: RetentionOptions | undefined;
  readonly emitters?: readonly Emitter[] | undefined;
  /** Told when an emitter or the cache fails; the run goes on (RUN-3). */
  readonly onEmitterError?: ((emitter: string, error: unknown) => void) | undefined;
  /** Where metrics go, such as `prometheusMetrics()` (OBS-1); nothing is measured without. */
  readonly metrics?: EngineMetrics | undefined;
  /** Where spans go, such as `await openTelemetry()` (OBS-2); none are made without. */
  readonly tracing?: Tracing | undefined;
  /** Attempts that go on at once in one run (S14); 16 if not given. */
  readonly maxConcurrent?: number | undefined;
  /** Attempts that go on at once over all runs of the engine (S14); no limit if not given. */
  readonly engineConcurrency?: number | undefined;
  readonly queueDepth?: number | undefined;
  readonly backpressureTimeoutMs?: number | undefined;
  readonly nodeTimeoutMs?: number | undefined;
  readonly runBudgetMs?: number | undefined;
  readonly maxSteps?: number | undefined;
  readonly recoveriesMax?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly host?: Host | undefined;
}
/**
 * Where runs are kept: `sqlite:PATH`, `postgres://...`, `mysql://...`, `memory:`, or an opened back end, which stays
 * open when the engine closes.
 */
declare function withStore(store: string | StoreBackend): EngineOptions;
/** What a commit survives: `strict` a power loss, `normal` a crash; `batched` may lose the last milliseconds. */
declare function withDurability(durability: Durability): EngineOptions;
/** How many connections to a server's database are open at once. */
declare function withConnectionsMax(connectionsMax: number): EngineOptions;
/** The tenant that every stored row belongs to. */
declare function withTenant(tenant: string): EngineOptions;
/** The workflows by which runs are resumed where nobody names theirs. Replaces workflows given before. */
declare function withWorkflows(...workflows: readonly Workflow[]): EngineOptions;
/** The queues that runs may wait in, with their limits (ENG-44). Replaces queues given before. */
declare function withQueues(queues: DeclaredQueues): EngineOptions;
/** Writes a run directory per run into this folder (RUN-1). */
declare function withRunsDirectory(runsDirectory: string): EngineOptions;
/** The folder of the contents of artifacts, by SHA-256 (RUN-30). */
declare function withArtifactsDirectory(artifactsDirectory: string): EngineOptions;
/** The folder of cached results that runs share (RUN-20). */
declare function withCacheDirectory(cacheDirectory: string): EngineOptions;
/** How many bytes one folder of cached results may hold before the least recently used go (RUN-20). */
declare function withCacheSize(cacheSizeBytes: number): EngineOptions;
/** What is kept of finished runs, and whether the engine cleans up in the background (S24). */
declare function withRetention(retention: RetentionOptions): EngineOptions;
/** Takes record events out of the engine, in order and at least once (RUN-3). Replaces emitters given before. */
declare function withEmitters(...emitters: readonly Emitter[]): EngineOptions;
/** Is told when an emitter fails; the run goes on and the events are delivered again later. */
declare function withEmitterErrorHandler(onEmitterError: (emitter: string, error: unknown) => void): EngineOptions;
/** Where metrics go (OBS-1); several engines may share one. */
declare function withMetrics(metrics: EngineMetrics): EngineOptions;
/** Where spans of runs, steps, calls and commits go (OBS-2). */
declare function withTracing(tracing: Tracing): EngineOptions;
/** How many attempts of a run go on at once (S14). */
declare function withMaxConcurrent(maxConcurrent: number): EngineOptions;
/** How many attempts go on at once over all runs of the engine (S14). */
declare function withEngineConcurrency(engineConcurrency: number): EngineOptions;
/** How many steps may wait to start before their producer waits (S14). */
declare function withQueueDepth(queueDepth: number): EngineOptions;
/** How long a full queue may stand still before the run fails with BackpressureError, in milliseconds (S14). */
declare function withBackpressureTimeout(backpressureTimeoutMs: number): EngineOptions;
/** How long an attempt may take where its node says nothing, in milliseconds (S12). */
declare function withNodeTimeout(nodeTimeoutMs: number): EngineOptions;
/** How long the attempts of one run may take in total, in milliseconds; waiting for people is free (S22). */
declare function withRunBudget(runBudgetMs: number): EngineOptions;
/** How many steps one run may commit before it fails with MaxStepsExceededError. */
declare function withMaxSteps(maxSteps: number): EngineOptions;
/** How often a run without progress is taken over before it fails as a crash loop (S10). */
declare function withRecoveriesMax(recoveriesMax: number): EngineOptions;
/** The clock to use instead of the machine's, for tests. */
declare function withClock(clock: Clock): EngineOptions;
/** The machine and process to appear as, for tests. */
declare function withHost(host: Host): EngineOptions;
/** What {@link backupStore} made. */
interface BackupReport {
  /** URL of the store, without its password. */
  readonly store: string;
  /** Absolute path of the backup's folder. */
  readonly directory: string;
  readonly manifest: BackupManifest;
  readonly sizeBytes: number;
  readonly durationMs: number;
  /** Contents of artifacts that were damaged before; they are not in the backup. */
  readonly damaged: readonly string[];
}
/** What {@link restoreStore} did. */
interface RestoreReport {
  readonly store: string;
  readonly directory: string;
  readonly manifest: BackupManifest;
  /** Contents of artifacts that were not there before. */
  readonly artifactsAdded: number;
  readonly durationMs: number;
}
/**
 * Makes a folder that holds one state of a store and the contents of its artifacts (STO-6), while runs go on. SQLite is
 * copied in a thread of its own, PostgreSQL and MySQL by their own programs, which must be on the PATH. `tables` names
 * tables beside AgentFlow's that belong to the same state, such as those that `ctx.tx` writes; on SQLite all of them do.
 * Throws ValidationError if the folder holds something, ConfigError for a store in memory or a missing program, and the
 * StoreErrors of the back end.
 */
declare function backupStore(options: EngineOptions, {
  directory,
  tables
}: {
  readonly directory: string;
  readonly tables?: readonly string[];
}): Promise<BackupReport>;
/**
 * Restores a backup into a store (STO-6). Every file of it is checked first; the database changes at once or not at all,
 * its rows are counted, and its schema is brought up to date. Runs have no owner then, and what a process from before
 * the restore commits is fenced. Throws BackupInvalidError, StoreInUseError while processes that are alive are registered
 * with the store, StoreNotEmptyError if it holds something; `force` overrules the last two.
 */
declare function restoreStore(options: EngineOptions, {
  directory,
  force
}: {
  readonly directory: string;
  readonly force?: boolean;
}): Promise<RestoreReport>;
/** Reads every file of a backup and compares it with its manifest. Throws BackupInvalidError that names what differs. */
declare function checkBackup(directory: string): Promise<BackupManifest>;
/**
 * Makes an engine from options: objects, `with...` functions or both, where the later wins (ENG-50). Without options it
 * keeps runs in `sqlite:.agentflow/agentflow.db` and writes no run directories. Use `await using`, or `close()`: it parks
 * what runs, waits for the emitters and closes the store if it was opened here. Throws ConfigError for an unknown store,
 * ValidationError for an option out of range, and the StoreErrors of the back end.
 */
declare function createEngine(...given: readonly EngineOptions[]): Promise<Engine>;
/** One migration, as the program has it and as the database went through it. */
interface MigrationEntry {
  readonly version: number;
  readonly name: string;
  /**
   * `unfinished` if a migration did not come to its end, `changed` if the database went through other statements under
   * this version, `unknown` if only it has the version.
   */
  readonly status: "applied" | "pending" | "unfinished" | "changed" | "unknown";
  /** SHA-256 of the program's migration; the database's if the program has none. */
  readonly checksum: string;
  /** When it was applied, in milliseconds since the epoch; undefined if it was not, or before that was kept. */
  readonly appliedAt: number | undefined;
  readonly reversible: boolean;
  /** What taking it back drops for good; undefined if it keeps every row. */
  readonly loses: string | undefined;
}
/** The schema of a store beside what the program needs. */
interface MigrationStatus {
  /** URL of the store, without its password. */
  readonly store: string;
  /** Version of the schema; 0 where there is none. */
  readonly version: number;
  /** The version that the program reads and writes. */
  readonly newest: number;
  readonly runs: number;
  readonly migrations: readonly MigrationEntry[];
}
/** What {@link migrateStore} did. */
interface MigrationReport {
  readonly store: string;
  readonly from: number;
  readonly to: number;
  readonly durationMs: number;
}
/**
 * Which migrations a store went through and which are pending (STO-2); changes nothing. Throws ConfigError for a store
 * without a schema, and the StoreErrors of the back end.
 */
declare function migrationStatus(options: EngineOptions): Promise<MigrationStatus>;
/**
 * Brings the schema of a store to version `to` (default: the newest), up or down (STO-2). Down drops what the
 * migrations in between say; it is refused with StoreInUseError while processes that are alive are registered as owners
 * of runs. Throws ValidationError for a version that does not exist, MigrationRefusedError for a migration without a way
 * back, and the StoreErrors of the back end.
 */
declare function migrateStore(options: EngineOptions, {
  to
}?: {
  readonly to?: number | undefined;
}): Promise<MigrationReport>;
/**
 * Opens the back end that the options name; the caller closes it. A SQLite file is created with its folder. Throws
 * ConfigError for an unknown URL, and the StoreErrors of the back end.
 */
declare function openBackend(options: EngineOptions): Promise<StoreBackend>;
/** How many runs, or their histories, went, with their rows and the bytes of what these held. */
interface RemovedRuns {
  readonly runs: number;
  readonly rows: number;
  readonly sizeBytes: number;
}
/** Files that went, and their bytes. */
interface RemovedFiles {
  readonly files: number;
  readonly sizeBytes: number;
}
/** What a round of retention removed or, on a dry run, would remove (S24). */
interface GarbageReport {
  readonly dryRun: boolean;
  readonly snapshots: {
    readonly runs: number;
    readonly snapshots: number;
    readonly blobs: number;
    readonly sizeBytes: number; /** Runs that committed all the time; they are looked at in the next round. */
    readonly busy: number;
  };
  readonly runs: RemovedRuns;
  readonly histories: RemovedRuns;
  /** Runs that the rules let go, and that stay because no export has taken them. */
  readonly unexported: number;
  /** Folders of runs that went whole. */
  readonly directories: {
    readonly directories: number;
    readonly sizeBytes: number;
  };
  /** Registered processes that are known to be dead. */
  readonly owners: number;
  /** Contents that no run has bound. `shared`: their folder is not known to be this store's alone, so all stay. */
  readonly artifacts: RemovedFiles & {
    readonly shared: boolean;
  };
  /** Cached results that nobody has used for long. */
  readonly cache: RemovedFiles;
  /** The store's file after that; undefined for a server. */
  readonly space: {
    readonly sizeBytes: number;
    readonly freeBytes: number;
  } | undefined;
  readonly durationMs: number;
}
/** How garbage is collected. */
interface GarbageOptions {
  /** The opened store; it stays open. */
  readonly store: StoreBackend;
  /** Change nothing and tell what would go. */
  readonly dryRun?: boolean;
  /** Give the space that is free in the store's file back to the file system: rewrites it while nobody can write. */
  readonly giveSpaceBack?: boolean;
}
/**
 * Does one whole round of retention (S24), with the rules of `options.retention`: redundant snapshots, finished runs and
 * histories that the rules let go, run directories, rows of dead processes, contents that no run has bound, and cached
 * results that are not used any more. Can be ended anywhere, repeated, and done by several processes at once. Throws
 * ValidationError for a rule out of range, and store errors.
 */
declare function collectGarbage(options: EngineOptions, given: GarbageOptions): Promise<GarbageReport>;
export {
  type After,
  AgentFlowError,
  AnswerConflictError,
  type Answers,
  type AnyOf,
  type Approval,
  type ApprovalQuery,
  ArtifactPathError,
  type AttemptOutcome,
  type Awaitable,
  BackpressureError,
  type Backtest,
  type BacktestVerdict,
  type BackupFile,
  BackupInvalidError,
  type BackupKind,
  type BackupManifest,
  type BackupReport,
  type CallSpan,
  CancelledError,
  CapabilityError,
  type Checkpoint,
  type Clock,
  type Codec,
  type CompensatingData,
  type CompensationOptions,
  type CompensationReport,
  ConfigError,
  type Conflict,
  ConflictError,
  type ConflictPolicy,
  type ConflictingWrite,
  type ContextRandom,
  CrashLoopError,
  CursorError,
  type CustomReducer,
  DeadlineExceededError,
  type DeclaredQueues,
  type DelayOptions,
  type DeltaOf,
  type Divergence,
  type Durability,
  type EdgeDescription,
  type EdgeModel,
  type Emitter,
  type Engine,
  EngineClosedError,
  type EngineMetrics,
  type EngineOptions,
  type EngineSchedules,
  type ErrorClass,
  type ErrorCode,
  type ErrorDetails,
  type EventLevel,
  type EventsOptions,
  type Exact,
  type ExitName,
  type Explanation,
  type FailedCompensation,
  type Failure,
  FencedError,
  type Field,
  type FieldDescription,
  type FieldKind,
  type FieldOptions,
  type FieldPresence,
  type FinishedStatus,
  type Flow,
  type FlowBody,
  type FlowContext,
  type FlowMapOptions,
  type FlowOptions,
  type FlowSpec,
  type FlowStepOptions,
  type FlowTypes,
  type ForkOptions,
  type ForkPoint,
  ForkPointError,
  type ForkPreview,
  type FunctionBody,
  type GarbageOptions,
  type GarbageReport,
  type Goto,
  GraphError,
  type GraphErrorCode,
  type GraphErrorDetails,
  HistoryRemovedError,
  type Host,
  IdempotencyViolationError,
  type InputOf,
  type InterruptDeclaration,
  InterruptNotFoundError,
  type InterruptOptions,
  type InterruptQuery,
  type InterruptSchemas,
  InterruptedError,
  InvariantError,
  type IoCall,
  type IoOptions,
  type JoinModel,
  type JoinWhen,
  type Json,
  type JsonChange,
  type JsonObject,
  type LiveEvent,
  type LiveEventOf,
  type MapBody,
  type MapPlacement,
  MaxAttemptsExceededError,
  MaxStepsExceededError,
  type MergeHook,
  type MeteredWorkflow,
  type MetricsSnapshot,
  type Migrate,
  type MigrationEntry,
  MigrationRefusedError,
  type MigrationReport,
  type MigrationStatus,
  type ModelCall,
  ModelError,
  type ModelErrorCode,
  type ModelOutcome,
  type Nested,
  type NestedBody,
  type NestedMapping,
  type NestedResult,
  type NestedValue,
  NoProgressError,
  type NodeBody,
  type NodeContext,
  type NodeDescription,
  type NodeModel,
  type NodePolicy,
  type NodeResult,
  NodeTimeoutError,
  NondeterminismError,
  type NumberFieldOptions,
  type OpenFailure,
  type OpenInterrupt,
  type Overflow,
  type OwnerRow,
  type ParkOptions,
  type PauseOptions,
  type Placement,
  type PlainDelta,
  type Position,
  type QueueLimits,
  type QueuePlace,
  type QueueStore,
  type Queued,
  type ReaderParts,
  type RecordEvent,
  type RecordEventType,
  type RemovedFiles,
  type RemovedRuns,
  type RepeatedStep,
  ReplayMismatchError,
  type ReplayOptions,
  type ReplayReport,
  type RestoreReport,
  type ResumeOptions,
  type RetentionOptions,
  type RetryFor,
  type RetryPolicy,
  type RouteModel,
  type Run,
  RunBudgetExceededError,
  type RunDiff,
  type RunEvent,
  type RunEventsOptions,
  RunExistsError,
  type RunFailedDetails,
  RunFailedError,
  type RunHead,
  RunImportError,
  type RunInputOf,
  RunNotFoundError,
  type RunOrigin,
  type RunOutcome,
  RunOwnedError,
  type RunProgress,
  type RunReader,
  type RunResultOf,
  type RunStatus,
  RunStatusError,
  type RunView,
  type Schedule,
  type ScheduleOptions,
  type ScheduleRow,
  type ScheduleStore,
  type SchemaIssue,
  type SchemaResult,
  type Sender,
  type ServeOptions,
  type Serving,
  type Siblings,
  type SpanAttributes,
  type SpanRequest,
  type SqlValue,
  type StandardSchema,
  type StartOptions,
  type StateAt,
  type StateOf,
  type StatePatch,
  type StateSpec,
  type StateValue,
  type StepDebug,
  type StepDelta,
  type StepDiff,
  type StepEnd,
  StepFailedError,
  type StepLoad,
  type StepMetrics,
  type StepResult,
  type StepStatus,
  type StepView,
  type StoreBackend,
  StoreCorruptError,
  StoreError,
  type StoreErrorCode,
  StoreFailedError,
  StoreFullError,
  StoreInUseError,
  StoreLockedError,
  StoreNewerError,
  StoreNotEmptyError,
  StoreOlderError,
  StoreReadOnlyError,
  StoreUnavailableError,
  type StoredCompensation,
  type StreamItem,
  type StreamItems,
  type StreamMode,
  StreamOverflowError,
  type StreamPlace,
  type ToolCall,
  type TracedSpan,
  type Tracing,
  type TransactionSql,
  TransactionTimeoutError,
  type TxOptions,
  UnregisteredWorkflowError,
  UsageError,
  type UsualModes,
  ValidationError,
  type ValidationErrorCode,
  VersionMismatchError,
  type WaitKey,
  type WaitOptions,
  type WaitingFor,
  type Workflow,
  type WorkflowBuilder,
  type WorkflowDescription,
  WorkflowFileError,
  type WorkflowFileErrorCode,
  type WorkflowLimits,
  type WorkflowModel,
  type WorkflowOptions,
  type WriteResult,
  anyOf,
  append,
  backupStore,
  bigintCodec,
  bytesCodec,
  checkBackup,
  collectGarbage,
  createEngine,
  custom,
  dateCodec,
  flow,
  goto,
  interrupt,
  mapCodec,
  max,
  merge,
  migrateStore,
  migrationStatus,
  min,
  nested,
  openBackend,
  restoreStore,
  setCodec,
  sum,
  toMermaid,
  union,
  value,
  withArtifactsDirectory,
  withBackpressureTimeout,
  withCacheDirectory,
  withCacheSize,
  withClock,
  withConnectionsMax,
  withDurability,
  withEmitterErrorHandler,
  withEmitters,
  withEngineConcurrency,
  withHost,
  withMaxConcurrent,
  withMaxSteps,
  withMetrics,
  withNodeTimeout,
  withQueueDepth,
  withQueues,
  withRecoveriesMax,
  withRetention,
  withRunBudget,
  withRunsDirectory,
  withStore,
  withTenant,
  withTracing,
  withWorkflows,
  workflow$1 as workflow,
};
