import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cachedModel, readModelCall } from "./model-call.ts";

const nothing = { provider: "none", model: "none", inputTokens: 0, outputTokens: 0, cachedTokens: 0 };

test("what a model call does not say, or says wrongly, is nothing; the rest of it still counts", () => {
  assert.deepEqual(readModelCall("a text"), nothing);
  assert.deepEqual(readModelCall([{ model: "sage" }]), nothing);
  const wrong = { provider: 7, model: "sage", inputTokens: -1, outputTokens: 2.5, cachedTokens: 3 };
  assert.deepEqual(readModelCall({ ...wrong, costNanos: "cheap", expectedNanos: -1 }), {
    ...nothing,
    model: "sage",
    cachedTokens: 3,
  });
  for (const costNanos of [0.5, -1, 1e18, Number.NaN, null, true, "1"]) {
    assert.equal(readModelCall({ costNanos }).cost, undefined, String(costNanos));
  }
  assert.equal(readModelCall({ outcome: "succeeded" }).failure, undefined);
  assert.equal(readModelCall({ outcome: "timeout", costNanos: 5 }).failure, "timeout");
});

test("a billionth of a dollar is not lost, however many dollars there are (seeded)", () => {
  const exact = ([dollars, nanos]: readonly [number, number]): void => {
    const costNanos = dollars * 1e9 + nanos;
    assert.equal(readModelCall({ costNanos }).cost, `${dollars}.${String(nanos).padStart(9, "0")}`);
  };
  const amounts = fc.tuple(fc.nat(9_000_000), fc.nat(999_999_999));
  fc.assert(fc.property(amounts, exact), { seed: 9, examples: [[[0, 1]], [[9_000_000, 999_999_999]]] });
});

test("only an answer of a model is one", () => {
  const answer = { provider: "acme", model: "sage", usage: { input: 1 }, text: "" };
  assert.deepEqual(cachedModel(answer), { provider: "acme", model: "sage" });
  assert.deepEqual(cachedModel({ ...answer, model: "" }), { provider: "acme", model: "none" });
  for (const other of [
    null,
    "sage",
    [],
    {},
    { ...answer, provider: "" },
    { provider: "acme", model: "sage" },
  ]) {
    assert.equal(cachedModel(other), undefined, JSON.stringify(other));
  }
});
