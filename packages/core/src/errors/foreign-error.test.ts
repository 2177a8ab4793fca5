import assert from "node:assert/strict";
import { test } from "node:test";
import { classifyForeign } from "./foreign-error.ts";

const named = (name: string) => Object.assign(new Error("m"), { name });

const cases: readonly [title: string, error: Error, errorClass: string, retryable: boolean][] = [
  ["a plain error", new Error("m"), "internal", true],
  ["a refused connection", Object.assign(new Error("m"), { code: "ECONNREFUSED" }), "transient", true],
  [
    "a fetch whose cause is a reset",
    new TypeError("m", { cause: { code: "ECONNRESET" } }),
    "transient",
    true,
  ],
  ["a code that says nothing", Object.assign(new Error("m"), { code: "ERR_X" }), "internal", true],
  ["a code that is a number", Object.assign(new Error("m"), { code: 11 }), "internal", true],
  ["a timeout", named("TimeoutError"), "transient", true],
  ["an abort", named("AbortError"), "transient", true],
  ["status 400", Object.assign(new Error("m"), { status: 400 }), "validation", false],
  ["status 401", Object.assign(new Error("m"), { status: 401 }), "auth", false],
  ["status 402", Object.assign(new Error("m"), { status: 402 }), "quota", false],
  ["status 403", Object.assign(new Error("m"), { statusCode: 403 }), "auth", false],
  ["status 408", Object.assign(new Error("m"), { status: 408 }), "transient", true],
  ["status 425", Object.assign(new Error("m"), { status: 425 }), "transient", true],
  ["status 429", Object.assign(new Error("m"), { status: 429 }), "quota", true],
  ["status 503", Object.assign(new Error("m"), { statusCode: 503 }), "transient", true],
  ["a status that is no error", Object.assign(new Error("m"), { status: 200 }), "internal", true],
  ["a status beyond HTTP", Object.assign(new Error("m"), { status: 600 }), "internal", true],
  [
    "an author who says no",
    Object.assign(new Error("m"), { status: 503, retryable: false }),
    "transient",
    false,
  ],
  [
    "an author who says yes",
    Object.assign(new Error("m"), { status: 404, retryable: true }),
    "validation",
    true,
  ],
];

for (const [title, error, errorClass, retryable] of cases) {
  test(`${title} is ${errorClass} and ${retryable ? "" : "not "}retryable`, () => {
    const found = classifyForeign(error);
    assert.deepEqual([found.class, found.retryable], [errorClass, retryable]);
  });
}

test("the facts that decided are kept, bounded and as JSON", () => {
  const error = Object.assign(new Error("m"), { code: "E".repeat(500), status: 503 });
  assert.deepEqual(classifyForeign(error).context, { code: "E".repeat(200), status: 503 });
  assert.deepEqual(classifyForeign(Object.assign(new Error("m"), { status: Number.NaN })).context, {});
});
