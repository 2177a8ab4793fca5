import assert from "node:assert/strict";
import { AgentFlowError, type RunCommit, type StoreBackend } from "@agentflow/core";
import { commitAll, kindsOf } from "./committing.ts";
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

/** What is large, long or many is kept whole, or refused by a typed error alone (STO-4). */
export function sizeContract(name: string, factory: StoreFactory): void {
  registerLarge(name, factory);
  registerMany(name, factory);
  registerLong(name, factory);
}

const tenMegabytes = 10 * 1024 * 1024;

function registerLarge(name: string, factory: StoreFactory): void {
  storeTest(name, "values of ten megabytes come back as they went in", factory, async ({ backend }) => {
    const text = "0123456789abcdef".repeat(tenMegabytes / 16);
    const value = JSON.stringify(text);
    const hash = "1".repeat(64);
    const step = sampleStep({ delta: `{"n":${value}}` });
    const journal = sampleJournal({ ordinal: 1, event: 3, entry: sampleEntry({ value }) });
    const snapshot = sampleSnapshot({ state: `{"n":${value}}` });
    await commitAll(backend, [
      startCommit({ input: value }),
      nextCommit(2, {
        steps: [step],
        journal: [journal],
        snapshots: [snapshot],
        blobs: [{ hash, json: value }],
      }),
    ]);
    assert.equal((await backend.runs.readHead("default", "run-1"))?.input, value);
    const scope = { tenant: "default", runId: "run-1", scope: "" } as const;
    const whole = await backend.runs.readScope({ ...scope, from: "start" });
    assert.deepEqual([whole.steps, whole.journal], [[step], [journal]]);
    assert.equal(
      (await backend.runs.readScope({ ...scope, from: "snapshot" })).snapshot?.state,
      snapshot.state,
    );
    assert.equal((await backend.runs.readBlobs("default", "run-1", [hash])).get(hash), value);
  });
}

function registerMany(name: string, factory: StoreFactory): void {
  storeTest(name, "a commit of 5,000 rows of each kind is stored whole", factory, async ({ backend }) => {
    // A row of steps alone has 18 values: more than the 65,535 parameters that a statement may have.
    const numbers = Array.from({ length: 5_000 }, (_, number) => number);
    const steps = numbers.map((ordinal) => sampleStep({ ordinal, event: 2 + ordinal }));
    const journal = numbers.map((ordinal) =>
      sampleJournal({ superstep: 1, ordinal, event: 5_002 + ordinal }),
    );
    const attempts = numbers.map((ordinal) =>
      sampleAttempt({ superstep: 1, ordinal, event: 10_002 + ordinal }),
    );
    const marks = numbers.map((mark) => sampleMark({ type: "run.waiting", seq: 2, event: 15_002 + mark }));
    const blobs = numbers.map((number) => ({ hash: String(number).padStart(64, "0"), json: String(number) }));
    await commitAll(backend, [
      startCommit(),
      nextCommit(2, { steps, journal, attempts, marks, blobs, progress: { events: 20_001 } }),
    ]);
    const scope = { tenant: "default", runId: "run-1", scope: "", from: "start" } as const;
    const read = await backend.runs.readScope(scope);
    assert.deepEqual([read.steps.length, read.journal.length, read.attempts.length], [5_000, 5_000, 5_000]);
    assert.deepEqual(read.steps, steps);
    const all = { tenant: "default", runId: "run-1", afterEvent: 0, limit: 100_000 };
    assert.equal((await backend.runs.readRecords(all)).length, 20_001);
    const hashes = blobs.map(({ hash }) => hash);
    assert.equal((await backend.runs.readBlobs("default", "run-1", hashes)).size, 5_000);
  });

  storeTest(name, "a group of 3,000 runs is answered for each of them", factory, async ({ backend }) => {
    const ids = Array.from({ length: 3_000 }, (_, number) => `run-${number}`);
    const starts = await kindsOf(
      backend,
      ids.map((runId) => startCommit({ runId })),
    );
    assert.deepEqual(new Set(starts), new Set(["committed"]));
    const taken = new Set(ids.filter((_, number) => number % 1_000 === 7));
    const members = ids.map((runId) => stepCommit(taken.has(runId) ? 3 : 2, { runId }));
    const results = await kindsOf(backend, members);
    assert.deepEqual(
      results,
      ids.map((runId) => (taken.has(runId) ? "fenced" : "committed")),
    );
  });

  storeTest(name, "a duplicate beside good members aborts none of them", factory, async ({ backend }) => {
    const ids = Array.from({ length: 50 }, (_, number) => `run-${number}`);
    await commitAll(
      backend,
      ids.map((runId) => startCommit({ runId })),
    );
    const repeated = stepCommit(2, { runId: "run-20" });
    await commitAll(backend, [repeated]);
    const members = ids.map((runId) => (runId === "run-20" ? repeated : stepCommit(2, { runId })));
    assert.deepEqual(
      await kindsOf(backend, members),
      ids.map((runId) => (runId === "run-20" ? "duplicate" : "committed")),
    );
    for (const runId of ids) assert.equal((await backend.runs.readHead("default", runId))?.seq, 2);
  });
}

