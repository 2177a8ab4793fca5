import assert from "node:assert/strict";
import { test } from "node:test";
import { ValidationError } from "../errors/validation-error.ts";
import { max, min, sum } from "./number-fields.ts";
import type { StandardSchema } from "./standard-schema.ts";

test("100 parallel steps on one counter give 100 (ENG-11)", () => {
  const field = sum();
  assert.equal(field.initial, 0);
  const total = Array.from({ length: 100 }, () => 1).reduce(
    (current, delta) => field.reduce(current, delta) as number,
    0,
  );
  assert.equal(total, 100);
  assert.deepEqual([field.kind, field.reducerId, field.conflicts], ["sum", "sum", "never"]);
});

test("a sum starts at its default", () => {
  assert.equal(sum(5).initial, 5);
  assert.equal(sum(5).presence, "optional");
});

test("a sum that is no longer finite is refused, since JSON cannot hold it (S17)", () => {
  assert.throws(() => sum().reduce(Number.MAX_VALUE, Number.MAX_VALUE), ValidationError);
  assert.throws(() => sum(Number.NaN), ValidationError);
});

test("min and max keep the extreme, have no value before the first, and take a default", () => {
  assert.deepEqual([min().initial, max().initial], [undefined, undefined]);
  assert.deepEqual([min().presence, max().presence], ["optional", "optional"]);
  assert.deepEqual([min().reduce(undefined, 3), max().reduce(undefined, 3)], [3, 3]);
  assert.deepEqual([min().reduce(2, 3), max().reduce(2, 3)], [2, 3]);
  assert.deepEqual([min(7).initial, max(7).initial], [7, 7]);
  assert.deepEqual([min().kind, max().kind], ["min", "max"]);
});

test("numbers are stored as they are and may be checked by a schema", () => {
  const schema: StandardSchema<unknown, number> = {
    "~standard": { version: 1, vendor: "test", validate: (number) => ({ value: Number(number) }) },
  };
  const field = max(0, { schema });
  assert.equal(field.schema, schema);
  assert.equal(min(0, { schema }).schema, schema);
  assert.equal(sum(0, { schema }).schema, schema);
  assert.equal(field.encode(1), 1);
  assert.equal(field.decode(1), 1);
});
