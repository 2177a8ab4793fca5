import assert from "node:assert/strict";
import { type RecordRow, type StoreBackend, StoreCorruptError, StoreUnavailableError } from "@agentflow/core";
import { commitAll } from "./committing.ts";
import {
  nextCommit,
  sampleAttempt,
  sampleEntry,
  sampleJournal,
  sampleMark,
  sampleSnapshot,
  sampleStep,
  startCommit,
  stepCommit,
} from "./sample-commits.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

const run = { tenant: "default", runId: "run-1" } as const;
const root = { ...run, scope: "" } as const;

/** What was committed is read back whole: scopes, snapshots, records in event order, blobs, definitions. */
export function readingContract(name: string, factory: StoreFactory): void {
  registerScopes(name, factory);
  registerSnapshots(name, factory);
  registerRecords(name, factory);
  registerCalls(name, factory);
  registerReaders(name, factory);
  registerRest(name, factory);
}

function registerScopes(name: string, factory: StoreFactory): void {
  storeTest(name, "frontier, seed and journal are restored in full", factory, async (store) => {
    const full = fullCommit();
    await commitAll(store.backend, [startCommit({ labels: '{"file":"a.ts"}' }), full]);
    const before = await everything(store.backend);
    assert.deepEqual(before.scope.steps, full.steps);
    assert.deepEqual(before.scope.journal, full.journal);
    assert.deepEqual(before.scope.attempts, full.attempts);
    assert.equal(before.head?.seed, "seed");
    assert.equal(before.head?.labels, '{"file":"a.ts"}');
    if (store.reopen === undefined) return;
    assert.deepEqual(await everything(await store.reopen()), before);
  });

  storeTest(name, "a scope is read in order of superstep and ordinal", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    const places = [
      [10, 0],
      [2, 1],
      [2, 0],
      [0, 12],
      [0, 2],
    ] as const;
    const steps = places.map(([superstep, ordinal], index) =>
      sampleStep({ superstep, ordinal, event: index + 2 }),
    );
    await commitAll(backend, [nextCommit(2, { steps })]);
    const { steps: read } = await backend.runs.readScope({ ...root, from: "start" });
    assert.deepEqual(
      read.map(({ superstep, ordinal }) => [superstep, ordinal]),
      [...places].reverse(),
    );
  });

  storeTest(name, "a scope holds its own rows only", factory, async ({ backend }) => {
    const scopes = ["", "0.child", "0.child[1]", "0.Child", "0.child/0.child"];
    const steps = scopes.map((scope, index) => sampleStep({ scope, event: index + 2, node: `n${index}` }));
    await commitAll(backend, [startCommit(), nextCommit(2, { steps })]);
    for (const [index, scope] of scopes.entries()) {
      const read = await backend.runs.readScope({ ...run, scope, from: "start" });
      assert.deepEqual(
        read.steps.map(({ node }) => node),
        [`n${index}`],
      );
    }
  });
}

/** A row of one call of a flow: calls overlap, so a later one may be committed earlier (ENG-53). */
function registerCalls(name: string, factory: StoreFactory): void {
  storeTest(
    name,
    "calls of a flow are read in event order, whatever their places",
    factory,
    async (store) => {
      const { backend } = store;
      const place = (superstep: number, event: number) => ({ scope: "0.flow", superstep, seq: event, event });
      const call = '{"call":{"attempt":1,"inputHash":"a","nth":0}}';
      await commitAll(backend, [
        startCommit(),
        nextCommit(2, { steps: [sampleStep({ ...place(2, 2), detail: call })] }),
        nextCommit(3, { attempts: [sampleAttempt({ ...place(3, 3), opens: false })] }),
        nextCommit(4, { steps: [sampleStep({ ...place(0, 4), detail: call, opens: false })] }),
        nextCommit(5, { attempts: [sampleAttempt({ ...place(1, 5), opens: false })] }),
        nextCommit(6, { attempts: [sampleAttempt({ ...place(3, 6), attempt: 2, opens: false })] }),
      ]);
      for (let afterEvent = 0; afterEvent <= 6; afterEvent++) {
        const records = await backend.runs.readRecords({ ...run, afterEvent, limit: 99 });
        const events = records.map(({ row }) => row.event);
        const all = (await backend.runs.readRecords({ ...run, afterEvent: 0, limit: 99 })).map(
          ({ row }) => row.event,
        );
        assert.deepEqual(
          events,
          all.filter((event) => event > afterEvent),
          `after ${afterEvent}`,
        );
      }
    },
  );
}

