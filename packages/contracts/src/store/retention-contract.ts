import assert from "node:assert/strict";
import { type RunPlace, sha256Hex } from "@agentflow/core";
import { commitAll } from "./committing.ts";
import { removalContract } from "./removal-contract.ts";
import { commitEnded, ids, purgeAll, remove, tenant, whole } from "./retention-samples.ts";
import { nextCommit, sampleSnapshot, sampleStep, sampleTime, startCommit } from "./sample-commits.ts";
import { snapshotContract } from "./snapshot-contract.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

/** What retention removes, and what it spares (S24). */
export function retentionContract(name: string, factory: StoreFactory): void {
  snapshotContract(name, factory);
  removalContract(name, factory);
  housekeepingContract(name, factory);
}

function housekeepingContract(name: string, factory: StoreFactory): void {
  storeTest(name, "one of many that ask for the next round gets it", factory, async ({ backend }) => {
    const ask = (at: number) => backend.retention.claimRound({ at, intervalMs: 1_000 });
    const answers = await Promise.all([ask(sampleTime), ask(sampleTime), ask(sampleTime)]);
    assert.equal(answers.filter((answer) => answer).length, 1);
    assert.equal(await ask(sampleTime + 999), false);
    assert.equal(await ask(sampleTime + 1_000), true);
  });

  storeTest(name, "the artifacts that runs have bound are told", factory, async ({ backend }) => {
    const [own, inherited, kept] = [sha256Hex("own"), sha256Hex("inherited"), sha256Hex("kept")];
    const binding = { path: "a.txt", sha256: own, sizeBytes: 3, reason: "created" };
    await commitAll(backend, [
      startCommit(),
      nextCommit(2, { steps: [sampleStep({ detail: JSON.stringify({ artifacts: [binding] }) })] }),
      startCommit({ runId: "run-2" }),
      nextCommit(2, {
        runId: "run-2",
        steps: [sampleStep({ detail: JSON.stringify({ inherited: { "b.txt": inherited } }) })],
        snapshots: [sampleSnapshot({ seal: JSON.stringify({ frontier: [], artifacts: { "c.txt": kept } }) })],
      }),
      startCommit({ runId: "run-3" }),
    ]);
    const found = new Set<string>();
    for (let after: RunPlace | undefined; ; ) {
      const page = await backend.retention.readArtifacts({ tenant, limit: 1, ...(after && { after }) });
      for (const hash of page.items) found.add(hash);
      if (page.next === undefined) break;
      after = page.next;
    }
    assert.deepEqual([...found].sort(), [own, inherited, kept].sort());
    const foreign = await backend.retention.readArtifacts({ tenant: "other", limit: 9 });
    assert.deepEqual(foreign, { items: [], next: undefined });
  });

  storeTest(
    name,
    "the space of a file is told, and giving it back loses nothing",
    factory,
    async ({ backend }) => {
      await commitEnded(backend);
      const space = await backend.retention.space({ giveBack: false });
      if (space === undefined) return;
      assert.ok(space.sizeBytes > 0 && space.freeBytes >= 0 && space.freeBytes < space.sizeBytes);
      await remove(backend, whole, ["a", "b", "c", "d", "e"]);
      await purgeAll(backend);
      const after = await backend.retention.space({ giveBack: true });
      assert.equal(after?.freeBytes, 0);
      assert.deepEqual(await ids(backend), ["open", "f"]);
    },
  );
}