function registerLong(name: string, factory: StoreFactory): void {
  for (const [script, letter] of [
    ["Latin", "x"],
    ["Chinese", "字"],
    ["emoji", "\ud83d\ude00"],
  ] as const) {
    storeTest(
      name,
      `ids of 255 characters are told apart to their last one (${script})`,
      factory,
      async (store) => {
        const { backend } = store;
        const long = (last: string) => `${letter.repeat(Math.floor(254 / letter.length))}${last}`;
        const tenant = long("t");
        const owner = { host: "h", pid: 1, processStart: "s", counter: 0 };
        for (const last of ["a", "b"]) {
          const run = { tenant, runId: long(last) };
          await backend.owners.registerOwner({ ...owner, ownerId: long(last) });
          await commitAll(backend, [startCommit({ ...run, seed: last }, { owner: long(last) })]);
          const row = { kind: "event", key: long(last), value: "1", by: long(last), at: 1 } as const;
          await backend.inbox.put({ ...run, row });
        }
        for (const last of ["a", "b"]) {
          const head = await backend.runs.readHead(tenant, long(last));
          assert.deepEqual([head?.seed, head?.owner], [last, long(last)]);
          const [row] = await backend.inbox.read(tenant, long(last), 0);
          assert.deepEqual([row?.key, row?.by], [long(last), long(last)]);
          assert.equal((await backend.owners.readOwner(long(last)))?.ownerId, long(last));
        }
        const first = await backend.runs.listRuns({ tenant, limit: 1 });
        const rest = await backend.runs.listRuns({ tenant, limit: 9, after: first[0]?.runId ?? "" });
        assert.deepEqual([first.length, rest.length], [1, 1]);
      },
    );
  }

  storeTest(name, "a scope whose path has 2,000 bytes is kept", factory, async ({ backend }) => {
    const scope = scopeOf(2_000);
    await commitAll(backend, [startCommit(), nextCommit(2, { steps: [sampleStep({ scope })] })]);
    const read = await backend.runs.readScope({ tenant: "default", runId: "run-1", scope, from: "start" });
    assert.deepEqual(read.steps, [sampleStep({ scope })]);
  });

  storeTest(
    name,
    "a scope too long to be indexed is kept, or refused alone",
    factory,
    async ({ backend }) => {
      const scope = scopeOf(20_000);
      const members: RunCommit[] = ["a", "b", "c"].map((runId) => startCommit({ runId }));
      await commitAll(backend, members);
      const results = await backend.runs.commit([
        stepCommit(2, { runId: "a" }),
        nextCommit(2, { runId: "b", steps: [sampleStep({ scope })] }),
        stepCommit(2, { runId: "c" }),
      ]);
      assert.deepEqual([results[0]?.kind, results[2]?.kind], ["committed", "committed"]);
      await expectKeptOrRefused(backend, results[1], { runId: "b", scope });
    },
  );
}

/** A path of nested steps of that many bytes, which does not compress. */
function scopeOf(bytes: number): string {
  let state = 7;
  const letters = Array.from({ length: bytes - 2 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"[state % 64];
  });
  return `0.${letters.join("")}`;
}

async function expectKeptOrRefused(
  backend: StoreBackend,
  result: Awaited<ReturnType<StoreBackend["runs"]["commit"]>>[number] | undefined,
  { runId, scope }: { readonly runId: string; readonly scope: string },
): Promise<void> {
  const read = await backend.runs.readScope({ tenant: "default", runId, scope, from: "start" });
  if (result?.kind === "committed") {
    assert.equal(read.steps.length, 1);
    return;
  }
  assert.equal(result?.kind, "failed");
  assert.ok(result.kind === "failed" && result.error instanceof AgentFlowError);
  assert.deepEqual(read.steps, []);
  assert.equal((await backend.runs.readHead("default", runId))?.seq, 1);
}
