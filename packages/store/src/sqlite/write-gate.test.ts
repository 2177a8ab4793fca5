import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WriteGate } from "./write-gate.ts";

test("work passes one at a time, in order, and failures let the next pass", async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 12 }), fc.scheduler(), async (fails, scheduler) => {
      const gate = new WriteGate();
      const seen: string[] = [];
      const results = fails.map((fail, index) =>
        gate.run(async () => {
          seen.push(`start ${index}`);
          await scheduler.schedule(Promise.resolve());
          seen.push(`end ${index}`);
          if (fail) throw new Error(`work ${index}`);
          return index;
        }),
      );
      const settled = Promise.allSettled(results);
      await scheduler.waitFor(settled);
      const kinds = (await settled).map(({ status }) => status);
      assert.deepEqual(
        kinds,
        fails.map((fail) => (fail ? "rejected" : "fulfilled")),
      );
      assert.deepEqual(
        seen,
        fails.flatMap((_, index) => [`start ${index}`, `end ${index}`]),
      );
      assert.equal(gate.free, true);
    }),
    { seed, numRuns: 50 },
  );
});

test("the gate is free exactly when nothing runs or waits", async () => {
  const gate = new WriteGate();
  assert.equal(gate.free, true);
  const work = gate.run(() => 1);
  assert.equal(gate.free, false);
  assert.equal(await work, 1);
  assert.equal(gate.free, true);
});
