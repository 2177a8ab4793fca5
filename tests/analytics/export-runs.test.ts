import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import {
  checkDataset,
  exportRuns,
  generateSales,
  OpenDataset,
  patternQuestion,
  patternsOf,
  readManifest,
  runs,
  writeDataset,
} from "@agentflow/analytics";
import { interceptBackend } from "@agentflow/contracts";
import { DatasetError, ValidationError } from "@agentflow/core";
import { openBackend } from "@agentflow/runtime";
import { service } from "../services.ts";
import { temporaryPlace } from "../store-place.ts";
import { folderOf, openHistory, rowsOf, world } from "./history.ts";

test("a run is told as its record tells it: run, steps, calls and costs, by day, and every test of the dataset passes (OLP-30)", async (context) => {
  const directory = join(folderOf(context), "runs");
  const backend = await openBackend({ store: "memory:" });
  await using history = openHistory(backend);
  await history.run(0, "stormy");
  const report = await exportRuns(backend, directory);
  assert.deepEqual([report.runs, report.replaced, report.known, report.batches], [1, 0, 0, 1]);
  const steps = await rowsOf(
    directory,
    `SELECT path, depth, step_id, status, failure, attempts, failures, retries, date FROM fact_step
     JOIN dim_node USING (node_key) ORDER BY step_number`,
  );
  const step = (path: string, rest: object = {}) => ({
    path,
    depth: 0,
    status: "succeeded",
    failure: null,
    attempts: 1,
    failures: 0,
    retries: 0,
    date: "2026-01-30",
    ...rest,
  });
  assert.deepEqual(steps, [
    step("look", { step_id: "0.look" }),
    step("ask", { step_id: "1.ask", attempts: 2, failures: 1, retries: 1, failure: "AF_THROWN" }),
    step("measure/count", { step_id: "2.measure/0.count", depth: 1 }),
    step("measure", { step_id: "2.measure" }),
    step("guess", { step_id: "3.guess", status: "recovered", failures: 1, failure: "AF_THROWN" }),
    step("tell", { step_id: "4.tell" }),
  ]);
  assert.deepEqual(
    await rowsOf(directory, "SELECT tool, effect, failed, step_id FROM fact_tool_call ORDER BY call_number"),
    [
      { tool: "fetch", effect: 0, failed: 0, step_id: "0.look" },
      { tool: "send", effect: 1, failed: 0, step_id: "4.tell" },
    ],
  );
  assert.deepEqual(
    await rowsOf(
      directory,
      `SELECT step_id, provider, model, input_tokens, output_tokens, cached_tokens, amount::VARCHAR AS amount,
         estimate::VARCHAR AS estimate FROM fact_model_call JOIN dim_model USING (model_key)
       JOIN fact_cost USING (run_key, call_number, step_id)`,
    ),
    [
      {
        step_id: "1.ask",
        provider: "acme",
        model: "sage-1",
        input_tokens: 120,
        output_tokens: 8,
        cached_tokens: 100,
        amount: "0.000123456",
        estimate: "0.000200000",
      },
    ],
  );
  assert.deepEqual(
    await rowsOf(
      directory,
      `SELECT run_id, tenant, workflow, version, status, steps, failed, time_key FROM fact_run
       JOIN dim_tenant USING (tenant_key) JOIN dim_workflow USING (workflow_key)`,
    ),
    [
      {
        run_id: "run-0",
        tenant: "default",
        workflow: "tides",
        version: "2",
        status: "succeeded",
        steps: 6,
        failed: 0,
        time_key: 20260130,
      },
    ],
  );
  const checked = await checkDataset(runs, directory);
  assert.deepEqual(
    checked.checks.filter(({ passed }) => !passed),
    [],
  );
  const folders = report.manifest.files.filter(({ table }) => table === "fact_run").map(({ path }) => path);
  assert.deepEqual(folders, ["parquet/fact_run/year=2026/month=1/day=30/part-2-0.parquet"]);
});

const stores = [
  { store: "sqlite", needed: {} },
  { store: "postgres", needed: await service("postgres") },
  { store: "mysql", needed: await service("mariadb") },
] as const;

