/**
 * A failure as plain data: what is stored, sent and shown in place of a live Error. Everything about it is bounded, and
 * making one never throws, whatever was thrown.
 */
import { encodeJson } from "../encoding/encode-json.ts";
import type { Json, JsonObject } from "../encoding/json.ts";
import { AgentFlowError } from "./agent-flow-error.ts";
import type { ErrorClass } from "./error-code-entry.ts";
import { classifyForeign } from "./foreign-error.ts";

// A type alias, unlike an interface, can be given where a JsonObject is wanted.
/** An error as JSON. `stack` is for people only and no part of the canonical form. */
export type Failure = {
  readonly code: string;
  readonly class: ErrorClass;
  readonly retryable: boolean;
  readonly name: string;
  readonly message: string;
  readonly hint?: string;
  readonly context?: JsonObject;
  readonly cause?: Failure;
  /** What else failed in the scope that ended with this failure, in ascending order key (S11). */
  readonly others?: readonly Failure[];
  readonly stack?: string;
};

/** What a failure may hold at most: causes below it, failures beside it, and characters of its parts. */
export const failureLimits = {
  causesMax: 8,
  othersMax: 16,
  messageMax: 4_000,
  stackMax: 8_000,
  contextMax: 16_000,
} as const;

/**
 * Makes a failure of whatever was thrown. Never throws; long texts are cut and causes end after `causesMax`. Errors that
 * are not ours get the code AF_THROWN and are classed by what their author left in them (see `classifyForeign`).
 */
export function toFailure(error: unknown): Failure {
  return convert(error, failureLimits.causesMax);
}

function convert(error: unknown, causesLeft: number): Failure {
  try {
    if (isFailure(error)) return ofFailure(error, causesLeft);
    return error instanceof AgentFlowError ? ofOurs(error, causesLeft) : ofForeign(error, causesLeft);
  } catch (reason) {
    // A getter, a proxy or toString of the thrown value threw in its turn.
    return thrown("The thrown value cannot be read.", reason instanceof Error ? reason.name : "unknown");
  }
}

const errorClasses: ReadonlySet<unknown> = new Set<ErrorClass>([
  "transient",
  "validation",
  "auth",
  "quota",
  "internal",
]);

/** True if a value is a failure already: plain data, not an Error. */
export function isFailure(value: unknown): value is Failure {
  if (typeof value !== "object" || value === null || value instanceof Error) return false;
  const { code, class: errorClass, retryable, message } = value as Partial<Failure>;
  return (
    typeof code === "string" &&
    errorClasses.has(errorClass) &&
    typeof retryable === "boolean" &&
    typeof message === "string"
  );
}

/** A failure without stacks, all the way down: what the canonical log and hashes are made of (S6). */
export function withoutStack(failure: Failure): Failure {
  const { stack: _stack, cause, others, ...rest } = failure;
  return {
    ...rest,
    ...(cause === undefined ? {} : { cause: withoutStack(cause) }),
    ...(others === undefined ? {} : { others: others.map(withoutStack) }),
  };
}

/** The failure of a scope in which others failed too; the first of them are kept, without their stacks. */
export function withOthers(failure: Failure, others: readonly Failure[]): Failure {
  if (others.length === 0) return failure;
  return { ...failure, others: others.slice(0, failureLimits.othersMax).map(withoutStack) };
}

// Built anew part by part: user code may throw data that only looks like a failure.
function ofFailure(failure: Failure, causesLeft: number): Failure {
  const { code, class: errorClass, retryable, name, message, hint } = failure;
  return {
    code: cut(code, 200),
    class: errorClass,
    retryable,
    name: cut(String(name), 200),
    message: cut(message, failureLimits.messageMax),
    ...(typeof hint === "string" ? { hint: cut(hint, failureLimits.messageMax) } : {}),
    ...contextOf(failure.context ?? {}),
    ...causeOf(failure.cause, causesLeft),
    ...othersOf(failure.others, causesLeft),
    ...stackOf(failure),
  };
}

function ofOurs(error: AgentFlowError, causesLeft: number): Failure {
  return {
    code: error.code,
    class: error.class,
    retryable: error.retryable,
    name: error.name,
    message: cut(error.message, failureLimits.messageMax),
    hint: cut(error.hint, failureLimits.messageMax),
    ...contextOf(error.context),
    ...causeOf(error.cause, causesLeft),
    ...stackOf(error),
  };
}

function ofForeign(error: unknown, causesLeft: number): Failure {
  if (!(error instanceof Error)) return thrown(textOf(error), typeof error);
  const { class: errorClass, retryable, context } = classifyForeign(error);
  return {
    code: "AF_THROWN",
    class: errorClass,
    retryable,
    name: cut(String(error.name), 200),
    message: cut(String(error.message), failureLimits.messageMax),
    ...contextOf(context),
    ...causeOf(error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined), causesLeft),
    ...stackOf(error),
  };
}

function thrown(message: string, type: string): Failure {
  return {
    code: "AF_THROWN",
    class: "internal",
    retryable: true,
    name: "Thrown",
    message: cut(message, failureLimits.messageMax),
    hint: "Throw an Error, so that message, cause and stack are kept.",
    context: { type },
  };
}

function textOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return (JSON.stringify(value) as string | undefined) ?? String(value);
}

function contextOf(context: unknown): { context?: JsonObject } {
  try {
    const { json, value } = encodeJson(context, "context");
    if (json === "{}") return {};
    if (json.length > failureLimits.contextMax) return { context: { omitted: `${json.length} characters` } };
    return isObject(value) ? { context: value } : {};
  } catch (reason) {
    return { context: { omitted: cut(String(reason), 200) } };
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function causeOf(cause: unknown, causesLeft: number): { cause?: Failure } {
  if (cause === undefined || cause === null || causesLeft === 0) return {};
  return { cause: convert(cause, causesLeft - 1) };
}

function othersOf(others: unknown, causesLeft: number): { others?: readonly Failure[] } {
  if (!Array.isArray(others) || causesLeft === 0) return {};
  return { others: others.slice(0, failureLimits.othersMax).map((other) => convert(other, 0)) };
}

function stackOf(error: { readonly stack?: unknown }): { stack?: string } {
  return typeof error.stack === "string" ? { stack: cut(error.stack, failureLimits.stackMax) } : {};
}

function cut(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 3)}...`;
}
