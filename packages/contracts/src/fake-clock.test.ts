import assert from "node:assert/strict";
import { test } from "node:test";
import { InvariantError } from "@agentflow/core";
import { FakeClock } from "./fake-clock.ts";

test("timers fire in the order in which they are due, then in which they were set", () => {
  const clock = new FakeClock(1_000);
  const fired: string[] = [];
  const note = (name: string) => () => fired.push(`${name}@${clock.now()}`);
  clock.setTimer(20, note("late"));
  clock.setTimer(10, note("first"));
  clock.setTimer(10, note("second"));
  clock.setTimer(5, () => clock.setTimer(1, note("nested")));
  assert.equal(clock.nextInMs, 5);
  clock.advance(15);
  assert.deepEqual(fired, ["nested@1006", "first@1010", "second@1010"]);
  assert.deepEqual([clock.now(), clock.monotonic(), clock.waiting], [1_015, 15, 1]);
  clock.advance(5);
  assert.equal(fired.at(-1), "late@1020");
  assert.equal(clock.nextInMs, undefined);
});

test("a timer in the background fires in its turn and is nothing to wait for", () => {
  const clock = new FakeClock();
  const fired: string[] = [];
  clock.setTimer(5, () => fired.push("heartbeat"), { background: true });
  assert.deepEqual([clock.nextInMs, clock.nextForegroundInMs], [5, undefined]);
  clock.setTimer(10, () => fired.push("work"));
  assert.equal(clock.nextForegroundInMs, 10);
  clock.advance(10);
  assert.deepEqual(fired, ["heartbeat", "work"]);
});

test("a cancelled timer does not fire", () => {
  const clock = new FakeClock();
  const cancel = clock.setTimer(1, () => assert.fail("fired"));
  cancel();
  clock.advance(10);
  assert.equal(clock.waiting, 0);
});

test("the wall clock may jump; time goes on", () => {
  const clock = new FakeClock(1_000);
  clock.jump(-600);
  assert.deepEqual([clock.now(), clock.monotonic()], [400, 0]);
  clock.advance(1);
  assert.deepEqual([clock.now(), clock.monotonic()], [401, 1]);
  assert.throws(() => clock.advance(-1), InvariantError);
});

test("promises run between the timers of an asynchronous advance", async () => {
  const clock = new FakeClock();
  const seen: number[] = [];
  const loop = async () => {
    for (let count = 0; count < 3; count++) {
      await new Promise<void>((resolve) => clock.setTimer(10, resolve));
      seen.push(clock.monotonic());
    }
  };
  const done = loop();
  await clock.advanceAsync(30);
  await done;
  assert.deepEqual(seen, [10, 20, 30]);
});
