import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeJson } from "../encoding/encode-json.ts";
import type { JsonObject } from "../encoding/json.ts";
import { type Failure, failureLimits, isFailure, toFailure, withOthers, withoutStack } from "./failure.ts";
import { ConflictError, MaxAttemptsExceededError, NodeTimeoutError } from "./step-errors.ts";

const seed = 20_261_120;

test("an error of ours keeps code, class, hint, context, cause and stack", () => {
  const cause = new NodeTimeoutError("took 31 s", { context: { timeoutMs: 30_000 } });
  const { stack, ...failure } = toFailure(new MaxAttemptsExceededError("3 attempts failed", { cause }));
  assert.match(stack ?? "", /^MaxAttemptsExceededError: 3 attempts failed\n/);
  assert.match(failure.cause?.stack ?? "", /^NodeTimeoutError/);
  assert.deepEqual(withoutStack(failure), {
    code: "AF_MAX_ATTEMPTS",
    class: "internal",
    retryable: false,
    name: "MaxAttemptsExceededError",
    message: "3 attempts failed",
    hint: "Mend the cause and `af resume RUN`, raise `attemptsMax`, or declare `recover`.",
    cause: {
      code: "AF_NODE_TIMEOUT",
      class: "transient",
      retryable: true,
      name: "NodeTimeoutError",
      message: "took 31 s",
      hint: cause.hint,
      context: { timeoutMs: 30_000 },
    },
  });
});

test("an error of user code becomes AF_THROWN with its own name, and the code it carried as context", () => {
  const error = Object.assign(new RangeError("no"), { code: "ENOTFOUND" });
  const failure = withoutStack(toFailure(error));
  const expected = { class: "transient", retryable: true, name: "RangeError", message: "no" };
  assert.deepEqual(failure, { code: "AF_THROWN", ...expected, context: { code: "ENOTFOUND" } });
});

test("an aggregate without a cause shows its first error as cause", () => {
  const failure = toFailure(new AggregateError([new Error("first"), new Error("second")], "both"));
  assert.deepEqual([failure.message, failure.cause?.message], ["both", "first"]);
});

test("a failure that is passed in, also as a cause, comes back equal", () => {
  const failure = toFailure(new ConflictError("m", { context: { field: "a" }, cause: new Error("why") }));
  assert.deepEqual(toFailure(failure), failure);
  assert.deepEqual(toFailure(new ConflictError("m", { cause: failure })).cause, failure);
});

test("data that only looks like a failure is bounded and made JSON like anything else", () => {
  const lookalike = {
    ...toFailure(new Error("m")),
    message: "x".repeat(10_000),
    context: [1],
    hint: 5,
    cause: 7n,
  };
  const failure = toFailure(lookalike);
  assert.equal(failure.message.length, failureLimits.messageMax);
  assert.deepEqual([failure.context, failure.hint, failure.cause?.message], [undefined, undefined, "7"]);
});

test("only data with all parts of a failure is one", () => {
  const failure = toFailure(new Error("m"));
  assert.ok(isFailure(failure));
  for (const part of ["code", "class", "retryable", "message"])
    assert.ok(!isFailure({ ...failure, [part]: 1 }));
  for (const other of [null, "x", new ConflictError("m")]) assert.ok(!isFailure(other));
});

test("long texts, deep causes and large context are cut", () => {
  let error = new Error("x".repeat(10_000));
  for (let depth = 0; depth < 20; depth++) error = new Error("x".repeat(10_000), { cause: error });
  let failure: Failure | undefined = toFailure(error);
  let length = 0;
  for (; failure !== undefined; failure = failure.cause) {
    assert.equal(failure.message.length, failureLimits.messageMax);
    assert.ok(failure.message.endsWith("..."));
    assert.ok((failure.stack ?? "").length <= failureLimits.stackMax);
    length += 1;
  }
  assert.equal(length, failureLimits.causesMax + 1);
  const context = { text: "x".repeat(20_000) };
  assert.deepEqual(toFailure(new ConflictError("m", { context })).context, { omitted: "20011 characters" });
});

test("an error that is its own cause ends", () => {
  const error = new Error("loop");
  error.cause = error;
  assert.doesNotThrow(() => encodeJson(toFailure(error), ""));
});

test("context that is not JSON is left out with the reason", () => {
  const context = { when: new Date(0) } as unknown as JsonObject;
  const failure = toFailure(new ConflictError("m", { context }));
  assert.match(String(failure.context?.omitted), /context.when is an instance of Date/);
});

const hostile: readonly [title: string, thrown: unknown, message: RegExp][] = [
  ["a text", "boom", /^boom$/],
  ["undefined", undefined, /^undefined$/],
  ["null", null, /^null$/],
  ["a symbol", Symbol("s"), /^Symbol\(s\)$/],
  ["a function", Math.max, /native code/],
  ["an object", { a: 1 }, /^\{"a":1\}$/],
  ["an object that JSON leaves out", { toJSON: () => undefined }, /^\[object Object\]$/],
  ["an object whose toJSON throws", { toJSON: () => assert.fail("toJSON") }, /cannot be read/],
  ["a value that throws no Error when read", { toJSON: throwText }, /cannot be read/],
  [
    "an error with a message that throws",
    Object.defineProperty(new Error(), "message", { get: throwText }),
    /cannot/,
  ],
  ["an error without a stack", Object.assign(new Error("m"), { stack: undefined }), /^m$/],
  ["a revoked proxy", revokedProxy(), /cannot be read/],
];

for (const [title, thrown, message] of hostile) {
  test(`${title} that was thrown becomes a failure`, () => {
    const failure = toFailure(thrown);
    assert.equal(failure.code, "AF_THROWN");
    assert.match(failure.message, message);
    assert.doesNotThrow(() => encodeJson(failure, ""));
  });
}

test("whatever is thrown becomes a failure that is JSON and survives being stored", () => {
  const thrown = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
  fc.assert(
    fc.property(thrown, thrown, fc.boolean(), (value, extra, isError) => {
      const error = isError
        ? Object.assign(new Error("m", { cause: value }), { code: extra, status: extra })
        : value;
      const failure = toFailure(error);
      const { value: stored } = encodeJson(failure, "");
      assert.deepEqual(stored, failure);
      assert.ok(isFailure(stored));
    }),
    { seed, numRuns: 1_000 },
  );
});

function throwText(): never {
  // biome-ignore lint/style/useThrowOnlyError: user code may throw anything, and this is the test of it
  throw "not an Error";
}

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

test("failures beside another are kept with it: the first of them, without stacks, also where it is passed on", () => {
  const failure = toFailure(new Error("first"));
  const others = Array.from({ length: failureLimits.othersMax + 3 }, (_, index) =>
    toFailure(new Error(`other ${index}`)),
  );
  assert.equal(withOthers(failure, []), failure);
  const whole = withOthers(failure, others);
  assert.equal(whole.others?.length, failureLimits.othersMax);
  assert.deepEqual(whole.others?.[2], withoutStack(others[2] as Failure));
  assert.deepEqual(toFailure(whole), whole);
  assert.deepEqual(withoutStack(whole).others, whole.others);
  const deep = { ...failure, cause: { ...failure, others: [{ ...failure, cause: whole }] } };
  assert.equal(toFailure(deep).cause?.others?.[0]?.cause, undefined, "what hangs on them is not followed");
  assert.equal(toFailure({ ...failure, others: 5 as never }).others, undefined);
});
