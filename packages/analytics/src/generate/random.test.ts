import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DuckDatabase } from "../execute/duck-database.ts";
import { below, mix, randomAt, saltOf, shuffled, withRandomColumns } from "./random.ts";
import { weightedSlots } from "./weighted-slots.ts";

test("SQL and TypeScript draw the same bits (OLP-2)", async () => {
  const [one, other] = [saltOf(42, "one"), saltOf(7, "other")];
  const sql = withRandomColumns("SELECT (range * 2654435761) % 4294967296 AS place FROM range(1000)", [
    { name: "a", place: "place", salt: one },
    { name: "b", place: "place", salt: other },
  ]);
  using database = await DuckDatabase.open("random");
  using connection = await database.connect();
  const rows = await connection.rows(`SELECT place, a, b FROM (${sql})`);
  assert.equal(rows.length, 1_000);
  for (const { place, a, b } of rows) {
    assert.deepEqual([a, b], [randomAt(one, Number(place)), randomAt(other, Number(place))]);
  }
});

test("the mixer never changes, for the bytes of datasets hang on it, and gives each place bits of its own", () => {
  assert.deepEqual(
    [mix(0), mix(1), mix(0xffffffff), saltOf(42, "customer")],
    [0, 1753845952, 1734902346, 936371205],
  );
  assert.equal(new Set(Array.from({ length: 10_000 }, (_, index) => mix(index))).size, 10_000);
});

test("a number below a bound is below it, and a shuffle keeps every item", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.nat(0xffffffff), (bound, bits) => {
      const number = below(bound, bits);
      return Number.isInteger(number) && number >= 0 && number < bound;
    }),
  );
  const items = Array.from({ length: 100 }, (_, index) => index);
  assert.deepEqual(
    shuffled(items, 1).sort((a, b) => a - b),
    items,
  );
  assert.notDeepEqual(shuffled(items, 1), shuffled(items, 2));
});

test("slots are shared in proportion, none left over, in ascending order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 50 }), (weights) => {
      const slots = weightedSlots(weights, 4_096);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      assert.equal(slots.length, 4_096);
      assert.deepEqual(
        slots,
        [...slots].sort((a, b) => a - b),
      );
      weights.forEach((weight, index) => {
        const owned = slots.filter((each) => each === index).length;
        assert.ok(Math.abs(owned - (weight / total) * 4_096) <= 1);
      });
    }),
    { numRuns: 50 },
  );
});
