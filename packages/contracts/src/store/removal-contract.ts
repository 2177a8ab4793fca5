import assert from "node:assert/strict";
import { type RemovalRule, RunNotFoundError } from "@agentflow/core";
import { commitAll, kindsOf } from "./committing.ts";
import {
  commitEnded,
  exportRuns,
  ids,
  large,
  purgeAll,
  put,
  removable,
  remove,
  tenant,
  whole,
} from "./retention-samples.ts";
import { sampleTime, startCommit, stepCommit } from "./sample-commits.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

/** Which runs and histories go, and that nothing else does (S24). */
export function removalContract(name: string, factory: StoreFactory): void {
  wholeRunContract(name, factory);
  purgeContract(name, factory);
  ruleContract(name, factory);
}

function wholeRunContract(name: string, factory: StoreFactory): void {
  storeTest(
    name,
    "finished runs go whole, oldest first, and their ids are free again",
    factory,
    async (store) => {
      const { backend } = store;
      await commitEnded(backend);
      const listed = await removable(backend, whole);
      assert.deepEqual(listed, ["a", "b", "c", "d", "e"]);
      const footprint = await backend.retention.measureRuns({ tenant, runIds: ["a"], part: "run" });
      assert.equal(footprint.rows, 9);
      assert.ok(footprint.sizeBytes > large("input").json.length);
      assert.deepEqual(await remove(backend, whole, ["a", "missing", "open"]), ["a"]);
      // First of all, while a store may still remember where the run was.
      await assert.rejects(put(backend, "a"), RunNotFoundError);
      assert.equal(await backend.runs.readHead(tenant, "a"), undefined);
      assert.deepEqual(await ids(backend), ["open", "f", "e", "d", "c", "b"]);
      assert.deepEqual(await kindsOf(backend, [stepCommit(4, { runId: "a" })]), ["fenced"]);
      const taken = {
        tenant,
        runId: "a",
        expectedEpoch: 1,
        expectedOwner: undefined,
        ownerId: "o",
        recovery: 0,
      } as const;
      assert.equal(await backend.owners.takeRun(taken), undefined);
      await commitAll(backend, [startCommit({ runId: "a", seed: "new" })]);
      await purgeAll(backend);
      assert.equal((await backend.runs.readHead(tenant, "a"))?.seed, "new");
      assert.equal(
        (await backend.runs.readRecords({ tenant, runId: "a", afterEvent: 0, limit: 99 })).length,
        1,
      );
      assert.equal((await put(backend, "a")).kind, "stored");
    },
  );
}

