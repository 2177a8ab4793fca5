import type { Json } from "./encoding/json.ts";
import type { RetryPolicy } from "./policy/retry-policy.ts";
import type { TransactionSql } from "./ports/run-store.ts";
import type { ModelCall } from "./record/model-call.ts";
import type { StandardSchema } from "./state/standard-schema.ts";
import type { CallSpan } from "./tracing/call-span.ts";

/** What an outside call gets besides its input. */
export interface IoCall {
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
export interface IoOptions<R> {
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
export interface TxOptions {
  /** It is undone, with TransactionTimeoutError, if its work takes longer; in milliseconds, 5,000 unless given. */
  readonly timeoutMs?: number;
}

/** A seeded source of random numbers: same seed and step, same sequence (ENG-12). */
export interface ContextRandom {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  pick<T>(values: readonly T[]): T;
  shuffle<T>(values: readonly T[]): T[];
}

/** What a declared interrupt asks and takes (ENG-40). */
export interface InterruptDeclaration<Ask, Answer> {
  readonly kind: "interrupt";
  readonly name: string;
  readonly ask?: StandardSchema<unknown, Ask>;
  readonly answer?: StandardSchema<unknown, Answer>;
}

/** How long an interrupt waits, and what it takes then. */
export interface InterruptOptions<Answer> {
  /** Milliseconds, from the moment it asks. */
  readonly deadlineMs?: number;
  /** Wall-clock milliseconds, instead of `deadlineMs`. */
  readonly deadlineAt?: number;
  /** The answer, if none has come by then; without it the call rejects with DeadlineExceededError. */
  readonly default?: Answer;
}

/** How long a step waits for an event, and what it takes then. */
export interface WaitOptions<T> {
  /** Milliseconds, from the moment it begins to wait. */
  readonly timeoutMs?: number;
  /** Taken if no event has come by then; without it the call rejects with DeadlineExceededError. */
  readonly default?: T;
}

/** The result of writing an artifact (RUN-30). */
export interface WriteResult {
  readonly path: string;
  readonly sha256: string;
  readonly wrote: boolean;
  readonly reason: "created" | "changed" | "nochange";
}

/** A step's only way to anything that is not a function of its arguments (I3). */
export interface NodeContext {
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
  io<I, R>(
    name: string,
    input: I,
    call: (input: I, call: IoCall) => R | Promise<R>,
    options?: IoOptions<R>,
  ): Promise<R>;
  /** An effect in the run store's own database, exactly once (S26). Throws CapabilityError without one. */
  tx<I, R extends Json>(
    name: string,
    input: I,
    work: (sql: TransactionSql, input: I) => Promise<R>,
    options?: TxOptions,
  ): Promise<R>;
  /**
   * Parks the step until somebody answers, or its deadline has passed (S13). Resolves to what the `answer` schema makes
   * of the answer; rejects with ValidationError if the `ask` schema does not accept the payload.
   */
  interrupt<Ask, Answer>(
    declaration: InterruptDeclaration<Ask, Answer>,
    payload: Ask,
    options?: InterruptOptions<Answer>,
  ): Promise<Answer>;
  /** Parks the step for a time that survives restarts (S13). */
  sleep(name: string, durationMs: number): Promise<void>;
  /** Parks the step until an event with this key reaches the run; an earlier one is taken (S13). */
  waitFor<T extends Json = Json>(key: string, options?: WaitOptions<T>): Promise<T>;
  /** Writes an artifact of the run; paths that escape it are refused (RUN-30). */
  safeWrite(path: string, content: string | Uint8Array): Promise<WriteResult>;
  /** Shows something while the step runs; it is not recorded (S6). */
  emit(type: "progress" | "token" | "custom", data: Json): void;
}
