import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "./canonical-json.ts";
import { diffJson, type JsonChange } from "./diff-json.ts";
import type { Json } from "./json.ts";

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;

test("values differ nowhere exactly when their canonical JSON is equal", () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      assert.deepEqual(diffJson(a, JSON.parse(JSON.stringify(a)) as Json), []);
      assert.equal(diffJson(a, b).length === 0, canonicalJson(a) === canonicalJson(b));
    }),
  );
});

test("turned around, what was added is missing and what was missing is added", () => {
  const turned = ({ path, ...change }: JsonChange): JsonChange => ({
    path,
    ...("after" in change ? { before: change.after } : {}),
    ...("before" in change ? { after: change.before } : {}),
  });
  fc.assert(fc.property(json, json, (a, b) => assert.deepEqual(diffJson(b, a), diffJson(a, b).map(turned))));
});

test("each change has the path of the deepest place at which both have the same shape", () => {
  const before = { list: [1, 2], facts: { "a b": 1, gone: true }, same: [{ x: 1 }], other: [1] };
  const after = { list: [1, 3, 4], facts: { "a b": 2 }, same: [{ x: 1 }], other: { 0: 1 } };
  assert.deepEqual(diffJson(before, after), [
    { path: 'facts["a b"]', before: 1, after: 2 },
    { path: "facts.gone", before: true },
    { path: "list[1]", before: 2, after: 3 },
    { path: "list[2]", after: 4 },
    { path: "other", before: [1], after: { 0: 1 } },
  ]);
  assert.deepEqual(diffJson(1, undefined), [{ path: "", before: 1 }]);
  assert.deepEqual(diffJson({ toString: 1 }, {}), [{ path: "toString", before: 1 }]);
  assert.deepEqual(diffJson(null, 0), [{ path: "", before: null, after: 0 }]);
});
