import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { nextCommit, sampleSnapshot, sampleStep, sampleTime, startCommit } from "@agentflow/contracts";
import { type RemovalRule, RunNotFoundError, sha256Hex } from "@agentflow/core";
import { LogDoubt } from "./log-doubt.ts";
import { maintenanceSession } from "./maintenance-session.ts";
import { openDatabase } from "./open-database.ts";
import { openSqlite } from "./open-sqlite.ts";

const tenant = "default";

function pathOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-retention-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "agentflow.db");
}

test("a run that commits between looking and removing loses nothing", async (context) => {
  const path = pathOf(context);
  const backend = await openSqlite({ path });
  const hash = sha256Hex("large");
  const blob = { hash, json: '"large"' };
  await backend.runs.commit([startCommit()]);
  for (const superstep of [0, 1]) {
    const stamp = { seq: superstep + 2, event: superstep + 2 };
    const refs = superstep === 0 ? JSON.stringify({ x: hash }) : undefined;
    await backend.runs.commit([
      nextCommit(stamp.seq, {
        steps: [sampleStep({ ...stamp, superstep })],
        snapshots: [sampleSnapshot({ ...stamp, superstep, refs })],
        blobs: superstep === 0 ? [blob] : [],
      }),
    ]);
  }
  const db = openDatabase({ path, synchronous: "NORMAL" });
  const session = maintenanceSession(db, path, new LogDoubt());
  const request = { tenant, runId: "run-1", supersededBefore: sampleTime + 1_000_000, dryRun: false };
  const found = await session.findRedundant(request);
  assert.deepEqual(found?.blobs, [hash]);
  const detail = JSON.stringify({ refs: { x: hash } });
  await backend.runs.commit([
    nextCommit(4, { steps: [sampleStep({ seq: 4, event: 4, superstep: 2, detail })], blobs: [blob] }),
  ]);
  assert.deepEqual(await session.deleteRedundant(found), { kind: "busy" });
  assert.equal((await backend.runs.readBlobs(tenant, "run-1", [hash])).get(hash), blob.json);
  const again = await session.deleteRedundant(await session.findRedundant(request));
  assert.ok(again.kind === "removed" && again.snapshots === 1 && again.blobs === 0);
  db.close();
  await backend.runs.close();
});

test("a process that remembers a run finds the new one under its id after another has removed it", async (context) => {
  const path = pathOf(context);
  const [one, other, third] = await Promise.all([1, 2, 3].map(() => openSqlite({ path })));
  assert.ok(one !== undefined && other !== undefined && third !== undefined);
  const ended = nextCommit(2, { release: true, progress: { status: "succeeded" } });
  await one.runs.commit([startCommit({}, { owner: undefined })]);
  await one.runs.commit([ended]);
  for (const backend of [other, third]) assert.equal((await backend.runs.readHead(tenant, "run-1"))?.seq, 2);
  const rule: RemovalRule = { tenant, part: "run", statuses: ["succeeded"], unexported: true };
  await one.retention.removeRuns(rule, { runIds: ["run-1"], at: sampleTime });
  const row = { kind: "event", key: "k", value: "1", by: undefined, at: sampleTime } as const;
  await assert.rejects(other.inbox.put({ tenant, runId: "run-1", row }), RunNotFoundError);
  await one.runs.commit([startCommit({ seed: "new" }, { owner: undefined })]);
  const take = { tenant, runId: "run-1", expectedEpoch: 1, expectedOwner: undefined } as const;
  const taken = await third.owners.takeRun({ ...take, ownerId: "o", recovery: 0 });
  assert.equal(taken?.seed, "new");
  assert.equal((await other.inbox.put({ tenant, runId: "run-1", row })).kind, "stored");
  await Promise.all([one, other, third].map(({ runs }) => runs.close()));
});
