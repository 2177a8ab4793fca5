import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryError } from "@agentflow/core";
import fc from "fast-check";
import { linearAxis, logarithmicAxis } from "./axis.ts";

const span = { from: 10, to: 210 };

test("marks of an axis are round, equally far apart, few, and every value is between them, the 0 too (seeded)", () => {
  // Whole multiples of a small unit, as amounts are.
  const amounts = fc
    .tuple(fc.array(fc.integer(), { maxLength: 8 }), fc.constantFrom(1e-4, 0.01, 1, 1_000))
    .map(([values, unit]) => values.map((value) => value * unit));
  fc.assert(
    fc.property(amounts, (values) => {
      const { ticks, at } = linearAxis(values, span);
      assert.ok(ticks.length >= 2 && ticks.length <= 8, String(ticks));
      const step = (ticks[1] as number) - (ticks[0] as number);
      const digits = String(Number(step.toPrecision(6)).toExponential()).split("e")[0];
      assert.ok(["1", "2", "5"].includes(String(digits)), String(step));
      for (const value of [0, ...values]) {
        const place = at(value);
        assert.ok(place >= span.from - 1e-6 && place <= span.to + 1e-6, `${value} at ${place}`);
      }
      assert.ok(Math.abs(at(ticks[0] as number) - span.from) < 1e-6);
      assert.ok(Math.abs(at(ticks.at(-1) as number) - span.to) < 1e-6);
    }),
    { seed: 3, numRuns: 300 },
  );
});

test("equal factors are equal distances on a logarithmic axis, which takes no 0", () => {
  const { at, ticks } = logarithmicAxis([50, 100, 200], span);
  assert.ok(Math.abs(at(100) - at(50) - (at(200) - at(100))) < 1e-9);
  assert.deepEqual([at(50), at(200), ticks], [10, 210, [50, 100, 200]]);
  assert.equal(logarithmicAxis([7], span).at(7), 110);
  assert.throws(() => logarithmicAxis([0, 1], span), QueryError);
});
