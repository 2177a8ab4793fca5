import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Histogram, Registry } from "prom-client";
import { CountedHistogram } from "./counted-histogram.ts";

test("a histogram is served byte for byte as prom-client serves its own", async () => {
  const given = { name: "took_ms", help: "How long it took.", labelNames: ["tenant"], buckets: [0.5, 1, 10] };
  const values = fc.array(
    fc.tuple(fc.constantFrom("a", 'b"'), fc.constantFrom(0, 0.5, 0.75, 1, 9, 10, 11, 1e6)),
    {
      minLength: 1,
    },
  );
  await fc.assert(
    fc.asyncProperty(values, async (observed) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const counted = new CountedHistogram(given);
      counted.registerIn(ours);
      const histogram = new Histogram({ ...given, registers: [theirs] });
      for (const [tenant, value] of observed) {
        counted.series([tenant]).observe(value);
        histogram.labels(tenant).observe(value);
      }
      assert.equal(await ours.metrics(), await theirs.metrics());
    }),
    { seed: 1, numRuns: 100 },
  );
});
