import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryCancelledError, QueryQueueFullError } from "@agentflow/core";
import fc from "fast-check";
import { AdmissionQueue } from "./admission-queue.ts";

/** Work that ends when it is told to. */
function held<Result>() {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  let hasBegun = false;
  const work = (): Promise<Result> => {
    hasBegun = true;
    return promise;
  };
  return { work, resolve, reject, hasBegun: () => hasBegun };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("who came first begins first, and never more than allowed run at once (seeded, OLP-11)", async () => {
  const limits = fc.record({
    atOnce: fc.integer({ min: 1, max: 4 }),
    count: fc.integer({ min: 1, max: 12 }),
    ends: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
    fails: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(limits, async ({ atOnce, count, ends, fails }) => {
      const queue = new AdmissionQueue({ atOnce, waitingMax: count });
      const begun: number[] = [];
      const under: { end: () => void }[] = [];
      const done = Array.from({ length: count }, (_, index) =>
        queue
          .run(() => {
            begun.push(index);
            const { promise, resolve, reject } = Promise.withResolvers<void>();
            under.push({ end: () => (fails[index] ? reject(new Error("failed")) : resolve()) });
            return promise;
          })
          .catch((error: Error) => assert.equal(error.message, "failed")),
      );
      for (const pick of ends.slice(0, count)) {
        await turn();
        assert.deepEqual(queue.load.running, under.length);
        assert.ok(under.length <= atOnce && (under.length === atOnce || queue.load.waiting === 0));
        under.splice(pick % under.length, 1)[0]?.end();
      }
      await Promise.all(done);
      assert.deepEqual(
        begun,
        Array.from({ length: count }, (_, index) => index),
      );
      assert.deepEqual(queue.load, { running: 0, waiting: 0 });
    }),
    { numRuns: 60, seed: 5 },
  );
});

test("work that is called off while it waits never begins, and those behind it move up (OLP-11)", async () => {
  const queue = new AdmissionQueue({ atOnce: 1, waitingMax: 3 });
  const [first, second, third] = [held<number>(), held<number>(), held<number>()];
  const stop = new AbortController();
  const one = queue.run(first.work);
  const two = queue.run(second.work, stop.signal);
  const three = queue.run(third.work);
  stop.abort(new Error("gone"));
  await assert.rejects(
    two,
    (error) => error instanceof QueryCancelledError && (error.cause as Error).message === "gone",
  );
  first.resolve(1);
  third.resolve(3);
  assert.deepEqual(await Promise.all([one, three]), [1, 3]);
  assert.equal(second.hasBegun(), false);
  await assert.rejects(queue.run(second.work, stop.signal), QueryCancelledError);
  assert.equal(second.hasBegun(), false);
  assert.deepEqual(queue.load, { running: 0, waiting: 0 });
});

test("when as many wait as may, the next is refused at once and the others are not disturbed (AF_QUERY_QUEUE_FULL)", async () => {
  const queue = new AdmissionQueue({ atOnce: 1, waitingMax: 1 });
  const [first, second] = [held<number>(), held<number>()];
  const taken = [queue.run(first.work), queue.run(second.work)];
  await assert.rejects(queue.run(first.work), QueryQueueFullError);
  first.resolve(1);
  second.resolve(2);
  assert.deepEqual(await Promise.all(taken), [1, 2]);
});