for (const { store, needed } of stores) {
  test(
    `an export adds the runs that have finished since the one before (${store}, OLP-30)`,
    needed,
    async (context) => {
      const folder = folderOf(context);
      const place = await temporaryPlace(store, folder);
      try {
        const backend = await openBackend({ store: place.url });
        await using history = openHistory(backend);
        const directory = join(folder, "runs");
        for (const nth of [0, 1, 2]) await history.run(nth);
        assert.equal((await exportRuns(backend, directory, { batchRuns: 2 })).batches, 2);
        await history.run(3);
        const second = await exportRuns(backend, directory);
        assert.deepEqual([second.runs, second.known], [1, 0]);
        const third = await exportRuns(backend, directory);
        assert.deepEqual([third.runs, third.manifest.generation], [0, second.manifest.generation]);
        const days = await rowsOf(directory, "SELECT run_id, date FROM fact_run ORDER BY run_key");
        assert.deepEqual(
          days.map(({ run_id, date }) => `${run_id} ${date}`),
          ["run-0 2026-01-30", "run-1 2026-01-31", "run-2 2026-02-01", "run-3 2026-02-02"],
        );
      } finally {
        await place.drop();
      }
    },
  );
}

test("a failed run that was resumed takes the place of what was exported of it (OLP-30)", async (context) => {
  const directory = join(folderOf(context), "runs");
  const backend = await openBackend({ store: "memory:" });
  await using history = openHistory(backend);
  world.fails = true;
  context.after(() => {
    world.fails = false;
  });
  await history.run(0);
  await history.run(0 + 1);
  await exportRuns(backend, directory);
  const outcomes = () =>
    rowsOf(directory, "SELECT run_id, status, failure, resumes FROM fact_run ORDER BY run_id");
  assert.deepEqual(
    (await outcomes()).map(({ status }) => status),
    ["failed", "failed"],
  );
  world.fails = false;
  await history.resume("run-0");
  const again = await exportRuns(backend, directory);
  assert.deepEqual([again.runs, again.replaced], [1, 1]);
  assert.deepEqual(
    (await outcomes()).map(({ status, resumes }) => [status, resumes]),
    [
      ["succeeded", 1],
      ["failed", 0],
    ],
  );
  const steps = await rowsOf(
    directory,
    "SELECT run_id, count(*) AS steps, sum(failures) AS failures FROM fact_step GROUP BY 1 ORDER BY 1",
  );
  assert.deepEqual(steps, [
    { run_id: "run-0", steps: 6, failures: 2 },
    { run_id: "run-1", steps: 6, failures: 2 },
  ]);
  assert.equal((await checkDataset(runs, directory)).passed, true);
});

test("what a fork took over from another run is told there, and not again", async (context) => {
  const directory = join(folderOf(context), "runs");
  const backend = await openBackend({ store: "memory:" });
  await using history = openHistory(backend);
  await history.run(0);
  const called = world.answers;
  const fork = await history.engine.fork("run-0", { at: "3.guess", id: "fork" });
  await fork.result();
  assert.equal(world.answers, called, "nobody is asked again");
  await exportRuns(backend, directory);
  assert.deepEqual(await rowsOf(directory, "SELECT run_id FROM fact_cost"), [{ run_id: "run-0" }]);
  assert.deepEqual(
    await rowsOf(directory, "SELECT run_id, tool FROM fact_tool_call ORDER BY run_key, call_number"),
    [
      { run_id: "run-0", tool: "fetch" },
      { run_id: "run-0", tool: "send" },
      { run_id: "fork", tool: "send" },
    ],
  );
  assert.deepEqual(
    await rowsOf(directory, "SELECT step_id FROM fact_step WHERE run_id = 'fork' ORDER BY step_number"),
    [{ step_id: "3.guess" }, { step_id: "4.tell" }],
  );
});

