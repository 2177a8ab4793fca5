import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { checkDataset, compactDataset, exportRuns, runs } from "@agentflow/analytics";
import { type Fault, FaultyStore } from "@agentflow/contracts";
import { finishedStatuses } from "@agentflow/core";
import { openBackend } from "@agentflow/runtime";
import fc from "fast-check";
import { uncoveredEnvironment } from "../uncovered-environment.ts";
import { folderOf, type History, openHistory, rowsOf, world } from "./history.ts";

const stepsOfRun = 6;

/** Holds that a dataset has each of these runs once, with all its steps. */
async function assertEachOnce(directory: string, expected: readonly string[], where: string): Promise<void> {
  const rows = await rowsOf(
    directory,
    `SELECT r.run_id, count(DISTINCT r.run_key) AS times, count(*) AS steps FROM fact_run r
     JOIN fact_step s USING (run_key) GROUP BY 1 ORDER BY 1`,
  );
  assert.deepEqual(
    rows,
    [...expected].sort().map((run_id) => ({ run_id, times: 1, steps: stepsOfRun })),
    where,
  );
  const [total] = await rowsOf(directory, "SELECT count(*) AS runs FROM fact_run");
  assert.equal(total?.["runs"], expected.length, where);
}

const moments: readonly Pick<Fault, "method" | "call">[] = [
  { method: "listOpenExports", call: 1 },
  { method: "claimExports", call: 1 },
  { method: "claimExports", call: 2 },
  { method: "readRecords", call: 3 },
  { method: "completeExports", call: 1 },
  { method: "completeExports", call: 2 },
];

for (const kind of ["fail", "loseAcknowledgement"] as const) {
  test(`a store that fails at any call leaves no run out and none in twice once it works again (${kind}, OLP-30)`, async (context) => {
    const folder = folderOf(context);
    for (const [index, moment] of moments.entries()) {
      const backend = await openBackend({ store: "memory:" });
      await using history = openHistory(backend);
      const made: string[] = [];
      for (let nth = 0; nth < 4; nth++) made.push(await history.run(nth / 10));
      const directory = join(folder, String(index));
      const where = `${kind} at ${moment.method} ${moment.call}`;
      const faulty = new FaultyStore(backend, [{ ...moment, kind }]);
      await assert.rejects(exportRuns(faulty, directory, { batchRuns: 2 }), where);
      await exportRuns(backend, directory, { batchRuns: 2 });
      await assertEachOnce(directory, made, where);
      assert.deepEqual(await backend.exports.listOpenExports("default"), [], where);
    }
  });
}

test("marks that a restored backup has lost, and a dataset that was lost, bring no run twice and leave none out", async (context) => {
  const directory = join(folderOf(context), "runs");
  const backend = await openBackend({ store: "memory:" });
  await using history = openHistory(backend);
  const made = [await history.run(0), await history.run(1)];
  await exportRuns(backend, directory);
  // To look at every run again is what an export does whose marks are gone.
  const again = await exportRuns(backend, directory, { all: true });
  assert.deepEqual([again.runs, again.known], [0, 2]);
  await assertEachOnce(directory, made, "marks lost");
  rmSync(directory, { recursive: true });
  assert.equal((await exportRuns(backend, directory)).runs, 0);
  assert.equal((await exportRuns(backend, directory, { all: true })).runs, 2);
  await assertEachOnce(directory, made, "dataset lost");
});

test("exports that are killed at random moments bring each run once, whole, however often (OLP-30)", async (context) => {
  const folder = folderOf(context);
  const store = `sqlite:${join(folder, "runs.db")}`;
  const directory = join(folder, "runs");
  const made: string[] = [];
  {
    const backend = await openBackend({ store });
    await using history = openHistory(backend);
    for (let nth = 0; nth < 18; nth++) made.push(await history.run(nth / 100));
  }
  const program = fileURLToPath(new URL("export-process.fixture.ts", import.meta.url));
  let kills = 0;
  // Each process is killed after another line of what it says, so that every part of the work is hit in the end.
  for (let lines = 0; ; lines++) {
    const child = spawn(process.execPath, ["--no-warnings", program, store, directory], {
      stdio: ["ignore", "pipe", "inherit"],
      env: uncoveredEnvironment(),
    });
    let said = 0;
    child.stdout.on("data", (data: Buffer) => {
      said += data.toString().split("\n").length - 1;
      if (said > lines && child.exitCode === null) child.kill("SIGKILL");
    });
    const [code, signal] = await once(child, "close");
    if (signal === "SIGKILL") kills += 1;
    else assert.equal(code, 0);
    if (signal === null || kills >= 6) break;
  }
  assert.ok(kills >= 3, `it was killed ${kills} times`);
  const backend = await openBackend({ store });
  try {
    await exportRuns(backend, directory, { batchRuns: 3 });
    assert.deepEqual(await backend.exports.listOpenExports("default"), []);
  } finally {
    await backend.runs.close();
  }
  await assertEachOnce(directory, made, `after ${kills} kills`);
  assert.equal((await checkDataset(runs, directory)).passed, true);
});

