import assert from "node:assert/strict";
import type { RecordRow, RunCommit, StoreBackend } from "@agentflow/core";
import { commitAll, kindsOf } from "./committing.ts";
import { large, purgeAll, remove, tenant, whole } from "./retention-samples.ts";
import {
  nextCommit,
  sampleAttempt,
  sampleEntry,
  sampleJournal,
  sampleMark,
  sampleOrigin,
  sampleProgress,
  sampleSnapshot,
  sampleStep,
  sampleTime,
  startCommit,
} from "./sample-commits.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

/** Runs whose first commit has rows: forks, and imported runs (S23). */
export function forksContract(name: string, factory: StoreFactory): void {
  storeTest(
    name,
    "a run that is made of the rows of another has them all, and the other stays as it was",
    factory,
    async ({ backend }) => {
      await commitSource(backend);
      const before = await pictureOf(backend, "run-1");
      await commitAll(backend, [fork()]);
      assert.deepEqual(await recordsOf(backend, "fork"), rowsIn(fork()));
      const inside = { tenant, runId: "fork", scope: "1.inner[0]", from: "snapshot" } as const;
      const scope = await backend.runs.readScope(inside);
      assert.deepEqual([scope.snapshot?.state, scope.steps.length], ['{"n":3}', 1]);
      const blobs = await backend.runs.readBlobs(tenant, "fork", [large("input").hash, large("value").hash]);
      assert.deepEqual([...blobs.values()].sort(), [large("input").json, large("value").json].sort());
      const head = await backend.runs.readHead(tenant, "fork");
      assert.deepEqual(
        [head?.seq, head?.events, head?.steps, head?.round, head?.status, head?.owner, head?.epoch],
        [1, 7, 3, 1, "queued", "owner-2", 1],
      );
      assert.deepEqual(await pictureOf(backend, "run-1"), before);
    },
  );

  storeTest(
    name,
    "made again under its id a fork is the one that is there, and another run is not made of it",
    factory,
    async ({ backend }) => {
      await commitSource(backend);
      await commitAll(backend, [fork()]);
      const before = await pictureOf(backend, "fork");
      assert.deepEqual(await kindsOf(backend, [fork()]), ["duplicate"]);
      const others = [startCommit({ runId: "fork" }), fork({ steps: [sampleStep({ delta: '{"n":7}' })] })];
      for (const other of others) {
        const [result] = await backend.runs.commit([other]);
        assert.ok(result?.kind === "fenced" || result?.kind === "violation", result?.kind);
      }
      assert.deepEqual(await pictureOf(backend, "fork"), before);
      await commitAll(backend, [nextCommit(2, { runId: "fork", progress: { events: 7 } })]);
      assert.deepEqual(await kindsOf(backend, [fork()]), ["duplicate"]);
    },
  );

  storeTest(name, "a fork stands without the run that it was made of", factory, async ({ backend }) => {
    await commitSource(backend);
    await commitAll(backend, [fork()]);
    const before = await pictureOf(backend, "fork");
    assert.deepEqual(await remove(backend, whole, ["run-1"]), ["run-1"]);
    await purgeAll(backend);
    assert.equal(await backend.runs.readHead(tenant, "run-1"), undefined);
    assert.deepEqual(await pictureOf(backend, "fork"), before);
  });

  storeTest(name, "a fork has an inbox of its own, numbered anew", factory, async ({ backend }) => {
    await commitSource(backend);
    const row = { kind: "event", key: "letter", value: '"first"', by: undefined, at: sampleTime } as const;
    await backend.inbox.put({ tenant, runId: "run-1", row });
    await commitAll(backend, [fork()]);
    assert.deepEqual(await backend.inbox.read(tenant, "fork", 0), []);
    const stored = await backend.inbox.put({ tenant, runId: "fork", row: { ...row, value: '"second"' } });
    assert.deepEqual([stored.kind, stored.row.id], ["stored", 1]);
    const [own] = await backend.inbox.read(tenant, "run-1", 0);
    assert.equal(own?.value, '"first"');
  });
}

