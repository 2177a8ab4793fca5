import type { Failure } from "../errors/failure.ts";
import { ValidationError } from "../errors/validation-error.ts";

/**
 * When and how a step is tried again, as an author writes it; what is left out comes from `retryDefaults`. The delay
 * before attempt k + 1 is `min(maxDelayMs, backoffMs * factor^(k - 1))`, of which the seeded random number takes off up
 * to the share `jitter`.
 */
export interface RetryPolicy {
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

/** A retry policy with every number given. */
export type ResolvedRetryPolicy = Required<Omit<RetryPolicy, "retryIf">> & Pick<RetryPolicy, "retryIf">;

/** No retry unless asked for; from 200 ms doubling to 30 s, a quarter of it left to chance. */
export const retryDefaults: ResolvedRetryPolicy = Object.freeze({
  attemptsMax: 1,
  backoffMs: 200,
  factor: 2,
  maxDelayMs: 30_000,
  jitter: 0.25,
  io: "keep",
});

/** Fills in the defaults. Throws ValidationError (AF_ARGUMENT_INVALID) that names the first value out of range. */
export function resolveRetryPolicy(policy: RetryPolicy = {}): ResolvedRetryPolicy {
  const resolved = { ...retryDefaults, ...policy };
  const { attemptsMax, backoffMs, factor, maxDelayMs, jitter, io } = resolved;
  check(
    "attemptsMax",
    attemptsMax,
    Number.isSafeInteger(attemptsMax) && attemptsMax >= 1,
    "an integer from 1",
  );
  check("backoffMs", backoffMs, Number.isFinite(backoffMs) && backoffMs >= 0, "milliseconds from 0");
  check("factor", factor, Number.isFinite(factor) && factor >= 1, "a number from 1");
  check("maxDelayMs", maxDelayMs, Number.isFinite(maxDelayMs) && maxDelayMs >= 0, "milliseconds from 0");
  check("jitter", jitter, jitter >= 0 && jitter <= 1, "a number from 0 to 1");
  check("io", io, io === "keep" || io === "fresh", '"keep" or "fresh"');
  return Object.freeze(resolved);
}

/**
 * The whole milliseconds to wait after attempt number `attempt` (from 1) failed. `random` gives a number in [0, 1); it
 * is not called when the policy leaves nothing to chance.
 */
export function nextDelayMs(policy: ResolvedRetryPolicy, attempt: number, random: () => number): number {
  if (policy.backoffMs === 0) return 0;
  const full = Math.min(policy.maxDelayMs, policy.backoffMs * policy.factor ** (attempt - 1));
  return Math.round(policy.jitter === 0 ? full : full * (1 - policy.jitter * random()));
}

/** True if another attempt can help, as the failure itself says: by its code, or by how it was classed. */
export function isRetryable(failure: Failure): boolean {
  return failure.retryable;
}

/** True if attempt number `attempt` (from 1), which ended in `failure`, is to be followed by another. */
export function shouldRetry(policy: ResolvedRetryPolicy, attempt: number, failure: Failure): boolean {
  if (attempt >= policy.attemptsMax) return false;
  return policy.retryIf === undefined ? isRetryable(failure) : policy.retryIf(failure);
}

function check(name: string, value: unknown, holds: boolean, expected: string): void {
  if (holds) return;
  throw new ValidationError(
    "AF_ARGUMENT_INVALID",
    `retry.${name} must be ${expected}, not ${String(value)}.`,
    {
      context: { name: `retry.${name}`, found: String(value) },
    },
  );
}