type Deed =
  | { readonly kind: "run"; readonly fails: boolean }
  | { readonly kind: "resume"; readonly nth: number; readonly fails: boolean }
  | { readonly kind: "export"; readonly batchRuns: number; readonly fault?: Fault }
  | { readonly kind: "compact" };

const faults: fc.Arbitrary<Fault> = fc.record({
  call: fc.integer({ min: 1, max: 12 }),
  kind: fc.constantFrom("fail", "loseAcknowledgement"),
});
const batchRuns = fc.integer({ min: 1, max: 3 });
const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("run" as const), fails: fc.boolean() }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("resume" as const), nth: fc.nat(9), fails: fc.boolean() }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("export" as const), batchRuns }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("export" as const), batchRuns, fault: faults }) },
    { weight: 1, arbitrary: fc.constant({ kind: "compact" as const }) },
  ),
  { minLength: 6, maxLength: 12 },
);

test("any mix of runs, resumptions, exports, failures of the store and compactions leaves each finished run once, as it is (seeded, OLP-30)", async (context) => {
  const folder = folderOf(context);
  context.after(() => {
    world.fails = false;
  });
  let cases = 0;
  const holds = async (done: readonly Deed[]): Promise<void> => {
    const directory = join(folder, String(cases++));
    const backend = await openBackend({ store: "memory:" });
    await using history = openHistory(backend);
    const failed: string[] = [];
    for (const [nth, deed] of done.entries()) await act(deed, { nth, history, backend, directory, failed });
    await exportRuns(backend, directory, { batchRuns: 2 });
    const heads = await backend.runs.listRuns({ tenant: "default", status: finishedStatuses, limit: 100 });
    const expected = heads.map(({ runId, status, seq }) => ({ run_id: runId, status, sequence: seq }));
    const rows = await rowsOf(directory, "SELECT run_id, status, sequence FROM fact_run ORDER BY run_id");
    assert.deepEqual(
      rows,
      expected.sort((a, b) => (a.run_id < b.run_id ? -1 : 1)),
    );
    const [steps] = await rowsOf(directory, "SELECT count(*) AS rows FROM fact_step");
    assert.equal(steps?.["rows"], heads.length * stepsOfRun);
  };
  await fc.assert(fc.asyncProperty(deeds, holds), { numRuns: 8, seed: 30 });
});

interface Stage {
  readonly nth: number;
  readonly history: History;
  readonly backend: Awaited<ReturnType<typeof openBackend>>;
  readonly directory: string;
  readonly failed: string[];
}

async function act(deed: Deed, { nth, history, backend, directory, failed }: Stage): Promise<void> {
  switch (deed.kind) {
    case "run": {
      world.fails = deed.fails;
      const runId = await history.run(nth / 40);
      if (deed.fails) failed.push(runId);
      return;
    }
    case "resume": {
      const runId = failed[deed.nth % Math.max(1, failed.length)];
      if (runId === undefined) return;
      world.fails = deed.fails;
      await history.resume(runId);
      if (!deed.fails) failed.splice(failed.indexOf(runId), 1);
      return;
    }
    case "export": {
      const { fault } = deed;
      const store = fault === undefined ? backend : new FaultyStore(backend, [fault]);
      // Where the fault is at a call that is not made, the export succeeds.
      await exportRuns(store, directory, { batchRuns: deed.batchRuns }).catch((error: unknown) => {
        if (fault === undefined) throw error;
      });
      return;
    }
    case "compact":
      await compactDataset(runs, directory).catch((error: { readonly code?: string }) => {
        assert.equal(error.code, "AF_DATASET_NOT_FOUND");
      });
  }
}
