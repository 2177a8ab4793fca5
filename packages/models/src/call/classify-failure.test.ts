import assert from "node:assert/strict";
import { test } from "node:test";
import { errorCodes, ModelError, toFailure } from "@agentflow/core";
import { classifyFailure, outcomeCodes, outcomeOf, retryAfterOf } from "./classify-failure.ts";

function callError(statusCode: number, more: object = {}): Error {
  return Object.assign(new Error("refused"), { statusCode, ...more });
}

test("each failed outcome has a code, and each code leads back to its outcome", () => {
  for (const [outcome, code] of Object.entries(outcomeCodes)) {
    assert.equal(outcomeOf(new ModelError(code, "m")), outcome);
  }
  for (const code of Object.keys(errorCodes)) {
    if (code.startsWith("AF_MODEL_"))
      assert.ok(outcomeOf(new ModelError(code as "AF_MODEL_AUTH", "m")), code);
  }
});

const cases: readonly (readonly [Error, string, boolean])[] = [
  [callError(400), "AF_MODEL_REQUEST", false],
  [callError(401), "AF_MODEL_AUTH", false],
  [callError(402), "AF_MODEL_QUOTA", false],
  [callError(403), "AF_MODEL_AUTH", false],
  [callError(404), "AF_MODEL_REQUEST", false],
  [callError(408), "AF_MODEL_TIMEOUT", true],
  [callError(409), "AF_MODEL_PROVIDER", true],
  [callError(422), "AF_MODEL_REQUEST", false],
  [callError(429), "AF_MODEL_RATE_LIMITED", true],
  [callError(429, { responseBody: '{"error":{"code":"insufficient_quota"}}' }), "AF_MODEL_QUOTA", false],
  [callError(500), "AF_MODEL_PROVIDER", true],
  [callError(529), "AF_MODEL_PROVIDER", true],
  // A library that could not read a successful answer reports its status all the same.
  [callError(200), "AF_MODEL_PROVIDER", true],
  [new TypeError("fetch failed"), "AF_MODEL_PROVIDER", true],
];

for (const [error, code, retryable] of cases) {
  const { statusCode, responseBody } = error as { statusCode?: number; responseBody?: string };
  test(`${statusCode ?? error.message} ${responseBody ?? ""} becomes ${code}, retried: ${retryable}`, () => {
    const failure = classifyFailure(error, "openai:m");
    assert.deepEqual([failure.code, failure.retryable], [code, retryable]);
    assert.equal(failure.cause, error);
    assert.equal(toFailure(failure).context?.["target"], "openai:m");
  });
}

test("an error of the transport comes through whatever a library wraps around it", () => {
  const own = new ModelError("AF_MODEL_RESIDENCY", "elsewhere");
  assert.equal(
    classifyFailure(new Error("Cannot connect", { cause: new Error("fetch", { cause: own }) }), "t"),
    own,
  );
});

test("Retry-After is read as seconds, as a date and as milliseconds, and nonsense is ignored", () => {
  const after = (responseHeaders: object): number | undefined =>
    retryAfterOf(callError(429, { responseHeaders }));
  assert.equal(after({ "retry-after": "2" }), 2_000);
  assert.equal(after({ "retry-after": "2", "retry-after-ms": "1500" }), 1_500);
  assert.equal(after({ "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" }), 0);
  assert.ok((after({ "retry-after": new Date(Date.now() + 3_600_000).toUTCString() }) ?? 0) > 3_000_000);
  assert.equal(after({ "retry-after": "soon" }), undefined);
  assert.equal(after({}), undefined);
  assert.equal(
    retryAfterOf(classifyFailure(callError(429, { responseHeaders: { "retry-after": "7" } }), "t")),
    7_000,
  );
});
