import assert from "node:assert/strict";
import {
  nextCommit,
  sampleAttempt,
  sampleEntry,
  sampleJournal,
  sampleMark,
  sampleStep,
  sampleTime,
  startCommit,
} from "@agentflow/contracts";
import {
  type RunCommit,
  RunNotFoundError,
  type StoreBackend,
  type WaitChanges,
  type WaitKey,
  type WaitRow,
} from "@agentflow/core";
import fc from "fast-check";
import { openMemory } from "./memory/open-memory.ts";

type Act = (backend: StoreBackend) => Promise<unknown>;

const runId = fc.constantFrom("run-1", "run-2");
const epoch = fc.constantFrom(1, 1, 1, 2);
const owner = fc.constantFrom("owner-1", "owner-2", undefined);
const status = fc.constantFrom("running", "running", "waiting", "failed");

const start = fc
  .record({ runId, seed: fc.constantFrom("seed", "seed", "other"), owner })
  .map(({ owner, ...origin }) =>
    // Of runs of one millisecond each store has its own order.
    startCommit({ ...origin, createdAt: sampleTime + (origin.runId === "run-1" ? 0 : 1) }, { owner }),
  );

const waitRow = fc
  .record({
    superstep: fc.integer({ min: 0, max: 3 }),
    kind: fc.constantFrom("answer", "event"),
    key: fc.constantFrom("one", "two"),
    at: fc.integer({ min: 1, max: 9 }),
    deadline: fc.constantFrom(undefined, 7),
  })
  .map((parts): WaitRow => ({ scope: "", ordinal: 0, entry: 0, ...parts }));

/** No key is in both lists: those that end are of even supersteps, those that begin of odd ones. */
const waits = fc.option(
  fc
    .record({ begun: fc.array(waitRow, { maxLength: 2 }), ended: fc.array(waitRow, { maxLength: 2 }) })
    .chain(({ begun, ended }) =>
      fc.constantFrom<WaitChanges>(
        { begun: distinct(begun, 1), ended: distinct(ended, 0).map(keyOf) },
        { begun: [], ended: distinct([...begun, ...ended], 1).map(keyOf) },
        { begun: [], ended: [], none: true },
      ),
    ),
  { nil: undefined, freq: 2 },
);

function distinct(rows: readonly WaitRow[], parity: number): WaitRow[] {
  const byPlace = rows.map((row) => ({ ...row, superstep: row.superstep - (row.superstep % 2) + parity }));
  return [...new Map(byPlace.map((row) => [row.superstep, row])).values()];
}

function keyOf({ scope, superstep, ordinal, entry }: WaitRow): WaitKey {
  return { scope, superstep, ordinal, entry };
}

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
    inboxSeen: fc.constantFrom(undefined, 0, 1, 2),
    waits,
  })
  .map(({ runId, seq, epoch, status, kind, superstep, text, release, inboxSeen, waits }): RunCommit => {
    const stamp = { seq, epoch, event: seq, superstep };
    const progress = { seq, epoch, status, wakeAt: status === "waiting" ? 5 : undefined } as const;
    const rows = {
      step: { steps: [sampleStep({ ...stamp, delta: text })] },
      journal: { journal: [sampleJournal({ ...stamp, entry: sampleEntry({ kind: "interrupt" }) })] },
      attempt: { attempts: [sampleAttempt({ ...stamp, failure: text })] },
      mark: { marks: [sampleMark({ seq, epoch, event: seq, data: text })] },
      none: {},
    }[kind];
    const news = inboxSeen === undefined ? {} : { inboxSeen };
    return nextCommit(seq, { runId, progress, release, ...rows, ...news, ...(waits ? { waits } : {}) });
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
const put = fc
  .record({
    runId,
    kind: fc.constantFrom("answer", "event", "cancel", "pause", "resume"),
    key: fc.constantFrom("one", "two"),
    at: fc.integer({ min: 1, max: 9 }),
  })
  .map(
    ({ runId, ...row }): Act =>
      async (backend) =>
        (
          await backend.inbox
            .put({ tenant: "default", runId, row: { ...row, value: "1", by: undefined } })
            .catch((error: unknown) => ({ kind: error instanceof RunNotFoundError ? "none" : "failed" }))
        ).kind,
  );
const acts = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: commit },
    { weight: 2, arbitrary: put },
    { weight: 1, arbitrary: take },
    { weight: 1, arbitrary: release },
  ),
  { minLength: 3, maxLength: 25 },
);

/** Two outcomes of one position: what the few rounds that a server gets would seldom meet. */
const violation = [2, 3].map((seq): Act => {
  const step = sampleStep({ seq, epoch: 1, event: seq, superstep: 0, delta: `{"n":${seq}}` });
  return async (backend) => backend.runs.commit([nextCommit(seq, { steps: [step] })]);
});

async function contentOf(backend: StoreBackend): Promise<unknown[]> {
  const content: unknown[] = [await backend.runs.listRuns({ tenant: "default", limit: 9 })];
  content.push(await backend.waits.listInterrupts({ tenant: "default", limit: 9 }));
  const due = await backend.waits.listDue({ tenant: "default", workflows: ["research"], now: 4, limit: 9 });
  content.push(due.heads.map(({ runId }) => runId).sort(), due.nextAt);
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
  await fc.assert(property, { seed, numRuns: rounds, examples: [[violation]] });
  for (const kind of ["committed", "duplicate", "violation", "fenced"])
    assert.ok(kinds.has(kind), `no ${kind} in seed ${seed}`);
}
