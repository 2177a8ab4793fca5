import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "../encoding/canonical-json.ts";
import { dateCodec } from "../encoding/codecs.ts";
import { deepFreeze } from "../encoding/deep-freeze.ts";
import type { Json } from "../encoding/json.ts";
import { append } from "./append.ts";
import type { StandardSchema } from "./standard-schema.ts";
import { union } from "./union.ts";

const seed = 20_261_120;
const items = fc.array(fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>, { maxLength: 8 });

test("append adds the items of each delta in order and never conflicts", () => {
  const field = append<number>();
  assert.deepEqual(field.initial, []);
  assert.deepEqual(field.reduce([1, 2], [3, 2]), [1, 2, 3, 2]);
  assert.deepEqual(field.reduce(undefined, [3]), [3]);
  assert.deepEqual(
    [field.kind, field.reducerId, field.conflicts, field.presence],
    ["append", "append", "never", "optional"],
  );
});

test("union keeps the first appearance of each item, by canonical JSON", () => {
  const field = union<unknown>();
  assert.deepEqual(field.initial, []);
  assert.deepEqual(field.reduce([{ a: 1, b: 2 }, "x"], ["y", { b: 2, a: 1 }, "y", 1, "1"]), [
    { a: 1, b: 2 },
    "x",
    "y",
    1,
    "1",
  ]);
  assert.deepEqual(field.reduce(undefined, ["a", "a"]), ["a"]);
  assert.deepEqual(field.reduce([{ b: 2, a: 1 }], [{ a: 1, b: 2 }]), [{ b: 2, a: 1 }]);
  assert.deepEqual([field.kind, field.conflicts], ["union", "never"]);
});

test("a union that gains nothing stays the same value", () => {
  const current = Object.freeze(["a", "b"]);
  assert.equal(union<string>().reduce(current, ["b"]), current);
});

test("folding lists one by one gives what folding them together gives, frozen, and changes no argument", () => {
  fc.assert(
    fc.property(items, items, items, (first, second, third) => {
      for (const list of [first, second, third]) deepFreeze(list);
      const appended = append<Json>();
      const all = appended.reduce(appended.reduce(first, second), third);
      assert.deepEqual(all, [...first, ...second, ...third]);
      assert.ok(Object.isFrozen(all));
      const united = union<Json>();
      const set = united.reduce(united.reduce(united.reduce([], first), second), third) as readonly Json[];
      const keys = new Map(
        [...first, ...second, ...third].toReversed().map((item) => [canonicalJson(item), item]),
      );
      assert.deepEqual(new Set(set.map(canonicalJson)), new Set(keys.keys()));
      assert.equal(set.length, keys.size);
      assert.ok(Object.isFrozen(set) || set.length === 0);
    }),
    { seed },
  );
});

test("the codec and the schema of a list: one is for its items, the other for the whole", () => {
  const listSchema: StandardSchema<unknown, readonly Date[]> = {
    "~standard": { version: 1, vendor: "test", validate: (dates) => ({ value: dates as Date[] }) },
  };
  for (const field of [
    append<Date>({ codec: dateCodec, schema: listSchema }),
    union<Date>({ codec: dateCodec, schema: listSchema }),
  ]) {
    assert.equal(field.codecId, dateCodec.id);
    assert.equal(field.schema, listSchema);
    assert.deepEqual(field.encode([new Date(0)]), ["1970-01-01T00:00:00.000Z"]);
    assert.deepEqual(field.decode(["1970-01-01T00:00:00.000Z"]), [new Date(0)]);
  }
});

test("without a codec items are stored as they are", () => {
  const list = [1, 2];
  const field = append<number>();
  assert.equal(field.encode(list), list);
  assert.equal(field.decode(list), list);
  assert.deepEqual([Object.hasOwn(field, "codecId"), Object.hasOwn(field, "schema")], [false, false]);
});
