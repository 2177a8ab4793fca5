import assert from "node:assert/strict";
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
import { openMemory } from "./memory/open-memory.ts";

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

/** How the stores to compare with memory are made. */
export interface ComparedStores {
  /** A fresh, empty store; it is closed after use. */
  open(round: number): Promise<StoreBackend>;
  readonly rounds: number;
}

/** Throws unless a store gives the results and holds the rows that memory does, whatever happens. Names its seed. */
export async function assertSameAsMemory({ open, rounds }: ComparedStores): Promise<void> {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const kinds = new Set<string>();
  let round = 0;
  const property = fc.asyncProperty(acts, async (sequence) => {
    round += 1;
    const memory = openMemory();
    const store = await open(round);
    try {
      const first: Act = async (backend) => backend.runs.commit([startCommit()]);
      for (const act of [first, ...sequence]) {
        const expected = await act(memory);
        assert.deepEqual(await act(store), expected);
        if (Array.isArray(expected)) for (const { kind } of expected) kinds.add(kind);
      }
      assert.deepEqual(await contentOf(store), await contentOf(memory));
    } finally {
      await store.runs.close();
    }
  });
  await fc.assert(property, { seed, numRuns: rounds });
  assert.deepEqual([...kinds].sort(), ["committed", "duplicate", "fenced", "violation"]);
}
