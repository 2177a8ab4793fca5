import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { af, fixture, temporaryFolder } from "./spawn-af.ts";

const greet = fixture("workflows/greet.ts");

async function startGreet(cwd: string, runId: string): Promise<void> {
  const ended = await af(["run", greet, "--input", '{"name":"Ada"}', "--run-id", runId], { cwd });
  assert.equal(ended.code, 0, ended.stderr);
}

async function report(cwd: string, ...words: string[]): Promise<Record<string, Record<string, number>>> {
  const ended = await af(["gc", "--json", ...words], { cwd });
  assert.equal(ended.code, 0, ended.stderr);
  return JSON.parse(ended.stdout);
}

async function runs(cwd: string): Promise<string[]> {
  const listed = await af(["runs", "--json"], { cwd });
  return JSON.parse(listed.stdout).map(({ runId }: { runId: string }) => runId);
}

/** Every row of the store, to compare. */
function rowsOf(cwd: string): string {
  const db = new DatabaseSync(join(cwd, ".agentflow/agentflow.db"), { readOnly: true });
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  const rows = tables.map(({ name }) => db.prepare(`SELECT * FROM ${name}`).all());
  db.close();
  return JSON.stringify(rows);
}

test("af gc without a rule leaves every run, and a dry run everything", async (context) => {
  const cwd = temporaryFolder(context);
  for (const runId of ["a", "b", "c"]) await startGreet(cwd, runId);
  const before = rowsOf(cwd);
  assert.equal((await report(cwd))["runs"]?.["runs"], 0);
  const planned = await report(cwd, "--keep", "1", "--unexported", "--dry-run");
  assert.deepEqual([planned["runs"]?.["runs"], planned["directories"]?.["directories"]], [2, 2]);
  assert.equal(rowsOf(cwd), before);
  assert.deepEqual(await runs(cwd), ["c", "b", "a"]);
  const went = await report(cwd, "--keep", "1", "--unexported");
  assert.deepEqual(went["runs"], planned["runs"]);
  assert.deepEqual(went["directories"], planned["directories"]);
  assert.deepEqual(await runs(cwd), ["c"]);
  assert.deepEqual(readdirSync(join(cwd, "runs")), ["c"]);
});

test("af gc spares runs that no export has taken, and says so", async (context) => {
  const cwd = temporaryFolder(context);
  await startGreet(cwd, "a");
  const ended = await af(["gc", "--older-than", "0s"], { cwd });
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stderr, /1 run stayed because no export has taken them; --unexported lets them go/);
  assert.deepEqual(await runs(cwd), ["a"]);
  assert.equal((await report(cwd, "--older-than", "1h", "--unexported"))["runs"]?.["runs"], 0);
  assert.equal(
    (await report(cwd, "--older-than", "0s", "--unexported", "--status", "failed"))["runs"]?.["runs"],
    0,
  );
  assert.equal((await report(cwd, "--older-than", "0s", "--unexported"))["runs"]?.["runs"], 1);
  assert.deepEqual(await runs(cwd), []);
});

test("the settings of retention are the rules of af gc", async (context) => {
  const cwd = temporaryFolder(context);
  for (const runId of ["a", "b"]) await startGreet(cwd, runId);
  const env = { AF_KEEP_NEWEST_RUNS: "1", AF_REMOVE_UNEXPORTED: "yes" };
  const other = await af(["gc", "--json"], { cwd, env: { ...env, AF_REMOVED_STATUSES: "failed,cancelled" } });
  assert.equal(JSON.parse(other.stdout).runs.runs, 0);
  const ended = await af(["gc", "--json"], { cwd, env });
  assert.equal(JSON.parse(ended.stdout).runs.runs, 1);
  const wrong = await af(["gc"], { cwd, env: { AF_REMOVED_STATUSES: "running" } });
  assert.deepEqual([wrong.code, /AF_CONFIG/.test(wrong.stderr)], [3, true]);
});

test("a run without its history is shown with its result, and af replay names what is left", async (context) => {
  const cwd = temporaryFolder(context);
  await startGreet(cwd, "a");
  const went = await report(cwd, "--history-older-than", "0s", "--unexported");
  assert.equal(went["histories"]?.["runs"], 1);
  const shown = await af(["show", "a"], { cwd });
  assert.match(shown.stdout, /its history was removed at .*; this is what is left/);
  assert.match(shown.stdout, /HELLO, ADA/);
  const replayed = await af(["replay", "a", "--json"], { cwd });
  const { code, context: details } = JSON.parse(replayed.stdout).error;
  assert.deepEqual([replayed.code, code], [5, "AF_HISTORY_REMOVED"]);
  const end = await af(["tail", "a", "--from", String(details.nearestEvent)], { cwd });
  assert.match(end.stdout, /run\.succeeded/);
  assert.equal((await af(["rebuild", "a"], { cwd })).code, 5);
});

test("af gc removes artifacts and cached results that nobody uses, beside a store of its own", async (context) => {
  const cwd = temporaryFolder(context);
  await startGreet(cwd, "a");
  const folders = ["artifacts/default/aa", "cache/default/bb"].map((name) => join(cwd, ".agentflow", name));
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "c".repeat(62));
    writeFileSync(file, "unused");
    utimesSync(file, 1, 1);
  }
  const went = await report(cwd);
  assert.deepEqual(went["cache"], { files: 1, sizeBytes: 6 });
  assert.deepEqual(went["artifacts"], { files: 0, sizeBytes: 0, shared: true });
  assert.deepEqual(
    folders.map((folder) => readdirSync(folder).length),
    [1, 0],
  );
});

test("af gc gives the space of a file back only when asked", async (context) => {
  const cwd = temporaryFolder(context);
  for (const runId of ["a", "b", "c"]) await startGreet(cwd, runId);
  writeFileSync(join(cwd, "large.json"), JSON.stringify({ name: "x".repeat(300_000) }));
  const large = await af(["run", greet, "--input", "@large.json", "--run-id", "large"], { cwd });
  assert.equal(large.code, 0, large.stderr);
  const went = await report(cwd, "--older-than", "0s", "--unexported");
  assert.ok((went["runs"]?.["sizeBytes"] ?? 0) > 300_000);
  assert.ok((went["space"]?.["freeBytes"] ?? 0) > 300_000);
  const given = await report(cwd, "--vacuum");
  assert.equal(given["space"]?.["freeBytes"], 0);
  assert.ok((given["space"]?.["sizeBytes"] ?? 0) < (went["space"]?.["sizeBytes"] ?? 0) - 300_000);
});

test("af gc where there is no store makes none, and wrong options are named", async (context) => {
  const cwd = temporaryFolder(context);
  const ended = await af(["gc", "--json"], { cwd });
  assert.deepEqual([ended.code, ended.stdout, existsSync(join(cwd, ".agentflow"))], [0, "null\n", false]);
  for (const words of [
    ["--older-than", "30"],
    ["--keep", "-1"],
    ["--status", "running"],
    ["--dry-run", "--vacuum"],
  ])
    assert.equal((await af(["gc", ...words], { cwd })).code, 2, words.join(" "));
});
