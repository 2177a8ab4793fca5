import assert from "node:assert/strict";
import { test } from "node:test";
import { FaultyStore, nextCommit, startCommit, stepCommit } from "@agentflow/contracts";
import { StoreUnavailableError } from "@agentflow/core";
import { openMemory } from "./memory/open-memory.ts";

const pending = Symbol("pending");

async function settled(promise: unknown): Promise<unknown> {
  const later = new Promise((resolve) => setImmediate(() => setImmediate(resolve, pending)));
  return Promise.race([promise, later]);
}

test("a store without faults answers within the tick and counts its calls", async () => {
  const store = new FaultyStore(openMemory());
  assert.deepEqual(store.runs.commit([startCommit()]), [{ kind: "committed" }]);
  assert.equal((await store.runs.readHead("default", "run-1"))?.seq, 1);
  assert.deepEqual(store.calls, ["commit", "readHead"]);
});

test("before a crash the store did nothing, and nothing settles any more", async () => {
  const backend = openMemory();
  const store = new FaultyStore(backend, [{ call: 2, kind: "crashBefore" }]);
  await store.runs.commit([startCommit()]);
  assert.equal(await settled(store.runs.commit([stepCommit(2)])), pending);
  await store.crashed;
  assert.equal(await settled(store.owners.beat("owner-1")), pending);
  assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 1);
});

test("after a crash the store did its work, and nothing settles any more", async () => {
  const backend = openMemory();
  const store = new FaultyStore(backend, [{ call: 2, method: "commit", kind: "crashAfter" }]);
  await store.runs.commit([startCommit()]);
  await store.runs.readHead("default", "run-1");
  assert.equal(await settled(store.runs.commit([stepCommit(2)])), pending);
  await store.crashed;
  assert.equal(await settled(store.runs.readHead("default", "run-1")), pending);
  assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 2);
});

test("a lost acknowledgement is an error of a commit that happened", async () => {
  const backend = openMemory();
  const store = new FaultyStore(backend, [
    { call: 1, kind: "loseAcknowledgement" },
    { call: 2, kind: "fail" },
  ]);
  await assert.rejects(async () => store.runs.commit([startCommit()]), StoreUnavailableError);
  await assert.rejects(async () => store.runs.commit([nextCommit(2)]), StoreUnavailableError);
  assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 1);
  assert.deepEqual(store.runs.commit([startCommit()]), [{ kind: "duplicate" }]);
});

test("a delayed answer comes later and is the same", async () => {
  const store = new FaultyStore(openMemory(), [{ call: 1, kind: "delay", turns: 10 }]);
  const commit = store.runs.commit([startCommit()]);
  assert.equal(await settled(commit), pending);
  assert.deepEqual(await commit, [{ kind: "committed" }]);
});

test("nobody hears of a process that crashes while the store still works for it", async () => {
  const slow = new FaultyStore(openMemory(), [{ call: 1, kind: "delay", turns: 3 }]);
  const store = new FaultyStore(slow, [{ call: 1, kind: "crashAfter" }]);
  const commit = store.runs.commit([startCommit()]);
  assert.equal(await settled(store.runs.readHead("default", "run-1")), pending);
  await store.crashed;
  assert.equal(await settled(commit), pending);
  assert.deepEqual(store.calls, ["commit"]);
});