test("every ready question is answered about real runs, with the figures of their records (OLP-31)", async (context) => {
  const directory = join(folderOf(context), "runs");
  const backend = await openBackend({ store: "memory:" });
  await using history = openHistory(backend);
  // Four runs in the week of Monday 26 January, eight in the week after.
  for (const nth of [0, 0.01, 0.02, 1, 3, 3.01, 4, 4.01, 5, 5.01, 6, 7]) {
    await history.run(nth, nth < 3 ? "calm" : "stormy");
  }
  await exportRuns(backend, directory);
  using dataset = await OpenDataset.open(runs, directory);
  for (const name of Object.keys(patternsOf(runs))) {
    const { rows } = await dataset.ask(patternQuestion(runs, name) as never);
    assert.ok((rows as readonly unknown[]).length > 0, name);
  }
  const asked = async (name: string, parameters = {}): Promise<readonly Record<string, unknown>[]> =>
    (await dataset.ask(patternQuestion(runs, name, parameters) as never)).rows;
  assert.deepEqual(await asked("week-over-week"), [
    { week: "2026-01-26", runs: 4, growth: null },
    { week: "2026-02-02", runs: 8, growth: 1 },
  ]);
  assert.deepEqual(await asked("cost", { by: ["model"] }), [{ model: "sage-1", cost: (12 * 123_456) / 1e9 }]);
  const [estimate] = await asked("estimates");
  assert.ok(Math.abs(Number(estimate?.["cost_per_estimate"]) - 0.61728) < 1e-9);
  const [most] = await asked("retries");
  assert.deepEqual([most?.["path"], most?.["retries"], most?.["attempts"]], ["ask", 8, 20]);
  const [failures] = await asked("failures", { by: ["path"] });
  assert.deepEqual([failures?.["path"], failures?.["failures"]], ["guess", 12]);
  assert.equal((await asked("slowest-steps", { top: 3 })).length, 3);
});

test("one export at a time writes a dataset; into two folders at once each run goes to one (AF_DATASET_LOCKED)", async (context) => {
  const folder = folderOf(context);
  const backend = await openBackend({ store: "memory:" });
  await using history = openHistory(backend);
  for (let nth = 0; nth < 6; nth++) await history.run(nth);
  const [one, other] = [join(folder, "one"), join(folder, "other")];
  const ends = await Promise.allSettled([
    exportRuns(backend, one, { batchRuns: 1 }),
    exportRuns(backend, one, { batchRuns: 1 }),
    exportRuns(backend, other, { batchRuns: 1 }),
  ]);
  const refused = ends.filter((end) => end.status === "rejected");
  assert.equal(refused.length, 1);
  assert.ok(refused[0]?.reason instanceof DatasetError && refused[0].reason.code === "AF_DATASET_LOCKED");
  const ids = async (directory: string) =>
    (await rowsOf(directory, "SELECT run_id FROM fact_run")).map(({ run_id }) => run_id);
  const all = [...(await ids(one)), ...(await ids(other))].sort();
  assert.deepEqual(all, ["run-0", "run-1", "run-2", "run-3", "run-4", "run-5"]);
  await assert.rejects(exportRuns(backend, one, { batchRuns: 0 }), ValidationError);
});

test("a run that is removed while it is exported is left out, and the others are whole", async (context) => {
  const directory = join(folderOf(context), "runs");
  const backend = await openBackend({ store: "memory:" });
  await using history = openHistory(backend);
  for (const nth of [0, 0.1, 0.2]) await history.run(nth);
  let reads = 0;
  // What is gone has no rows: the second run, as if retention had been told to spare nothing.
  const emptied = interceptBackend(backend, (method, work) => {
    if (method === "readRecords" && ++reads === 2) return [] as never;
    return work();
  });
  const report = await exportRuns(emptied, directory);
  assert.equal(report.runs, 2);
  const rows = await rowsOf(
    directory,
    "SELECT run_id, count(*) AS steps FROM fact_run JOIN fact_step USING (run_key, run_id) GROUP BY 1 ORDER BY 1",
  );
  assert.deepEqual(rows, [
    { run_id: "run-0", steps: 6 },
    { run_id: "run-0.2", steps: 6 },
  ]);
});

test("a dataset of runs that no export has made, and a folder with another one, are refused and left alone", async (context) => {
  const directory = join(folderOf(context), "runs");
  const backend = await openBackend({ store: "memory:" });
  await using history = openHistory(backend);
  await history.run(0);
  const queries = Object.entries(runs.tables).map(([name, { columns }]) => {
    const nulls = Object.keys(columns).map((column) => `NULL AS ${column}`);
    return [name, `SELECT ${nulls.join(", ")} WHERE false`];
  });
  const made = await writeDataset(runs, directory, Object.fromEntries(queries));
  await assert.rejects(
    exportRuns(backend, directory),
    (error) => error instanceof DatasetError && /was not made by an export/.test(error.message),
  );
  const shop = join(folderOf(context), "sales");
  await generateSales(shop, { rows: 100, customers: 5, until: "2021-12" });
  await assert.rejects(exportRuns(backend, shop), /holds the dataset sales, not runs/);
  assert.deepEqual(await readManifest(directory), made);
  assert.deepEqual(await backend.exports.listOpenExports("default"), [], "no run was claimed for them");
});