function purgeContract(name: string, factory: StoreFactory): void {
  storeTest(
    name,
    "a removed run is purged in small parts, from wherever it was left",
    factory,
    async (store) => {
      let { backend } = store;
      await commitEnded(backend);
      await remove(backend, whole, ["a", "b"]);
      const [first] = await backend.retention.listRemoved({ tenant, limit: 1 });
      assert.deepEqual([first?.runId, first?.part], ["a", "run"]);
      const number = first?.number ?? 0;
      let rows = 0;
      for (;;) {
        const purged = await backend.retention.purge({ tenant, number, rowsMax: 1 });
        assert.ok(purged.rows <= 1);
        rows += purged.rows;
        if (purged.isDone) break;
        if (rows === 3) backend = (await store.reopen?.()) ?? backend;
      }
      // A store that ends with the process has no reason to keep them until then.
      assert.equal(rows, backend.runs.capabilities.durable ? 7 : 0);
      const again = await backend.retention.purge({ tenant, number, rowsMax: 1 });
      assert.deepEqual(again, { rows: 0, isDone: true });
      const [second] = await backend.retention.listRemoved({ tenant, limit: 9 });
      assert.equal(second?.runId, "b");
      assert.deepEqual(await backend.retention.listRemoved({ tenant: "other", limit: 9 }), []);
    },
  );

  const rules: readonly (readonly [string, Partial<RemovalRule>, readonly string[]])[] = [
    ["of a status", { statuses: ["failed", "cancelled"] }, ["b", "d"]],
    ["of no status", { statuses: [] }, []],
    ["that ended before a time", { finishedBefore: sampleTime + 103 }, ["a", "b"]],
    ["beyond the newest three", { keep: 3 }, ["a", "b", "c"]],
    ["beyond the newest hundred", { keep: 100 }, []],
    [
      "that ended before a time and are beyond the newest",
      { finishedBefore: sampleTime + 103, keep: 5 },
      ["a"],
    ],
    ["that were exported", { unexported: false }, ["b", "c"]],
    ["whose history may go", { part: "history" }, ["a", "c", "d", "e"]],
  ];
  for (const [what, rule, expected] of rules) {
    storeTest(name, `a rule finds the runs ${what}`, factory, async ({ backend }) => {
      await commitEnded(backend);
      await exportRuns(backend, ["b", "c"]);
      assert.deepEqual(await removable(backend, { ...whole, ...rule }), expected);
      const removed = await remove(backend, { ...whole, ...rule, keep: 0 }, expected);
      assert.deepEqual([...removed].sort(), expected);
    });
  }

  storeTest(name, "an owned, unfinished or foreign run is spared", factory, async ({ backend }) => {
    await commitEnded(backend);
    assert.deepEqual(await remove(backend, whole, ["f", "open"]), [], "f has an owner that lives");
    await commitAll(backend, [startCommit({ tenant: "other", runId: "a" })]);
    assert.deepEqual(await remove(backend, { ...whole, tenant: "other" }, ["a"]), []);
    await backend.owners.removeOwner("owner-1");
    assert.deepEqual(await remove(backend, whole, ["f", "open"]), ["f"]);
  });
}

function ruleContract(name: string, factory: StoreFactory): void {
  storeTest(name, "of a taker and a remover one gets the run", factory, async ({ backend }) => {
    await commitEnded(backend);
    for (const runId of ["a", "b", "c", "d", "e"]) {
      const take = {
        tenant,
        runId,
        expectedEpoch: 1,
        expectedOwner: undefined,
        ownerId: "owner-1",
        recovery: 0,
      } as const;
      const [taken, removed] = await Promise.all([
        backend.owners.takeRun(take),
        remove(backend, whole, [runId]),
      ]);
      assert.notEqual(taken === undefined, removed.length === 0, runId);
    }
  });

  storeTest(
    name,
    "a run without its history keeps its head, its marks and what these refer to",
    factory,
    async (store) => {
      const { backend } = store;
      await commitEnded(backend);
      const rule: RemovalRule = { ...whole, part: "history" };
      const before = await backend.runs.readHead(tenant, "a");
      const footprint = await backend.retention.measureRuns({ tenant, runIds: ["a"], part: "history" });
      assert.equal(footprint.rows, 3);
      assert.deepEqual(await remove(backend, rule, ["a", "b"], 42), ["a"], "a failed run may go on");
      await purgeAll(backend);
      assert.deepEqual(await backend.runs.readHead(tenant, "a"), { ...before, historyRemovedAt: 42 });
      const records = await backend.runs.readRecords({ tenant, runId: "a", afterEvent: 0, limit: 99 });
      assert.deepEqual(
        records.map(({ kind }) => kind),
        ["mark", "mark"],
      );
      const kept = [large("input").hash, large("result a").hash];
      assert.equal((await backend.runs.readBlobs(tenant, "a", kept)).size, 2);
      await assert.rejects(backend.runs.readBlobs(tenant, "a", [large("step a").hash]));
      assert.deepEqual(await remove(backend, rule, ["a"]), [], "only once");
      assert.deepEqual((await removable(backend, rule)).includes("a"), false);
      assert.deepEqual(await remove(backend, whole, ["a"]), ["a"]);
      await purgeAll(backend);
      assert.equal(await backend.runs.readHead(tenant, "a"), undefined);
    },
  );
}
