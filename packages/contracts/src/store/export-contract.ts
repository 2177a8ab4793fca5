import assert from "node:assert/strict";
import type { StoreBackend } from "@agentflow/core";
import { commitAll } from "./committing.ts";
import { nextCommit, sampleTime, startCommit } from "./sample-commits.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

const tenant = "default";

/** Marks of exports: each finished run belongs to one batch, whoever claims, and again once it has gone on (OLP-30). */
export function exportContract(name: string, factory: StoreFactory): void {
  storeTest(
    name,
    "a batch claims finished runs, oldest first, and each run once",
    factory,
    async ({ backend }) => {
      await commitRuns(backend, 5);
      assert.deepEqual(await claim(backend, "one", 2), ["run-0", "run-1"]);
      assert.deepEqual(await claim(backend, "two", 2), ["run-2", "run-3"]);
      assert.deepEqual(await claim(backend, "three", 9), ["run-4"]);
    },
  );

  storeTest(name, "of many exporters at once each run goes to one", factory, async ({ backend }) => {
    await commitRuns(backend, 12);
    const batches = await Promise.all([1, 2, 3].map((nth) => claim(backend, `batch-${nth}`, 12)));
    const claimed = batches.flat();
    assert.equal(new Set(claimed).size, claimed.length);
    const rest = await claim(backend, "rest", 99);
    assert.equal(claimed.length + rest.length, 12);
  });

  storeTest(name, "an open batch is found again and gives the same runs", factory, async (store) => {
    let { backend } = store;
    await commitRuns(backend, 3);
    await claim(backend, "one", 2);
    assert.deepEqual(await claim(backend, "one", 2), ["run-0", "run-1"], "a claim is repeatable");
    backend = (await store.reopen?.()) ?? backend;
    assert.deepEqual(await backend.exports.listOpenExports(tenant), [
      { batch: "one", claimedAt: sampleTime },
    ]);
    assert.deepEqual(await read(backend, "one"), ["run-0", "run-1"]);
    await backend.exports.completeExports({ tenant, batch: "one", at: sampleTime });
    await backend.exports.completeExports({ tenant, batch: "one", at: sampleTime });
    assert.deepEqual(await backend.exports.listOpenExports(tenant), []);
    assert.deepEqual(await claim(backend, "two", 9), ["run-2"]);
  });

  storeTest(
    name,
    "a run that has gone on since its claim is exported again",
    factory,
    async ({ backend }) => {
      await commitRuns(backend, 2);
      await claim(backend, "one", 9);
      await backend.exports.completeExports({ tenant, batch: "one", at: sampleTime });
      await commitAll(backend, [nextCommit(3, { runId: "run-1", progress: { status: "succeeded" } })]);
      assert.deepEqual(await claim(backend, "two", 9), ["run-1"]);
      await commitAll(backend, [nextCommit(4, { runId: "run-1", progress: { status: "failed" } })]);
      assert.deepEqual(await read(backend, "two"), [], "not as it was claimed");
      await backend.exports.completeExports({ tenant, batch: "two", at: sampleTime });
      assert.deepEqual(await claim(backend, "three", 9), ["run-1"]);
    },
  );

  storeTest(
    name,
    "unfinished runs and those of other tenants are not exported",
    factory,
    async ({ backend }) => {
      await commitRuns(backend, 1);
      await commitAll(backend, [startCommit({ runId: "open" })]);
      assert.deepEqual(await claim(backend, "one", 9, "other"), []);
      assert.deepEqual(await claim(backend, "one", 9), ["run-0"]);
      assert.deepEqual(await backend.exports.listOpenExports("other"), []);
      await backend.exports.completeExports({ tenant: "other", batch: "one", at: sampleTime });
      assert.deepEqual(await read(backend, "one"), ["run-0"]);
    },
  );
}

async function commitRuns(backend: StoreBackend, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const runId = `run-${index}`;
    await commitAll(backend, [
      startCommit({ runId, createdAt: sampleTime + index }),
      nextCommit(2, { runId, release: true, progress: { status: index % 2 === 0 ? "succeeded" : "failed" } }),
    ]);
  }
}

async function claim(backend: StoreBackend, batch: string, limit: number, of = tenant): Promise<string[]> {
  const heads = await backend.exports.claimExports({ tenant: of, batch, at: sampleTime, limit });
  return heads.map(({ runId }) => runId);
}

async function read(backend: StoreBackend, batch: string): Promise<string[]> {
  return (await backend.exports.readExports({ tenant, batch })).map(({ runId }) => runId);
}
