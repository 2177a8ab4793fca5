/** A JSON value (RFC 8259). State, deltas and journal entries are made of these and nothing else (S17). */
type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** A JSON object. */
interface JsonObject {
  readonly [key: string]: Json;
}
/** What kind of trouble an error is; it decides whether a retry can help (ENG-51). */
type ErrorClass = "transient" | "validation" | "auth" | "quota" | "internal";
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
  readonly AF_INVARIANT: {
    readonly class: "internal";
    readonly retryable: false;
    readonly exitCode: 1;
    readonly title: "AgentFlow broke a rule of its own";
    readonly hint: "This is a bug in AgentFlow: report it with the message and the stack.";
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
    readonly title: "There is already a run with this id";
    readonly hint: "Leave out `runId` to get a new one, or resume the run that exists.";
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
/** An error as JSON. `stack` is for people only and no part of the canonical form. */
type Failure = {
  readonly code: string;
  readonly class: ErrorClass;
  readonly retryable: boolean;
  readonly name: string;
  readonly message: string;
  readonly hint?: string;
  readonly context?: JsonObject;
  readonly cause?: Failure;
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
/** Status of a run (S28). */
type RunStatus = "queued" | "running" | "waiting" | "paused" | "succeeded" | "failed" | "cancelled";
/** Status of a step (S28); `running` is only ever seen live. */
type StepStatus = "ready" | "running" | "waiting" | "succeeded" | "failed" | "cancelled";
/** A value that may be there at once: an embedded store answers without leaving the tick. */
type Awaitable<T> = T | Promise<T>;
/** SQL inside the run store's own transaction (S26). Parameters are bound, never spliced. */
interface TransactionSql {
  all(sql: string, parameters?: readonly SqlValue[]): Promise<Record<string, SqlValue>[]>;
  run(sql: string, parameters?: readonly SqlValue[]): Promise<{
    readonly changes: number;
  }>;
}
/** What SQL takes and gives. */
type SqlValue = string | number | bigint | null | Uint8Array;
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
/** What an outside call gets besides its input. */
interface IoCall {
  /** The same for every repetition of this call, in any process: pass it to the outside system (S8). */
  readonly idempotencyKey: string;
  /** Aborts on timeout and cancel. */
  readonly signal: AbortSignal;
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
  tx<I, R extends Json>(name: string, input: I, work: (sql: TransactionSql, input: I) => Promise<R>): Promise<R>;
  /** Parks the step until somebody answers (S13). */
  interrupt<Ask, Answer>(declaration: InterruptDeclaration<Ask, Answer>, payload: Ask): Promise<Answer>;
  /** Parks the step for a time that survives restarts (S13). */
  sleep(name: string, durationMs: number): Promise<void>;
  /** Parks the step until an event with this key reaches the run; an earlier one is taken (S13). */
  waitFor<T extends Json = Json>(key: string): Promise<T>;
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
/** A run was started under an id that the store already holds. */
declare class RunExistsError extends AgentFlowError<"AF_RUN_EXISTS"> {
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
/** Codes of ValidationError. */
type ValidationErrorCode = "AF_STATE_VALUE" | "AF_DELTA_INVALID" | "AF_ITEMS_INVALID" | "AF_INPUT_INVALID" | "AF_OUTPUT_INVALID" | "AF_ANSWER_INVALID" | "AF_ARGUMENT_INVALID" | "AF_JSON_INVALID" | "AF_STEP_ID";
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
type RecordEventType = "run.started" | "run.resumed" | "run.recovered" | "run.waiting" | "run.paused" | "run.parked" | "run.succeeded" | "run.failed" | "run.cancelled" | "step.started" | "step.succeeded" | "step.failed" | "step.retried" | "step.cancelled" | "io.succeeded" | "io.failed" | "clock.read" | "cache.hit" | "cache.miss" | "file.written" | "interrupt.requested" | "interrupt.answered" | "timer.set" | "wait.started" | "wait.ended";
/** An event shown while something runs; it has no seq and may be dropped, with a count (S6). */
interface LiveEvent {
  readonly ts: string;
  readonly runId: string;
  readonly type: "step.running" | "step.skipped" | "progress" | "token" | "custom" | "backpressure" | "dropped";
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
  /** The workflow that runs as the node's body. */
  readonly nested?: WorkflowDescription;
}
/** One way out of a node. Edges with the same `route` belong to one router. */
interface EdgeDescription {
  readonly to: string;
  readonly kind: "plain" | "join" | "route";
  readonly route?: number;
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
/** What a node does about time, failure and repetition (ENG-15). `Argument` is the item, or the state. */
interface NodePolicy<Argument = unknown, Recovered = unknown> {
  /** Attempts and the delays between them; not on a nested workflow, whose inner steps have their own (S1). */
  readonly retry?: RetryPolicy;
  /** An attempt that takes longer fails with NodeTimeoutError; in milliseconds (S12). */
  readonly timeoutMs?: number;
  /** Gives the delta when all attempts have failed (S11). */
  recover?(failure: Failure, argument: Argument, ctx: NodeContext): Recovered;
  /** Ask the response cache first: within this run, shared by the tenant, or not at all (RUN-20). */
  readonly cache?: "run" | "shared" | "off";
  /** The node has effects outside; shown by previews of fork and by replay reports. */
  readonly effects?: boolean;
  /** Undoes the step's effects when the run is compensated. */
  compensate?(argument: Argument, ctx: NodeContext): Awaitable<void>;
}
/** What a node's kind says about `retry`: a nested workflow takes none (S1). */
type RetryFor<BodyKind extends "function" | "nested"> = BodyKind extends "nested" ? {
  readonly retry?: never;
} : unknown;
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
/** What a join waits for; `predecessors` in ascending order of name, since their order means nothing. */
interface JoinModel {
  readonly predecessors: readonly string[];
  readonly when: JoinWhen;
}
/** One node as the engine compiles it. */
interface NodeModel {
  readonly name: string;
  readonly kind: "node" | "map";
  readonly body: FunctionBody | NestedBody;
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
  readonly inputSchema?: StandardSchema;
  readonly outputSchema?: StandardSchema;
  readonly migrate?: Migrate;
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
/** A workflow as the body of a node: it runs as a scope of its own (S1). */
interface Nested<Argument = unknown, Result = unknown, BodyKind extends "nested" = "nested"> {
  readonly type: BodyKind;
  readonly child: Workflow;
  /** The child's input, from the state (of a node) or the item (of a map); pure. */
  readonly input: (argument: Argument) => object;
  /** The delta, from the child's final state; pure. */
  readonly output: (childState: never, argument: Argument) => Result;
}
/** How a nested workflow is fed and what becomes of its final state. */
interface NestedMapping<Spec extends StateSpec, Argument, Result> {
  readonly input: (argument: Argument) => InputOf<Spec>;
  readonly output: (childState: StateOf<Spec>, argument: Argument) => Result;
}
/** Uses `child` as a node's body. Its steps are durable and retried one by one; the node itself takes no retry. */
declare function nested<Spec extends StateSpec, Argument, Result>(child: Workflow<Spec>, mapping: NestedMapping<Spec, Argument, Result>): Nested<Argument, Result>;
/** A delta that is not a goto, even where fields are called like the parts of one. */
type PlainDelta<Spec extends StateSpec> = DeltaOf<Spec> & {
  readonly [gotoMark]?: never;
};
/** What a node may return: a delta, nothing (an empty delta), or a goto to a declared target. */
type NodeResult<Spec extends StateSpec, Target extends string> = PlainDelta<Spec> | Goto<Target, DeltaOf<Spec>> | void | undefined;
/** What the type checker shows when a result has keys that are no fields of the state. */
interface NoSuchField<Name extends PropertyKey> {
  readonly "the state has no such field": Name;
}
/**
 * `unknown` if every key of `Result` is a field, else NoSuchField (ENG-1). The type checker itself accepts extra keys
 * in what a named or async function returns; intersecting the function with this refuses them.
 */
type Exact<Spec extends StateSpec, Result> = [ExtraKey<Spec, Result>] extends [never] ? unknown : NoSuchField<ExtraKey<Spec, Result>>;
type ExtraKey<Spec extends StateSpec, Result> = Result extends Promise<infer Settled> ? ExtraKeyOfSettled<Spec, Settled> : ExtraKeyOfSettled<Spec, Result>;
type ExtraKeyOfSettled<Spec extends StateSpec, Settled> = Settled extends Goto ? Exclude<KeyOf<Settled["delta"]>, keyof Spec> : Settled extends object ? Exclude<keyof Settled, keyof Spec | typeof gotoMark> : never;
type KeyOf<Delta> = Delta extends unknown ? keyof Delta : never;
/** A node as it was declared. */
interface NodeDeclaration {
  readonly type: "node";
  readonly kind: NodeModel["kind"];
  readonly isEntry: boolean;
  readonly name: string;
  readonly placement: Placement & Pick<NodeModel, "over" | "concurrency">;
  readonly body: FunctionBody["run"] | NestedBody;
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
}
/** The options together with the name. */
interface NamedOptions<Spec extends StateSpec = StateSpec> extends WorkflowOptions<Spec> {
  readonly name: string;
}
/** The body of a node: a function of the state, or a nested workflow. */
type NodeBody<Spec extends StateSpec, Result, Kind extends "function" | "nested"> = ((state: StateOf<Spec>, ctx: NodeContext) => Result) | Nested<StateOf<Spec>, Result, Extract<Kind, "nested">>;
/** The body of a map: a function of the item, or a nested workflow per item. */
type MapBody<Spec extends StateSpec, Item, Result, Kind extends "function" | "nested"> = ((item: Item, ctx: NodeContext, state: StateOf<Spec>) => Result) | Nested<Item, Result, Extract<Kind, "nested">>;
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
  start<const Name extends string, Result extends Awaitable<NodeResult<Spec, never>>, Kind extends "function" | "nested" = "function", Recovered extends Awaitable<PlainDelta<Spec>> = PlainDelta<Spec>>(name: Name, body: NodeBody<Spec, Result, Kind> & Exact<Spec, Result>, policy?: NodePolicy<StateOf<Spec>, Recovered> & RetryFor<Kind> & Exact<Spec, Recovered>): WorkflowBuilder<Spec, Names | Name, Mentioned>;
  /** A node after others. Its function gets the state and returns a delta (ENG-2). */
  node<const Name extends string, Result extends Awaitable<NodeResult<Spec, Target>>, const Target extends string = never, Kind extends "function" | "nested" = "function", Recovered extends Awaitable<PlainDelta<Spec>> = PlainDelta<Spec>>(name: Name, placement: Placement<Names, Target>, body: NodeBody<Spec, Result, Kind> & Exact<Spec, Result>, policy?: NodePolicy<StateOf<Spec>, Recovered> & RetryFor<Kind> & Exact<Spec, Recovered>): WorkflowBuilder<Spec, Names | Name, Mentioned | Target>;
  /** A fan-out: one step per item of `over`, in the order of the items; its function gets the item (ENG-2). */
  map<const Name extends string, Item, Result extends Awaitable<NodeResult<Spec, Target>>, const Target extends string = never, Kind extends "function" | "nested" = "function", Recovered extends Awaitable<PlainDelta<Spec>> = PlainDelta<Spec>>(name: Name, placement: MapPlacement<StateOf<Spec>, Item, Names, Target>, body: MapBody<Spec, Item, Result, Kind> & Exact<Spec, Result>, policy?: NodePolicy<Item, Recovered> & RetryFor<Kind> & Exact<Spec, Recovered>): WorkflowBuilder<Spec, Names | Name, Mentioned | Target>;
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
declare function workflow<Spec extends StateSpec>(name: string, options: WorkflowOptions<Spec>): WorkflowBuilder<Spec>;
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
export {
  AgentFlowError,
  AnswerConflictError,
  ArtifactPathError,
  BackpressureError,
  CancelledError,
  CapabilityError,
  type Codec,
  ConfigError,
  ConflictError,
  type ConflictPolicy,
  CrashLoopError,
  CursorError,
  type CustomReducer,
  type DeltaOf,
  EngineClosedError,
  type ErrorClass,
  type ErrorCode,
  type Failure,
  FencedError,
  type Field,
  type FieldOptions,
  GraphError,
  IdempotencyViolationError,
  type InputOf,
  type InterruptDeclaration,
  InterruptNotFoundError,
  InterruptedError,
  InvariantError,
  type IoOptions,
  type Json,
  type JsonObject,
  type LiveEvent,
  MaxAttemptsExceededError,
  MaxStepsExceededError,
  NoProgressError,
  type NodeContext,
  type NodePolicy,
  NodeTimeoutError,
  NondeterminismError,
  type RecordEvent,
  ReplayMismatchError,
  type RetryPolicy,
  RunBudgetExceededError,
  type RunEvent,
  RunExistsError,
  RunFailedError,
  RunImportError,
  RunNotFoundError,
  RunOwnedError,
  type RunStatus,
  RunStatusError,
  type StandardSchema,
  type StateOf,
  StepFailedError,
  type StepStatus,
  StoreCorruptError,
  StoreError,
  StoreFailedError,
  StoreFullError,
  StoreLockedError,
  StoreNewerError,
  StoreReadOnlyError,
  StoreUnavailableError,
  UsageError,
  ValidationError,
  VersionMismatchError,
  type Workflow,
  type WorkflowDescription,
  WorkflowFileError,
  type WorkflowOptions,
  anyOf,
  append,
  bigintCodec,
  bytesCodec,
  custom,
  dateCodec,
  goto,
  interrupt,
  mapCodec,
  max,
  merge,
  min,
  nested,
  setCodec,
  sum,
  toMermaid,
  union,
  value,
  workflow,
};
