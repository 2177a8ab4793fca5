import assert from "node:assert/strict";
import {
  commitSnapshots,
  compactable,
  everythingOf,
  large,
  snapshotsBelow,
  tenant,
} from "./retention-samples.ts";
import { nextCommit, sampleSnapshot, sampleStep, sampleTime } from "./sample-commits.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

/** Which snapshots are redundant, and what goes with them (S24). */
export function snapshotContract(name: string, factory: StoreFactory): void {
  redundantContract(name, factory);
  keptContract(name, factory);
}

function redundantContract(name: string, factory: StoreFactory): void {
  storeTest(name, "redundant snapshots go, with what only they refer to", factory, async ({ backend }) => {
    await commitSnapshots(backend);
    const before = await everythingOf(backend);
    const request = { tenant, runId: "run-1", supersededBefore: sampleTime + 1_000_000 };
    assert.deepEqual(await compactable(backend), ["run-1"]);
    const planned = await backend.retention.removeSnapshots({ ...request, dryRun: true });
    assert.deepEqual(await everythingOf(backend), before);
    const removed = await backend.retention.removeSnapshots({ ...request, dryRun: false });
    assert.deepEqual(removed, planned);
    assert.ok(removed.kind === "removed" && removed.sizeBytes > 2 * large("list 2").json.length);
    assert.deepEqual([removed.snapshots, removed.blobs], [3, 2]);
    assert.deepEqual(await compactable(backend), []);
    const again = await backend.retention.removeSnapshots({ ...request, dryRun: false });
    assert.deepEqual(again, { kind: "removed", snapshots: 0, blobs: 0, sizeBytes: 0 });
    assert.deepEqual(await everythingOf(backend), before, "rows and canonical log are untouched");
  });

  storeTest(
    name,
    "the newest snapshot of a scope stays, and what no row tells",
    factory,
    async ({ backend }) => {
      await commitSnapshots(backend);
      await backend.retention.removeSnapshots({
        tenant,
        runId: "run-1",
        supersededBefore: sampleTime + 1_000_000,
        dryRun: false,
      });
      assert.deepEqual(await snapshotsBelow(backend, "", 8), ["7"]);
      assert.deepEqual(await snapshotsBelow(backend, "", 6), ["5"], "of a migration");
      assert.deepEqual(await snapshotsBelow(backend, "", 4), ["3"], "of a seal that was tried again");
      assert.deepEqual(await snapshotsBelow(backend, "", 2), []);
      assert.deepEqual(await snapshotsBelow(backend, "1.work[0]", 9), ["4"]);
      assert.deepEqual(await snapshotsBelow(backend, "1.work[0]", 3), []);
      const kept = [
        large("list 7"),
        large("delta"),
        large("entry"),
        large("attempt"),
        large("mark"),
        large("input"),
      ];
      const blobs = await backend.runs.readBlobs(
        tenant,
        "run-1",
        kept.map(({ hash }) => hash),
      );
      assert.deepEqual(
        [...blobs.values()],
        kept.map(({ json }) => json),
      );
    },
  );
}

function keptContract(name: string, factory: StoreFactory): void {
  storeTest(
    name,
    "a snapshot that was followed only just now stays for its readers",
    factory,
    async ({ backend }) => {
      await commitSnapshots(backend);
      const head = await backend.runs.readHead(tenant, "run-1");
      const supersededBefore = sampleTime;
      const removed = await backend.retention.removeSnapshots({
        tenant,
        runId: "run-1",
        supersededBefore,
        dryRun: false,
      });
      assert.ok(removed.kind === "removed" && removed.snapshots === 0);
      const later = { tenant, runId: "run-1", supersededBefore: (head?.updatedAt ?? 0) + 1, dryRun: false };
      const rested = await backend.retention.removeSnapshots(later);
      assert.ok(rested.kind === "removed" && rested.snapshots === 3);
    },
  );

  storeTest(
    name,
    "a value that is stored again after it was removed is there",
    factory,
    async ({ backend }) => {
      await commitSnapshots(backend);
      const request = { tenant, runId: "run-1", supersededBefore: sampleTime + 1_000_000, dryRun: false };
      const value = large("list 2");
      const refs = JSON.stringify({ list: value.hash });
      const step = sampleStep({
        superstep: 8,
        seq: 11,
        event: 11,
        detail: JSON.stringify({ refs: { list: value.hash } }),
      });
      await Promise.all([
        backend.retention.removeSnapshots(request),
        backend.runs.commit([
          nextCommit(11, {
            steps: [step],
            snapshots: [sampleSnapshot({ superstep: 8, seq: 11, event: 11, refs })],
            blobs: [value],
          }),
        ]),
      ]);
      while ((await compactable(backend)).length > 0) await backend.retention.removeSnapshots(request);
      const blobs = await backend.runs.readBlobs(tenant, "run-1", [value.hash]);
      assert.equal(blobs.get(value.hash), value.json);
    },
  );
}
