import assert from "node:assert/strict";
import { test } from "node:test";
import { deepFreeze } from "./deep-freeze.ts";

test("every list and object inside is frozen, and the value itself is returned", () => {
  const value = { a: [{ b: 1 }], c: null, d: "x" };
  assert.equal(deepFreeze(value), value);
  assert.ok(Object.isFrozen(value) && Object.isFrozen(value.a) && Object.isFrozen(value.a[0]));
  assert.equal(deepFreeze(1), 1);
});

test("a frozen part is not walked again", () => {
  const inner = { b: 1 };
  const part = Object.freeze([inner]);
  deepFreeze({ part });
  assert.ok(!Object.isFrozen(inner));
});
