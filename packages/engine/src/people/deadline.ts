import {
  DeadlineExceededError,
  encodeJson,
  type InterruptOptions,
  type JournalEntry,
  type Json,
  ValidationError,
  type WaitOptions,
} from "@agentflow/core";

/** The last millisecond that a date can name, and a hundred years: a later deadline would be none. */
const lastTimeMs = 8_640_000_000_000_000;
const longestWaitMs = 3_155_760_000_000;

/** How long a call waits at most, and what it takes then. */
export interface Patience {
  /** Milliseconds, at least 1; 0 for ever. */
  readonly waitMs: number;
  /** JSON object with the default under `value`, or without for none: what a deadline says that has passed. */
  readonly otherwise: string;
}

/** What the options of `ctx.interrupt` come to. Throws ValidationError (AF_ARGUMENT_INVALID). */
export function interruptPatience(options: InterruptOptions<unknown>, now: number): Patience {
  const { deadlineMs, deadlineAt } = options;
  if (deadlineMs !== undefined && deadlineAt !== undefined)
    throw wrong("ctx.interrupt takes `deadlineMs` or `deadlineAt`, not both.");
  if (deadlineAt !== undefined)
    return patience("ctx.interrupt", Math.max(0, checkTime(deadlineAt) - now), options.default);
  return patience("ctx.interrupt", checkWait("deadlineMs", deadlineMs), options.default);
}

/** What the options of `ctx.waitFor` come to. Throws ValidationError (AF_ARGUMENT_INVALID). */
export function eventPatience(options: WaitOptions<Json>): Patience {
  return patience("ctx.waitFor", checkWait("timeoutMs", options.timeoutMs), options.default);
}

function patience(call: string, waitMs: number | undefined, given: unknown): Patience {
  if (waitMs === undefined && given !== undefined)
    throw wrong(`${call} has a default and no time after which it would take it.`);
  const otherwise = given === undefined ? "{}" : `{"value":${encodeJson(given, `default of ${call}`).json}}`;
  // One that is over when the step asks is over as soon as it has asked.
  return { waitMs: waitMs === undefined ? 0 : Math.max(1, Math.ceil(waitMs)), otherwise };
}

/** When what the entry began is over, in wall-clock milliseconds; undefined for never. */
export function deadlineOf({ at, durationMs }: JournalEntry): number | undefined {
  return durationMs === 0 ? undefined : at + durationMs;
}

/** What the journal says of a wait that ended: by what came, or because its time was over. */
export interface EndedWait {
  readonly expired?: true;
  readonly value?: Json;
}

/** What came, or the default; throws DeadlineExceededError where there is none. */
export function endOf(ended: EndedWait, what: string): Json {
  if (ended.expired === true && !Object.hasOwn(ended, "value"))
    throw new DeadlineExceededError(`${what} before its deadline.`);
  return ended.value ?? null;
}

/** The value of the entry of a wait whose time is over, with what it takes instead: `otherwise` of its patience. */
export function expiredJson(otherwise: string): string {
  return otherwise === "{}" ? '{"expired":true}' : `{"expired":true,${otherwise.slice(1)}`;
}

function checkWait(option: string, waitMs: unknown): number | undefined {
  if (waitMs === undefined || (typeof waitMs === "number" && waitMs >= 0 && waitMs <= longestWaitMs))
    return waitMs;
  throw wrong(`\`${option}\` needs milliseconds from 0 to a hundred years, not ${String(waitMs)}.`);
}

function checkTime(at: unknown): number {
  if (typeof at === "number" && at >= 0 && at <= lastTimeMs) return at;
  throw wrong(`\`deadlineAt\` needs milliseconds since 1970, not ${String(at)}.`);
}

function wrong(message: string): ValidationError {
  return new ValidationError("AF_ARGUMENT_INVALID", message);
}
