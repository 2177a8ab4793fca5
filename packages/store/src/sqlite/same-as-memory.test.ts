import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  nextCommit,
  sampleAttempt,
  sampleJournal,
  sampleMark,
  sampleStep,
  startCommit,
} from "@agentflow/contracts";
import type { RunCommit, StoreBackend } from "@agentflow/core";
import fc from "fast-check";
import { openMemory } from "../memory/open-memory.ts";
import { openSqlite } from "./open-sqlite.ts";

type Act = (backend: StoreBackend) => Promise<unknown>;

const runId = fc.constantFrom("run-1", "run-2");
const epoch = fc.constantFrom(1, 1, 1, 2);
const owner = fc.constantFrom("owner-1", "owner-2", undefined);
const status = fc.constantFrom("running", "running", "waiting", "failed");

const start = fc
  .record({ runId, seed: fc.constantFrom("seed", "seed", "other"), owner })
  .map(({ owner, ...origin }) => startCommit(origin, { owner }));

const next = fc
  .record({
    runId,
    seq: fc.integer({ min: 2, max: 6 }),
    epoch,
    status,
    kind: fc.constantFrom("step", "step", "step", "journal", "attempt", "mark", "none"),
    superstep: fc.integer({ min: 0, max: 3 }),
    text: fc.constantFrom('{"n":1}', '{"n":1}', '{"n":2}'),
    release: fc.constantFrom(false, false, true),
  })
  .map(({ runId, seq, epoch, status, kind, superstep, text, release }): RunCommit => {
    const stamp = { seq, epoch, event: seq, superstep };
    const progress = { seq, epoch, status, wakeAt: status === "waiting" ? 5 : undefined } as const;
    const rows = {
      step: { steps: [sampleStep({ ...stamp, delta: text })] },
      journal: { journal: [sampleJournal(stamp)] },
      attempt: { attempts: [sampleAttempt({ ...stamp, failure: text })] },
      mark: { marks: [sampleMark({ seq, epoch, event: seq, data: text })] },
      none: {},
    }[kind];
    return nextCommit(seq, { runId, progress, release, ...rows });
  });

const commit = fc
  .array(fc.oneof({ weight: 1, arbitrary: start }, { weight: 4, arbitrary: next }), {
    minLength: 1,
    maxLength: 4,
  })
  .map(
    (members): Act =>
      async (backend) =>
        backend.runs.commit(members),
  );
const take = fc
  .record({
    runId,
    expectedEpoch: epoch,
    expectedOwner: owner,
    ownerId: fc.constantFrom("owner-1", "owner-2"),
  })
  .map(
    (request): Act =>
      (backend) =>
        backend.owners.takeRun({ tenant: "default", recovery: 1, ...request }),
  );
const release = fc.record({ runId, epoch, ownerId: fc.constantFrom("owner-1", "owner-2") }).map(
  (request): Act =>
    (backend) =>
      backend.owners.releaseRun({ tenant: "default", ...request }),
);
const acts = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: commit },
    { weight: 1, arbitrary: take },
    { weight: 1, arbitrary: release },
  ),
  { minLength: 3, maxLength: 25 },
);

async function contentOf(backend: StoreBackend): Promise<unknown[]> {
  const content: unknown[] = [await backend.runs.listRuns({ tenant: "default", limit: 9 })];
  for (const runId of ["run-1", "run-2"]) {
    const run = { tenant: "default", runId };
    content.push(await backend.runs.readScope({ ...run, scope: "", from: "start" }));
    const records = await backend.runs.readRecords({ ...run, afterEvent: 0, limit: 99 });
    content.push(records.map(({ kind, row }) => ({ kind, row })));
  }
  return content;
}

test("whatever happens, SQLite gives the results and holds the rows that memory does", async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const folder = mkdtempSync(join(tmpdir(), "agentflow-same-"));
  const kinds = new Set<string>();
  let round = 0;
  const property = fc.asyncProperty(acts, async (sequence) => {
    round += 1;
    const memory = openMemory();
    const sqlite = await openSqlite({ path: join(folder, `${round}.db`) });
    try {
      for (const act of [
        async (backend: StoreBackend) => backend.runs.commit([startCommit()]),
        ...sequence,
      ]) {
        const expected = await act(memory);
        assert.deepEqual(await act(sqlite), expected);
        if (Array.isArray(expected)) for (const { kind } of expected) kinds.add(kind);
      }
      assert.deepEqual(await contentOf(sqlite), await contentOf(memory));
    } finally {
      await sqlite.runs.close();
    }
  });
  try {
    await fc.assert(property, { seed, numRuns: 150 });
  } finally {
    rmSync(folder, { recursive: true });
  }
  assert.deepEqual([...kinds].sort(), ["committed", "duplicate", "fenced", "violation"]);
});
