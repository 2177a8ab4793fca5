import assert from "node:assert/strict";
import { test } from "node:test";
import { dateCodec } from "../encoding/codecs.ts";
import { merge } from "./merge.ts";
import type { StandardSchema } from "./standard-schema.ts";

test("merge writes the keys of the delta over those of the value, and conflicts key by key (S18)", () => {
  const field = merge<number>();
  const current = Object.freeze({ a: 1, b: 2 });
  const merged = field.reduce(current, { b: 3, c: 4 });
  assert.deepEqual(merged, { a: 1, b: 3, c: 4 });
  assert.deepEqual(current, { a: 1, b: 2 });
  assert.ok(Object.isFrozen(merged));
  assert.deepEqual(field.reduce(undefined, { a: 1 }), { a: 1 });
  assert.deepEqual(
    [field.kind, field.reducerId, field.conflicts, field.presence, field.initial],
    ["merge", "merge", "key", "optional", {}],
  );
});

test("a key named __proto__ is a key like any other", () => {
  const delta = JSON.parse('{"__proto__":{"polluted":true}}');
  const merged = merge<unknown>().reduce({ a: 1 }, delta) as object;
  assert.deepEqual(Object.keys(merged), ["a", "__proto__"]);
  assert.equal(Object.getPrototypeOf(merged), Object.prototype);
  const coded = merge<Date>({ codec: dateCodec }).decode(
    JSON.parse('{"__proto__":"1970-01-01T00:00:00.000Z"}'),
  );
  assert.deepEqual(Object.keys(coded), ["__proto__"]);
});

test("the codec of a merge is that of one value, the schema that of the whole", () => {
  const schema: StandardSchema<unknown, Readonly<Record<string, Date>>> = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (dates) => ({ value: dates as Record<string, Date> }),
    },
  };
  const field = merge<Date>({ codec: dateCodec, schema });
  assert.deepEqual([field.codecId, field.schema], [dateCodec.id, schema]);
  assert.deepEqual(field.encode({ due: new Date(0) }), { due: "1970-01-01T00:00:00.000Z" });
  assert.deepEqual(field.decode({ due: "1970-01-01T00:00:00.000Z" }), { due: new Date(0) });
});

test("without a codec the object is stored as it is", () => {
  const entries = { a: 1 };
  const field = merge<number>();
  assert.equal(field.encode(entries), entries);
  assert.equal(field.decode(entries), entries);
});