function registerSnapshots(name: string, factory: StoreFactory): void {
  storeTest(
    name,
    "reading starts at the newest snapshot at or below the bound",
    factory,
    async ({ backend }) => {
      await commitAll(backend, [startCommit()]);
      for (let seq = 2; seq < 12; seq++) {
        const superstep = seq - 2;
        const snapshot = sampleSnapshot({ superstep, seq, event: seq, state: `{"n":${superstep}}` });
        await commitAll(backend, [stepCommit(seq, { snapshots: superstep % 4 === 3 ? [snapshot] : [] })]);
      }
      const newest = await backend.runs.readScope({ ...root, from: "snapshot" });
      assert.equal(newest.snapshot?.state, '{"n":7}');
      assert.deepEqual(supersteps(newest), [8, 9]);
      const bounded = await backend.runs.readScope({ ...root, from: "snapshot", upTo: 5 });
      assert.equal(bounded.snapshot?.superstep, 3);
      assert.deepEqual(supersteps(bounded), [4, 5]);
      const early = await backend.runs.readScope({ ...root, from: "snapshot", upTo: 2 });
      assert.equal(early.snapshot, undefined);
      assert.deepEqual(supersteps(early), [0, 1, 2]);
      const start = await backend.runs.readScope({ ...root, from: "start", upTo: 8 });
      assert.equal(start.snapshot, undefined);
      assert.equal(start.steps.length, 9);
    },
  );

  storeTest(name, "a scope of nothing is empty", factory, async ({ backend }) => {
    const empty = { snapshot: undefined, steps: [], journal: [], attempts: [] };
    assert.deepEqual(await backend.runs.readScope({ ...root, from: "start" }), empty);
    await commitAll(backend, [startCommit()]);
    assert.deepEqual(await backend.runs.readScope({ ...root, from: "snapshot" }), empty);
  });
}

function registerRecords(name: string, factory: StoreFactory): void {
  storeTest(name, "records come in event order, whatever kind they are", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit(), fullCommit()]);
    const records = await backend.runs.readRecords({ ...run, afterEvent: 0, limit: 100 });
    assert.deepEqual(
      records.map(({ kind, row }) => [kind, row.event]),
      [
        ["mark", 1],
        ["journal", 2],
        ["attempt", 4],
        ["step", 6],
        ["journal", 8],
        ["step", 11],
        ["mark", 13],
      ],
    );
  });

  storeTest(name, "pages of any size hold every record once", factory, async ({ backend }) => {
    const events = await commitWideRun(backend);
    for (const limit of [1, 3, 7, 1_000]) {
      const seen: number[] = [];
      for (;;) {
        const page = await backend.runs.readRecords({ ...run, afterEvent: seen.at(-1) ?? 0, limit });
        if (page.length === 0) break;
        assert.ok(page.length <= limit);
        seen.push(...page.map(({ row }) => row.event));
      }
      assert.deepEqual(seen, events, `pages of ${limit}`);
    }
  });

  storeTest(name, "emitted records are those up to the cursor in the head", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit(), stepCommit(2), stepCommit(3, { progress: { emittedSeq: 2 } })]);
    const head = await backend.runs.readHead(run.tenant, run.runId);
    assert.equal(head?.emittedSeq, 2);
    const pending = await backend.runs.readRecords({ ...run, afterEvent: head?.emittedSeq ?? 0, limit: 10 });
    assert.deepEqual(
      pending.map(({ row }) => row.event),
      [3],
    );
    await commitAll(backend, [nextCommit(4, { progress: { events: 3, emittedSeq: 3 } })]);
    const after = await backend.runs.readHead(run.tenant, run.runId);
    assert.deepEqual([after?.emittedSeq, after?.events], [3, 3]);
    assert.deepEqual(await backend.runs.readRecords({ ...run, afterEvent: 3, limit: 10 }), []);
  });
}

