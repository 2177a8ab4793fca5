import assert from "node:assert/strict";
import type { RestedRun, StoreBackend } from "@agentflow/core";
import { commitAll } from "./committing.ts";
import {
  nextCommit,
  sampleAttempt,
  sampleJournal,
  sampleMark,
  sampleSnapshot,
  sampleStep,
  sampleTime,
  startCommit,
} from "./sample-commits.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

const tenant = "default";

/** Runs that are taken together after a rest (S13, S20). */
export function restedContract(name: string, factory: StoreFactory): void {
  registerContent(name, factory);
  registerRefusals(name, factory);
}

function registerContent(name: string, factory: StoreFactory): void {
  storeTest(
    name,
    "rested runs are taken together, with what they go on from",
    factory,
    async ({ backend }) => {
      await rest(backend, "bare");
      await rest(backend, "grown", grown);
      for (const key of ["a", "b"])
        await backend.inbox.put({
          tenant,
          runId: "grown",
          row: { kind: "event", key, value: "1", by: "ada", at: sampleTime },
        });
      const taken = await take(backend, ["grown", "bare"]);
      assert.deepEqual(taken.map(({ head }) => head.runId).sort(), ["bare", "grown"]);
      for (const { head, started, root, inbox } of taken) {
        const { runId } = head;
        assert.deepEqual([head.epoch, head.owner], [2, "taker"]);
        assert.deepEqual(head, await backend.runs.readHead(tenant, runId));
        assert.deepEqual(root, await backend.runs.readScope({ tenant, runId, scope: "", from: "snapshot" }));
        const [first] = await backend.runs.readRecords({ tenant, runId, afterEvent: 0, limit: 1 });
        assert.equal(started, first?.kind === "mark" ? first.row.data : undefined);
        assert.deepEqual(inbox, await backend.inbox.read(tenant, runId, 0));
      }
      const { root, inbox } = taken.find(({ head }) => head.runId === "grown") as RestedRun;
      assert.deepEqual(
        [
          root.snapshot?.superstep,
          root.steps.length,
          root.journal.length,
          root.attempts.length,
          inbox.length,
        ],
        [2, 1, 1, 1, 2],
      );
    },
  );
}

function registerRefusals(name: string, factory: StoreFactory): void {
  storeTest(name, "only what rests at its epoch is taken", factory, async ({ backend }) => {
    for (const runId of ["free", "older", "owned"]) await rest(backend, runId);
    await rest(backend, "theirs", { tenant: "theirs" });
    const expected = { expectedOwner: undefined, recovery: 0 } as const;
    await backend.owners.takeRun({ tenant, runId: "owned", expectedEpoch: 1, ownerId: "other", ...expected });
    const before = await Promise.all(["older", "owned"].map((id) => backend.runs.readHead(tenant, id)));
    const runs = ["free", "owned", "theirs", "missing"].map((runId) => ({ runId, epoch: 1 }));
    const request = { tenant, runs: [...runs, { runId: "older", epoch: 7 }], ownerId: "taker" };
    const taken = await backend.waits.takeRested(request);
    assert.deepEqual(
      taken.map(({ head }) => head.runId),
      ["free"],
    );
    assert.deepEqual(
      await Promise.all(["older", "owned"].map((id) => backend.runs.readHead(tenant, id))),
      before,
    );
    assert.deepEqual(await backend.waits.takeRested(request), []);
    assert.deepEqual(await backend.waits.takeRested({ ...request, runs: [] }), []);
    const recoveries = (await backend.runs.readHead(tenant, "free"))?.recoveries;
    assert.equal(recoveries, 0);
  });

  storeTest(
    name,
    "of several who take many runs at once, each run goes to one",
    factory,
    async ({ backend }) => {
      const runIds = Array.from({ length: 40 }, (_, index) => `run-${index}`);
      for (const runId of runIds) await rest(backend, runId);
      const orders = [runIds, [...runIds].reverse(), [...runIds.slice(20), ...runIds.slice(0, 20)]];
      const taken = await Promise.all(orders.map((order, taker) => take(backend, order, `taker-${taker}`)));
      const all = taken.flatMap((runs, taker) => {
        assert.ok(runs.every(({ head }) => head.owner === `taker-${taker}`));
        return runs.map(({ head }) => head.runId);
      });
      assert.deepEqual(all.sort(), [...runIds].sort());
    },
  );
}

/** Two snapshots, and something after the second. */
const grown = {
  steps: [0, 1, 2, 3].map((superstep) => sampleStep({ superstep, event: 2 + superstep })),
  snapshots: [sampleSnapshot({ superstep: 0 }), sampleSnapshot({ superstep: 2 })],
  journal: [sampleJournal({ superstep: 4, event: 6 })],
  attempts: [sampleAttempt({ superstep: 4, event: 7 })],
};

async function rest(
  backend: StoreBackend,
  runId: string,
  parts: Parameters<typeof nextCommit>[1] = {},
): Promise<void> {
  const place = { tenant: parts.tenant ?? tenant, runId };
  const progress = { status: "waiting" as const, wakeAt: 10 };
  const started = sampleMark({ data: JSON.stringify({ durability: "normal", runId }) });
  await commitAll(backend, [{ ...startCommit(place), marks: [started] }]);
  await commitAll(backend, [nextCommit(2, { ...parts, ...place, progress, release: true })]);
}

function take(
  backend: StoreBackend,
  runIds: readonly string[],
  ownerId = "taker",
): Promise<readonly RestedRun[]> {
  const runs = runIds.map((runId) => ({ runId, epoch: 1 }));
  return backend.waits.takeRested({ tenant, runs, ownerId });
}