const rows = {
  steps: [
    sampleStep({ seal: '{"frontier":[{"node":"inner"}]}' }),
    sampleStep({ scope: "1.inner[0]", node: "read", event: 3, seq: 3, seal: undefined }),
    sampleStep({
      superstep: 1,
      node: "write",
      event: 6,
      seq: 6,
      detail: `{"refs":{"text":"${large("value").hash}"}}`,
    }),
  ],
  journal: [
    sampleJournal({ superstep: 2, event: 5, seq: 5, entry: sampleEntry({ kind: "event", inbox: 1 }) }),
  ],
  attempts: [sampleAttempt({ scope: "1.inner[0]", superstep: 1, event: 4, seq: 4, node: "write" })],
} as const;

const input = `#${large("input").hash}`;

/** A run of five commits that has ended; its rows are those of `rows`, one in each. */
async function commitSource(backend: StoreBackend): Promise<void> {
  const [first, inner, last] = rows.steps;
  const at = (seq: number) => ({ progress: { events: seq } });
  await commitAll(backend, [
    { ...startCommit({ input }), blobs: [large("input")] },
    nextCommit(2, { ...at(2), steps: [first] }),
    nextCommit(3, { ...at(3), steps: [inner] }),
    nextCommit(4, { ...at(4), attempts: rows.attempts }),
    nextCommit(5, { ...at(5), journal: rows.journal }),
    nextCommit(6, { ...at(6), steps: [last], blobs: [large("value")] }),
    nextCommit(7, {
      marks: [sampleMark({ type: "run.succeeded", event: 7, seq: 7, state: "{}" })],
      progress: { events: 7, status: "succeeded" },
      release: true,
    }),
  ]);
}

/** One commit with all of it up to event 6, in a run of its own. */
function fork(parts: Partial<RunCommit> = {}): RunCommit {
  const restamped = <Row extends object>(row: Row) => ({ ...row, seq: 1, epoch: 1 });
  const origin = sampleOrigin({ runId: "fork", input, labels: '{"forkedFrom":"run-1"}' });
  return {
    tenant,
    runId: "fork",
    expectedSeq: 0,
    progress: sampleProgress({ seq: 1, events: 7, steps: 3, round: 1, status: "queued" }),
    create: { origin, owner: "owner-2", definition: '{"name":"research"}' },
    isAwaited: true,
    steps: rows.steps.map(restamped),
    journal: rows.journal.map(restamped),
    attempts: rows.attempts.map(restamped),
    marks: [sampleMark(), sampleMark({ type: "run.forked", event: 7, data: '{"from":"run-1"}' })],
    snapshots: [sampleSnapshot({ scope: "1.inner[0]", superstep: -1, state: '{"n":3}', seq: 1, event: 2 })],
    blobs: [large("input"), large("value")],
    ...parts,
  };
}

function rowsIn({ steps, journal, attempts, marks }: RunCommit): unknown {
  const records: readonly RecordRow[] = [
    ...steps.map((row) => ({ kind: "step", row }) as const),
    ...journal.map((row) => ({ kind: "journal", row }) as const),
    ...attempts.map((row) => ({ kind: "attempt", row }) as const),
    ...marks.map((row) => ({ kind: "mark", row }) as const),
  ];
  return plain(records.toSorted((one, other) => one.row.event - other.row.event));
}

async function recordsOf(backend: StoreBackend, runId: string): Promise<unknown> {
  return plain(await backend.runs.readRecords({ tenant, runId, afterEvent: 0, limit: 99 }));
}

/** Everything of a run but its snapshots, which scopes give. */
async function pictureOf(backend: StoreBackend, runId: string): Promise<unknown> {
  const scopes = await Promise.all(
    ["", "1.inner[0]"].map((scope) => backend.runs.readScope({ tenant, runId, scope, from: "snapshot" })),
  );
  const head = await backend.runs.readHead(tenant, runId);
  const hashes = [large("input").hash, large("value").hash];
  const blobs = [...(await backend.runs.readBlobs(tenant, runId, hashes))].sort();
  return plain([head, scopes, blobs, await recordsOf(backend, runId)]);
}

/** What is left out and what is undefined are the same. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