function registerReaders(name: string, factory: StoreFactory): void {
  storeTest(name, "ten readers beside a writer see whole commits only", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    let writing = true;
    const readers = Array.from({ length: 10 }, async () => {
      let seen = 0;
      while (writing) {
        const head = await backend.runs.readHead(run.tenant, run.runId);
        const records = await backend.runs.readRecords({ ...run, afterEvent: 0, limit: 1_000 });
        const dense = records.map((_, index) => index + 1);
        assert.deepEqual(records.map(({ row }: RecordRow) => row.event).slice(0, dense.length), dense);
        assert.ok(records.length >= (head?.events ?? 0));
        assert.ok(records.length >= seen);
        seen = records.length;
        await new Promise((resolve) => setImmediate(resolve));
      }
      return seen;
    });
    for (let seq = 2; seq <= 60; seq++) {
      await commitAll(backend, [stepCommit(seq)]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    writing = false;
    for (const seen of await Promise.all(readers)) assert.ok(seen > 1);
  });
}

function registerRest(name: string, factory: StoreFactory): void {
  storeTest(name, "a blob is stored once in its run and read by its hash", factory, async ({ backend }) => {
    const blobs = [
      { hash: "1".repeat(64), json: '"large"' },
      { hash: "2".repeat(64), json: '"larger"' },
    ];
    await commitAll(backend, [
      startCommit(),
      stepCommit(2, { blobs }),
      stepCommit(3, { blobs: blobs.slice(0, 1) }),
    ]);
    const hashes = blobs.map(({ hash }) => hash);
    const read = await backend.runs.readBlobs(run.tenant, run.runId, hashes);
    assert.deepEqual(
      [...read],
      blobs.map(({ hash, json }) => [hash, json]),
    );
    await assert.rejects(backend.runs.readBlobs(run.tenant, run.runId, ["3".repeat(64)]), StoreCorruptError);
    await commitAll(backend, [startCommit({ runId: "run-2" })]);
    await assert.rejects(backend.runs.readBlobs(run.tenant, "run-2", hashes), StoreCorruptError);
  });

  storeTest(name, "a definition is stored once per tenant and fingerprint", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit(), startCommit({ runId: "run-2" })]);
    assert.equal(await backend.runs.readDefinition("default", "f".repeat(64)), '{"name":"research"}');
    assert.equal(await backend.runs.readDefinition("other", "f".repeat(64)), undefined);
    assert.equal(await backend.runs.readDefinition("default", "e".repeat(64)), undefined);
  });

  storeTest(name, "what is read cannot change what is stored", factory, async ({ backend }) => {
    const commit = fullCommit();
    const steps = [...commit.steps];
    await commitAll(backend, [startCommit(), { ...commit, steps }]);
    steps.length = 0;
    const read = await backend.runs.readScope({ ...root, from: "start" });
    attemptToChange(() => Object.assign(read.steps[0] ?? {}, { delta: "{}" }));
    attemptToChange(() => Object.assign(read.journal[0]?.entry ?? {}, { value: "{}" }));
    const again = await backend.runs.readScope({ ...root, from: "start" });
    assert.deepEqual(again.steps, commit.steps);
    assert.deepEqual(again.journal, commit.journal);
  });

  storeTest(name, "a closed store answers with a typed error", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    await backend.runs.close();
    await backend.runs.close();
    await assert.rejects(async () => backend.runs.commit([stepCommit(2)]), StoreUnavailableError);
    await assert.rejects(backend.runs.readHead(run.tenant, run.runId), StoreUnavailableError);
    await assert.rejects(backend.owners.beat("owner-1"), StoreUnavailableError);
    await assert.rejects(backend.inbox.read(run.tenant, run.runId, 0), StoreUnavailableError);
  });
}

function fullCommit() {
  return nextCommit(2, {
    progress: { events: 14 },
    journal: [
      sampleJournal({ ordinal: 0, event: 2, entry: sampleEntry({ ref: true, cache: "miss" }) }),
      sampleJournal({ ordinal: 1, event: 8, entry: sampleEntry({ kind: "ioError", index: 3, nth: 2 }) }),
    ],
    attempts: [
      sampleAttempt({ ordinal: 0, event: 4, nextAt: undefined, entries: "[]", outcome: "cancelled" }),
    ],
    steps: [
      sampleStep({ ordinal: 0, event: 6, item: 0, seal: undefined, opens: false, durationMs: 0 }),
      sampleStep({ ordinal: 1, event: 11, item: 1, detail: '{"goto":["write"]}', origin: "0.plan", edge: 3 }),
    ],
    marks: [
      sampleMark({ type: "run.waiting", seq: 2, event: 13, data: '{"for":"a"}', state: "{}", refs: "{}" }),
    ],
  });
}

/** A run of wide supersteps in three scopes whose steps commit out of order; returns its events. */
async function commitWideRun(backend: StoreBackend): Promise<number[]> {
  await commitAll(backend, [startCommit()]);
  let seq = 1;
  let event = 1;
  for (let superstep = 0; superstep < 9; superstep++) {
    for (const ordinal of [4, 1, 3, 0, 2]) {
      for (const scope of ["", "0.a", "0.b"]) {
        seq += 1;
        event += 2;
        const stamp = { scope, superstep, ordinal, seq, event: event - 1 };
        const rows =
          scope === "0.b" && superstep % 2 === 0
            ? { journal: [sampleJournal(stamp)] }
            : { steps: [sampleStep(stamp)] };
        await commitAll(backend, [nextCommit(seq, { ...rows, progress: { events: event } })]);
      }
    }
  }
  return [1, ...Array.from({ length: seq - 1 }, (_, index) => 2 + 2 * index)];
}

async function everything(backend: StoreBackend) {
  return {
    head: await backend.runs.readHead(run.tenant, run.runId),
    scope: await backend.runs.readScope({ ...root, from: "start" }),
    records: await backend.runs.readRecords({ ...run, afterEvent: 0, limit: 100 }),
  };
}

function supersteps(scope: { readonly steps: readonly { readonly superstep: number }[] }): number[] {
  return scope.steps.map(({ superstep }) => superstep);
}

/** A store may hand out frozen rows, which throw, or fresh ones, which do not matter. */
function attemptToChange(change: () => void): void {
  try {
    change();
  } catch (error) {
    assert.ok(error instanceof TypeError);
  }
}
