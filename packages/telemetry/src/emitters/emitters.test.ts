import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleRun } from "@agentflow/contracts";
import { type Emitter, eventsOf, InvariantError, type LiveEvent, type RecordEvent } from "@agentflow/core";
import { bufferedEmitter } from "./buffered-emitter.ts";
import { fanOut } from "./fan-out.ts";

const events = sampleRun({ content: 1, order: 1 }).records.flatMap((record) =>
  eventsOf(record, { runId: "run-1" }),
);
const live: LiveEvent = { ts: "2026-01-01T00:00:00.000Z", runId: "run-1", type: "progress" };

function failing(error: Error): Emitter {
  const fail = (): never => {
    throw error;
  };
  return { name: "failing", emit: fail, live: fail, flush: fail, close: fail };
}

test("a buffered emitter keeps deliveries as they came and each event once", async () => {
  const emitter = bufferedEmitter();
  await emitter.emit(events.slice(0, 5));
  await emitter.emit(events.slice(3, 8));
  emitter.live?.(live);
  assert.equal(emitter.deliveries.length, 10);
  assert.deepEqual(emitter.eventsOf("run-1"), events.slice(0, 8));
  assert.deepEqual(emitter.eventsOf("run-2"), []);
  assert.deepEqual(emitter.liveEvents, [live]);
  assert.equal(emitter.name, "buffered");
});

test("a known seq under a newer epoch replaces what was taken after it (S7)", async () => {
  const emitter = bufferedEmitter();
  await emitter.emit(events.slice(0, 5));
  const newer = { ...(events[2] as RecordEvent), epoch: 77 };
  await emitter.emit([newer]);
  assert.deepEqual(emitter.eventsOf("run-1"), [...events.slice(0, 2), newer]);
  await emitter.emit(events.slice(3, 5));
  assert.deepEqual(emitter.eventsOf("run-1"), [...events.slice(0, 2), newer]);
});

test("every emitter gets every event although another one fails, and the failure is told by name", async () => {
  const errors: [string, unknown][] = [];
  const error = new Error("disk gone");
  const [first, last] = [bufferedEmitter("first"), bufferedEmitter("last")];
  const all = fanOut([first, failing(error), last], {
    onEmitterError: (name, cause) => errors.push([name, cause]),
  });
  assert.equal(all.name, "first+failing+last");
  await assert.rejects(Promise.resolve(all.emit(events)), error);
  all.live?.(live);
  await assert.rejects(all.flush?.() ?? Promise.resolve(), error);
  await assert.rejects(all.close?.() ?? Promise.resolve(), error);
  for (const emitter of [first, last]) {
    assert.deepEqual(emitter.deliveries, events);
    assert.deepEqual(emitter.liveEvents, [live]);
  }
  assert.deepEqual(
    errors,
    Array.from({ length: 4 }, () => ["failing", error]),
  );
});

test("emitters are served at the same time: a slow one does not hold up the others", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const fast = bufferedEmitter();
  const all = fanOut([{ name: "slow", emit: () => promise }, fast], { onEmitterError: assert.fail });
  const taken = all.emit(events);
  assert.deepEqual(fast.deliveries, events);
  resolve();
  await taken;
});

test("emitters without live events, flush and close are fine", async () => {
  const all = fanOut([{ name: "bare", emit: () => undefined }], { onEmitterError: assert.fail });
  await all.emit(events);
  all.live?.(live);
  await all.flush?.();
  await all.close?.();
});

test("an event that is not valid is reported and still delivered", async () => {
  const errors: unknown[] = [];
  const emitter = bufferedEmitter();
  const wrong = { ...(events[0] as RecordEvent), level: "LOUD" } as unknown as RecordEvent;
  await fanOut([emitter], { onEmitterError: (_, error) => errors.push(error) }).emit([wrong]);
  assert.deepEqual(emitter.deliveries, [wrong]);
  assert.ok(errors[0] instanceof InvariantError);
  assert.match(errors[0].message, /Event 1 of run run-1: level is "LOUD"/);
});
