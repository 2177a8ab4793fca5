import assert from "node:assert/strict";
import { test } from "node:test";
import { runPool } from "./run-pool.ts";

test("a pool does every job once and never more than allowed at once", async () => {
  const done: number[] = [];
  let active = 0;
  let activeMax = 0;
  await runPool(7, 3, async (index) => {
    active++;
    activeMax = Math.max(activeMax, active);
    await Promise.resolve();
    done.push(index);
    active--;
  });
  assert.deepEqual(done.sort(), [0, 1, 2, 3, 4, 5, 6]);
  assert.equal(activeMax, 3);
});

test("a pool rejects with the failure of a job", async () => {
  await assert.rejects(
    runPool(2, 2, async (index) => {
      if (index === 1) throw new Error("job 1");
    }),
    /job 1/,
  );
});
