import assert from "node:assert/strict";
import { commitAll, deltasOf, kindsOf } from "./committing.ts";
import {
  nextCommit,
  sampleAttempt,
  sampleEntry,
  sampleJournal,
  sampleMark,
  sampleStep,
  startCommit,
  stepCommit,
} from "./sample-commits.ts";
import { type StoreFactory, storeTest } from "./store-factory.ts";

/** The results of S4: one fence and one position per commit, members that succeed or fail alone. */
export function commitContract(name: string, factory: StoreFactory): void {
  registerFirst(name, factory);
  registerFences(name, factory);
  registerRepeats(name, factory);
  registerGroups(name, factory);
}

function registerFirst(name: string, factory: StoreFactory): void {
  storeTest(
    name,
    "a first commit creates the run and its head is read back",
    factory,
    async ({ backend }) => {
      const commit = startCommit();
      assert.deepEqual(await kindsOf(backend, [commit]), ["committed"]);
      const { create, progress } = commit;
      assert.deepEqual(await backend.runs.readHead("default", "run-1"), {
        ...create?.origin,
        ...progress,
        owner: "owner-1",
        historyRemovedAt: undefined,
      });
    },
  );

  storeTest(name, "each commit moves the head to its progress", factory, async ({ backend }) => {
    const progress = {
      events: 9,
      emittedSeq: 4,
      status: "waiting" as const,
      recoveries: 2,
      round: 1,
      budgetMs: 12.5,
      steps: 7,
      wakeAt: 8_640_000_000_000_000,
    };
    await commitAll(backend, [startCommit(), stepCommit(2)]);
    assert.deepEqual(await kindsOf(backend, [stepCommit(3, { progress })]), ["committed"]);
    const head = await backend.runs.readHead("default", "run-1");
    assert.deepEqual({ ...head, ...progress }, head);
    await commitAll(backend, [stepCommit(4)]);
    const after = await backend.runs.readHead("default", "run-1");
    assert.deepEqual([after?.status, after?.wakeAt, after?.recoveries], ["running", undefined, 0]);
  });
}

function registerFences(name: string, factory: StoreFactory): void {
  storeTest(name, "a commit of a run that does not exist is fenced", factory, async ({ backend }) => {
    assert.deepEqual(await backend.runs.commit([stepCommit(2)]), [{ kind: "fenced", head: undefined }]);
  });

  storeTest(name, "a commit that skips a seq is fenced and writes nothing", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit()]);
    assert.deepEqual(await kindsOf(backend, [stepCommit(3)]), ["fenced"]);
    assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 1);
    assert.deepEqual(await deltasOf(backend), []);
  });

  storeTest(
    name,
    "a commit under an older epoch is fenced and told the head",
    factory,
    async ({ backend }) => {
      await commitAll(backend, [startCommit()]);
      const request = { tenant: "default", runId: "run-1", expectedEpoch: 1, expectedOwner: "owner-1" };
      const head = await backend.owners.takeRun({ ...request, ownerId: "owner-2", recovery: 1 });
      assert.deepEqual(await backend.runs.commit([stepCommit(2)]), [{ kind: "fenced", head }]);
      assert.deepEqual(await deltasOf(backend), []);
      assert.deepEqual(await kindsOf(backend, [stepCommit(2, { progress: { epoch: 2 } })]), ["committed"]);
    },
  );

  storeTest(name, "a run id that is taken is not created again", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit(), stepCommit(2)]);
    const other = [startCommit({ seed: "other" }), startCommit({}, { owner: "owner-2" })];
    for (const commit of other) assert.deepEqual(await kindsOf(backend, [commit]), ["fenced"]);
    assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 2);
  });

  storeTest(name, "the last commit gives the run back", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit(), stepCommit(2, { release: true })]);
    assert.equal((await backend.runs.readHead("default", "run-1"))?.owner, undefined);
  });
}

