import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toFailure } from "../errors/failure.ts";
import { NodeTimeoutError } from "../errors/step-errors.ts";
import { ValidationError } from "../errors/validation-error.ts";
import {
  isRetryable,
  nextDelayMs,
  type RetryPolicy,
  resolveRetryPolicy,
  shouldRetry,
} from "./retry-policy.ts";

const seed = 20_261_120;
const timeout = toFailure(new NodeTimeoutError("late"));
const invalid = toFailure(new ValidationError("AF_DELTA_INVALID", "wrong"));
const never = () => assert.fail("no chance was asked for");

test("without a policy a step has one attempt", () => {
  assert.equal(shouldRetry(resolveRetryPolicy(), 1, timeout), false);
});

test("attempts end at attemptsMax, the first one counted", () => {
  const policy = resolveRetryPolicy({ attemptsMax: 3 });
  assert.deepEqual(
    [1, 2, 3].map((attempt) => shouldRetry(policy, attempt, timeout)),
    [true, true, false],
  );
});

test("a failure that another attempt cannot mend is not retried, unless the predicate says so", () => {
  assert.equal(isRetryable(invalid), false);
  assert.equal(shouldRetry(resolveRetryPolicy({ attemptsMax: 2 }), 1, invalid), false);
  assert.equal(shouldRetry(resolveRetryPolicy({ attemptsMax: 2, retryIf: () => true }), 1, invalid), true);
  assert.equal(shouldRetry(resolveRetryPolicy({ attemptsMax: 2, retryIf: () => false }), 1, timeout), false);
});

test("delays grow by the factor up to the limit", () => {
  const policy = resolveRetryPolicy({ backoffMs: 100, factor: 3, maxDelayMs: 1_000, jitter: 0 });
  assert.deepEqual(
    [1, 2, 3, 4, 5_000].map((attempt) => nextDelayMs(policy, attempt, never)),
    [100, 300, 900, 1_000, 1_000],
  );
  assert.equal(nextDelayMs(resolveRetryPolicy({ backoffMs: 0 }), 5_000, never), 0);
});

test("chance takes off at most the share that the policy gives it", () => {
  const arbitrary = fc.record({
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    backoffMs: fc.nat(60_000),
  });
  fc.assert(
    fc.property(arbitrary, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (given, chance) => {
      const full = Math.min(30_000, given.backoffMs);
      const delay = nextDelayMs(resolveRetryPolicy(given), 1, () => chance);
      assert.ok(Number.isInteger(delay) && delay <= full && delay >= Math.floor(full * (1 - given.jitter)));
    }),
    { seed, numRuns: 300 },
  );
});

test("a value out of range is refused by name", () => {
  const wrong: readonly RetryPolicy[] = [
    { attemptsMax: 0 },
    { attemptsMax: 1.5 },
    { backoffMs: -1 },
    { factor: 0.5 },
    { maxDelayMs: Number.NaN },
    { jitter: 1.1 },
    { jitter: -0.1 },
    { io: "some" as "keep" },
  ];
  for (const policy of wrong) {
    assert.throws(
      () => resolveRetryPolicy(policy),
      (error: unknown) => {
        assert.ok(error instanceof ValidationError && error.code === "AF_ARGUMENT_INVALID");
        assert.match(error.message, new RegExp(`retry.${Object.keys(policy)[0]} must be`));
        return true;
      },
    );
  }
});
