import assert from "node:assert/strict";
import type { OwnerRow, StoreBackend } from "@agentflow/core";
import { commitAll } from "./committing.ts";
import { nextCommit, startCommit, stepCommit } from "./sample-commits.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

const owner: OwnerRow = {
  ownerId: "owner-1",
  host: "host-a",
  pid: 4_194_304,
  processStart: "123456789",
  counter: 0,
};
const run = { tenant: "default", runId: "run-1" } as const;

function ownerListContract(name: string, factory: StoreFactory): void {
  storeTest(name, "every registered owner is listed", factory, async ({ backend }) => {
    const { owners } = backend;
    assert.deepEqual(await owners.listOwners(), []);
    for (const ownerId of ["owner-1", "owner-2"]) await owners.registerOwner({ ...owner, ownerId });
    await owners.beat("owner-1");
    const listed = (await owners.listOwners()).map(({ ownerId, counter }) => [ownerId, counter]);
    assert.deepEqual(listed.sort(), [
      ["owner-1", 1],
      ["owner-2", 0],
    ]);
  });
}

/** Runs that nobody has, or whose process is gone. */
function freeRunContract(name: string, factory: StoreFactory): void {
  storeTest(name, "a released run has no owner and is free to take", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    const { owners } = backend;
    assert.equal(await owners.releaseRun({ ...run, ownerId: "owner-2", epoch: 1 }), false);
    assert.equal(await owners.releaseRun({ ...run, ownerId: "owner-1", epoch: 2 }), false);
    assert.equal(await owners.releaseRun({ ...run, runId: "missing", ownerId: "owner-1", epoch: 1 }), false);
    assert.equal(await owners.releaseRun({ ...run, ownerId: "owner-1", epoch: 1 }), true);
    assert.equal(await owners.releaseRun({ ...run, ownerId: "owner-1", epoch: 1 }), false);
    const head = await backend.runs.readHead("default", "run-1");
    assert.deepEqual([head?.owner, head?.epoch], [undefined, 1]);
    const taken = await take(backend, { expectedOwner: undefined, ownerId: "owner-2" });
    assert.deepEqual([taken?.owner, taken?.epoch], ["owner-2", 2]);
  });

  storeTest(name, "runs whose owner is not among the living are orphans", factory, async ({ backend }) => {
    const owners = { a: "dead", b: "alive", c: undefined, d: "gone", e: "dead" };
    for (const [runId, ownerId] of Object.entries(owners))
      await commitAll(backend, [startCommit({ runId }, { owner: ownerId })]);
    await commitAll(backend, [startCommit({ runId: "f", workflow: "other" }, { owner: "dead" })]);
    await commitAll(backend, [nextCommit(2, { runId: "e", progress: { status: "failed" } })]);
    const orphans = async (
      living: readonly string[],
      workflows = ["research"],
      limit = 9,
    ): Promise<string> => {
      const found = await backend.owners.listOrphans({ tenant: "default", workflows, living, limit });
      return found.map(({ runId }) => runId).join("");
    };
    assert.equal(await orphans(["alive"]), "ad");
    assert.equal(await orphans(["alive"], ["research", "other"], 2), "ad");
    assert.equal(await orphans([], ["research", "other"]), "abdf");
    assert.equal(await orphans(["alive"], []), "");
  });
}

/** Owners and epochs: only the holder of the newest epoch advances a run (S20, I6). */
export function ownershipContract(name: string, factory: StoreFactory): void {
  ownerListContract(name, factory);
  freeRunContract(name, factory);
  storeTest(name, "an owner is registered, beats and is removed", factory, async ({ backend }) => {
    const { owners } = backend;
    assert.equal(await owners.readOwner("owner-1"), undefined);
    await owners.registerOwner(owner);
    assert.deepEqual(await owners.readOwner("owner-1"), owner);
    assert.deepEqual([await owners.beat("owner-1"), await owners.beat("owner-1")], [true, true]);
    assert.equal(await owners.beat("missing"), false);
    assert.deepEqual(await owners.readOwner("owner-1"), { ...owner, counter: 2 });
    await owners.registerOwner({ ...owner, pid: 7 });
    assert.deepEqual(await owners.readOwner("owner-1"), { ...owner, pid: 7 });
    await owners.removeOwner("owner-1");
    assert.equal(await owners.readOwner("owner-1"), undefined);
  });

  storeTest(name, "taking a run bumps its epoch and counts a recovery", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit(), stepCommit(2)]);
    const before = await backend.runs.readHead("default", "run-1");
    const taken = await take(backend, { ownerId: "owner-2", recovery: 1 });
    assert.deepEqual(taken, { ...before, epoch: 2, owner: "owner-2", recoveries: 1 });
    assert.deepEqual(await backend.runs.readHead("default", "run-1"), taken);
    const again = { expectedEpoch: 2, expectedOwner: "owner-2", ownerId: "owner-3", recovery: 0 } as const;
    assert.equal((await take(backend, again))?.recoveries, 1);
  });

  storeTest(name, "a run is taken only from the owner and epoch expected", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    const before = await backend.runs.readHead("default", "run-1");
    assert.equal(await take(backend, { expectedEpoch: 2 }), undefined);
    assert.equal(await take(backend, { expectedEpoch: 0 }), undefined);
    assert.equal(await take(backend, { expectedOwner: "owner-9" }), undefined);
    assert.equal(await take(backend, { expectedOwner: undefined }), undefined);
    assert.equal(await take(backend, { runId: "missing" }), undefined);
    assert.equal(await take(backend, { tenant: "other" }), undefined);
    assert.deepEqual(await backend.runs.readHead("default", "run-1"), before);
  });

  storeTest(name, "of many that take a run at once, one gets it", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    const takers = Array.from({ length: 8 }, (_, index) => take(backend, { ownerId: `taker-${index}` }));
    const winners = (await Promise.all(takers)).filter((head) => head !== undefined);
    assert.equal(winners.length, 1);
    const head = await backend.runs.readHead("default", "run-1");
    assert.equal(head?.owner, winners[0]?.owner);
    assert.equal(head?.epoch, 2);
  });

  storeTest(name, "the commit after a takeover resets the recoveries", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    await take(backend, { ownerId: "owner-2", recovery: 1 });
    await commitAll(backend, [stepCommit(2, { progress: { epoch: 2, recoveries: 0 } })]);
    const head = await backend.runs.readHead("default", "run-1");
    assert.deepEqual([head?.recoveries, head?.epoch, head?.owner], [0, 2, "owner-2"]);
  });
}

function take(backend: StoreBackend, parts: Partial<Parameters<StoreBackend["owners"]["takeRun"]>[0]>) {
  return backend.owners.takeRun({
    ...run,
    expectedEpoch: 1,
    expectedOwner: "owner-1",
    ownerId: "owner-2",
    recovery: 0,
    ...parts,
  });
}