function registerRepeats(name: string, factory: StoreFactory): void {
  storeTest(name, "a commit whose acknowledgement was lost is a duplicate", factory, async ({ backend }) => {
    const first = startCommit();
    const second = nextCommit(2, {
      steps: [sampleStep()],
      journal: [sampleJournal({ ordinal: 1, event: 3 })],
      attempts: [sampleAttempt({ ordinal: 2, event: 4 })],
      marks: [sampleMark({ type: "run.waiting", seq: 2, event: 5 })],
    });
    const third = nextCommit(3);
    await commitAll(backend, [first, second, third]);
    const before = await backend.runs.readHead("default", "run-1");
    assert.deepEqual(await kindsOf(backend, [first]), ["duplicate"]);
    assert.deepEqual(await kindsOf(backend, [second]), ["duplicate"]);
    assert.deepEqual(await kindsOf(backend, [third]), ["duplicate"]);
    assert.deepEqual(await backend.runs.readHead("default", "run-1"), before);
    assert.equal((await deltasOf(backend)).length, 1);
  });

  storeTest(name, "a repeat that took longer is still a duplicate", factory, async ({ backend }) => {
    await commitAll(backend, [startCommit(), nextCommit(2, { steps: [sampleStep()] })]);
    const again = nextCommit(2, { steps: [sampleStep({ durationMs: 99, startedAt: 5 })] });
    assert.deepEqual(await kindsOf(backend, [again]), ["duplicate"]);
  });

  const violations = {
    "another delta": { steps: [sampleStep({ delta: '{"n":2}' })] },
    "another goto": { steps: [sampleStep({ detail: '{"goto":["write"]}' })] },
    "another node": { steps: [sampleStep({ node: "write" })] },
    "another entry": {
      journal: [sampleJournal({ ordinal: 1, event: 3, entry: sampleEntry({ value: "1" }) })],
    },
    "another failure": { attempts: [sampleAttempt({ ordinal: 2, event: 4, failure: "{}" })] },
    "another mark": { marks: [sampleMark({ type: "run.failed", seq: 2, event: 5 })] },
  };
  for (const [what, rows] of Object.entries(violations)) {
    storeTest(name, `${what} at a committed position is a violation`, factory, async ({ backend }) => {
      const rowsBefore = {
        steps: [sampleStep()],
        journal: [sampleJournal({ ordinal: 1, event: 3 })],
        attempts: [sampleAttempt({ ordinal: 2, event: 4 })],
        marks: [sampleMark({ type: "run.waiting", seq: 2, event: 5 })],
      };
      await commitAll(backend, [startCommit(), nextCommit(2, rowsBefore)]);
      const [repeated] = await backend.runs.commit([nextCommit(2, rows)]);
      assert.equal(repeated?.kind, "violation");
      const [behind] = await backend.runs.commit([nextCommit(3, rows)]);
      assert.equal(behind?.kind, "violation");
      assert.notEqual(
        behind?.kind === "violation" && behind.stored,
        behind?.kind === "violation" && behind.offered,
      );
      assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 2);
      assert.deepEqual(await deltasOf(backend), ['{"n":1}']);
    });
  }
}

function registerGroups(name: string, factory: StoreFactory): void {
  storeTest(name, "members of a group succeed or fail alone", factory, async ({ backend }) => {
    const runs = ["d", "a", "c", "b", "e"];
    await commitAll(
      backend,
      runs.map((runId) => startCommit({ runId })),
    );
    await commitAll(backend, [stepCommit(2, { runId: "b" })]);
    const members = [
      stepCommit(2, { runId: "d" }),
      stepCommit(2, { runId: "a", progress: { epoch: 7 } }),
      nextCommit(3, { runId: "b", steps: [sampleStep({ delta: "{}" })] }),
      stepCommit(2, { runId: "missing" }),
      stepCommit(2, { runId: "b" }),
      stepCommit(2, { runId: "c" }),
    ];
    const expected = ["committed", "fenced", "violation", "fenced", "duplicate", "committed"];
    assert.deepEqual(await kindsOf(backend, members), expected);
    const seqs = await Promise.all(
      runs.map(async (runId) => (await backend.runs.readHead("default", runId))?.seq),
    );
    assert.deepEqual(seqs, [2, 1, 2, 2, 1]);
    assert.deepEqual(await deltasOf(backend, "a"), []);
    assert.deepEqual(await deltasOf(backend, "b"), ['{"n":2}']);
  });

  storeTest(name, "a member of a group that skips a seq is fenced alone", factory, async ({ backend }) => {
    await commitAll(
      backend,
      ["a", "b", "c"].map((runId) => startCommit({ runId })),
    );
    const members = [
      stepCommit(2, { runId: "a" }),
      stepCommit(3, { runId: "b" }),
      stepCommit(2, { runId: "c" }),
    ];
    assert.deepEqual(await kindsOf(backend, members), ["committed", "fenced", "committed"]);
    assert.equal((await backend.runs.readHead("default", "b"))?.seq, 1);
    assert.deepEqual(await deltasOf(backend, "b"), []);
  });

  storeTest(name, "a run may be in one group several times", factory, async ({ backend }) => {
    const members = [startCommit(), stepCommit(2), startCommit({ runId: "a" }), stepCommit(3), stepCommit(4)];
    assert.deepEqual(await kindsOf(backend, members), Array(5).fill("committed"));
    assert.deepEqual(await deltasOf(backend), ['{"n":2}', '{"n":3}', '{"n":4}']);
    assert.deepEqual(await kindsOf(backend, [stepCommit(5), stepCommit(5), stepCommit(7)]), [
      "committed",
      "duplicate",
      "fenced",
    ]);
  });

  storeTest(name, "commits given at the same time all get their results", factory, async ({ backend }) => {
    const ids = Array.from({ length: 20 }, (_, index) => `run-${index}`);
    const starts = await Promise.all(ids.map((runId) => backend.runs.commit([startCommit({ runId })])));
    const steps = await Promise.all(ids.map((runId) => backend.runs.commit([stepCommit(2, { runId })])));
    for (const results of [...starts, ...steps]) assert.deepEqual(results, [{ kind: "committed" }]);
  });

  storeTest(name, "an empty group is answered with no results", factory, async ({ backend }) => {
    assert.deepEqual(await backend.runs.commit([]), []);
  });
}
