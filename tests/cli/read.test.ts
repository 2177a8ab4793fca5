import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { validateSchema } from "../../packages/cli/src/validate/validate-schema.ts";
import { af, fixture, temporaryFolder } from "./spawn-af.ts";

const greet = fixture("workflows/greet.ts");
const slow = fixture("workflows/slow.ts");
const wordCount = fixture("workflows/word-count.ts");
const noFullDevice = existsSync("/dev/full") ? false : "this system has no /dev/full";
const main = fixture("../../packages/cli/src/main.ts");

async function startGreet(cwd: string, runId: string): Promise<void> {
  const ended = await af(["run", greet, "--input", '{"name":"Ada"}', "--run-id", runId], { cwd });
  assert.equal(ended.code, 0, ended.stderr);
}

function lines(text: string): Record<string, unknown>[] {
  const whole = text.split("\n").filter((line) => line !== "");
  return whole.map((line) => JSON.parse(line));
}

test("a folder without a store has no runs, and looking makes none", async (context) => {
  const cwd = temporaryFolder(context);
  const json = await af(["runs", "--json"], { cwd });
  assert.deepEqual([json.code, json.stdout], [0, "[]\n"]);
  const plain = await af(["runs"], { cwd });
  assert.deepEqual([plain.code, plain.stdout], [0, ""]);
  assert.deepEqual(readdirSync(cwd), []);
});

test("af runs lists newest first, filters and pages", async (context) => {
  const cwd = temporaryFolder(context);
  for (const runId of ["a", "b", "c"]) await startGreet(cwd, runId);
  await af(["run", slow, "--run-id", "d"], { cwd, env: { SLOW_PASSES: "1" } });
  const ids = async (...words: string[]): Promise<unknown[]> => {
    const ended = await af(["runs", "--json", ...words], { cwd });
    assert.equal(ended.code, 0, ended.stderr);
    return JSON.parse(ended.stdout).map((run: { runId: string }) => run.runId);
  };
  assert.deepEqual(await ids(), ["d", "c", "b", "a"]);
  assert.deepEqual(await ids("--workflow", "greet", "--limit", "2"), ["c", "b"]);
  assert.deepEqual(await ids("--workflow", "greet", "--limit", "2", "--after", "b"), ["a"]);
  assert.deepEqual(await ids("--status", "failed", "--status", "cancelled"), []);
  assert.deepEqual(await ids("--since", "1h", "--workflow", "greet"), ["c", "b", "a"]);
  assert.deepEqual(await ids("--until", "1h"), []);
  const usage = await af(["runs", "--since", "yesterday"], { cwd });
  assert.equal(usage.code, 2);
  const table = await af(["runs", "--limit", "1"], { cwd });
  assert.match(table.stdout, /^RUN +WORKFLOW +STATUS/);
  assert.match(table.stderr, /More: af runs --after d --limit 1\n/);
});

test("a run is found by a beginning of its id that fits only one, and as last", async (context) => {
  const cwd = temporaryFolder(context);
  for (const runId of ["same-1", "same-2", "other"]) await startGreet(cwd, runId);
  const shown = async (given: string): Promise<string> => {
    const ended = await af(["show", given, "--json"], { cwd });
    const { runId, error } = JSON.parse(ended.stdout);
    return runId ?? error.code;
  };
  assert.equal(await shown("oth"), "other");
  assert.equal(await shown("last"), "other");
  assert.equal(await shown("same-1"), "same-1");
  assert.equal(await shown("same"), "AF_USAGE");
});

test("af show prints the shape of af run, and a failure on one screen", async (context) => {
  const cwd = temporaryFolder(context);
  const gate = join(cwd, "gate");
  const run = await af(
    ["run", fixture("workflows/gated.ts"), "--input", JSON.stringify({ gate }), "--json"],
    { cwd },
  );
  const show = await af(["show", "last", "--json"], { cwd });
  assert.equal(show.code, 0, show.stderr);
  assert.deepEqual(JSON.parse(show.stdout), JSON.parse(run.stdout));
  const screen = await af(["show", "last"], { cwd });
  assert.equal(screen.code, 0, screen.stderr);
  const wanted = [
    "✖ failed",
    "the gate is closed",
    "no file",
    "step 1.pass",
    "its input",
    "prepared",
    "last good output",
  ];
  for (const part of wanted) assert.ok(screen.stdout.includes(part), `${part} in\n${screen.stdout}`);
  assert.ok(screen.stdout.split("\n").length <= 30, screen.stdout);
});

test("af tail prints every event once, in order, and filters them", async (context) => {
  const cwd = temporaryFolder(context);
  await af(["run", wordCount, "--input", '{"text":"a bc"}'], { cwd });
  const tail = async (...words: string[]): Promise<Record<string, unknown>[]> => {
    const ended = await af(["tail", "last", "--json", ...words], { cwd });
    assert.equal(ended.code, 0, ended.stderr);
    return lines(ended.stdout);
  };
  const all = await tail();
  assert.deepEqual(
    all.map((event) => event["seq"]),
    all.map((_, index) => index + 1),
  );
  assert.deepEqual(
    lines(readFileSync(join(cwd, "runs", String(all[0]?.["runId"]), "events.jsonl"), "utf8")),
    all,
  );
  assert.equal(all.at(-1)?.["type"], "run.succeeded");
  const io = await tail("--type", "io.*", "--type", "file.written");
  assert.deepEqual(
    io.map((event) => event["type"]),
    ["io.succeeded", "io.succeeded", "file.written"],
  );
  const measured = await tail("--step", "measure", "--level", "INFO");
  assert.deepEqual([...new Set(measured.map((event) => event["step"]))], ["1.measure[0]", "1.measure[1]"]);
  assert.ok(measured.every((event) => event["level"] !== "DEBUG"));
  for (const from of [2, 5, all.length])
    assert.deepEqual(await tail("--from", String(from)), all.slice(from - 1));
  const past = await af(["tail", "last", "--from", String(all.length + 2), "--json"], { cwd });
  assert.equal(past.code, 3);
  assert.equal(JSON.parse(past.stdout).error.code, "AF_CURSOR");
});

test("af tail -f follows the run of another process to its end", async (context) => {
  const cwd = temporaryFolder(context);
  const gate = Promise.withResolvers<void>();
  let release: (() => void) | undefined;
  const run = af(["run", slow, "--run-id", "s"], {
    cwd,
    onProgress(stderr, signal) {
      if (!stderr.includes("0.quick")) return;
      release = () => signal("SIGINT");
      gate.resolve();
    },
  });
  await gate.promise;
  // The follower sees the parked run resume and succeed.
  const follower = af(["tail", "s", "-f", "--json"], { cwd });
  release?.();
  assert.equal((await run).code, 130);
  assert.equal((await af(["resume", "s"], { cwd, env: { SLOW_PASSES: "1" } })).code, 0);
  const followed = await follower;
  assert.equal(followed.code, 0, followed.stderr);
  const types = lines(followed.stdout).map((event) => event["type"]);
  assert.equal(types[0], "run.started");
  assert.ok(types.includes("run.parked"));
  assert.equal(types.at(-1), "run.succeeded");
});

test("a reader that leaves early ends af quietly", async (context) => {
  const cwd = temporaryFolder(context);
  const text = Array.from({ length: 2_000 }, (_, index) => `w${index}`).join(" ");
  const run = await af(["run", wordCount, "--input", "-", "--quiet"], {
    cwd,
    input: JSON.stringify({ text }),
  });
  assert.equal(run.code, 0, run.stderr);
  const script = `"${process.execPath}" "${main}" tail last --json | head -1; echo "\${PIPESTATUS[0]}"`;
  const piped = spawnSync("bash", ["-c", script], { cwd, encoding: "utf8" });
  const [first, code] = piped.stdout.trim().split("\n");
  assert.equal(JSON.parse(first ?? "").seq, 1);
  assert.equal(code, "0");
  assert.equal(piped.stderr, "");
});

test("data that cannot be written makes the command fail", { skip: noFullDevice }, async (context) => {
  const cwd = temporaryFolder(context);
  const script = `"${process.execPath}" "${main}" config > /dev/full`;
  const ended = spawnSync("bash", ["-c", script], { cwd, encoding: "utf8" });
  assert.equal(ended.status, 1);
  assert.match(ended.stderr, /^error: standard output cannot be written: .*ENOSPC.*\n$/);
});

function filesBelow(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return new Map(files.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

test("a run directory that was deleted is rebuilt to the same bytes", async (context) => {
  const cwd = temporaryFolder(context);
  await af(["run", wordCount, "--input", '{"text":"a bc"}', "--run-id", "r"], { cwd });
  const before = filesBelow(join(cwd, "runs/r"));
  assert.ok(before.has("manifest.json") && before.has("events.jsonl"));
  rmSync(join(cwd, "runs/r"), { recursive: true });
  const rebuilt = await af(["rebuild", "r", "--json"], { cwd });
  assert.equal(rebuilt.code, 0, rebuilt.stderr);
  assert.equal(JSON.parse(rebuilt.stdout).runId, "r");
  assert.deepEqual(filesBelow(join(cwd, "runs/r")), before);
});

test("a bare run directory becomes a run of another store", async (context) => {
  const [cwd, elsewhere] = [temporaryFolder(context), temporaryFolder(context)];
  await af(["run", wordCount, "--input", '{"text":"a bc"}', "--run-id", "r"], { cwd });
  const original = JSON.parse((await af(["show", "r", "--json"], { cwd })).stdout);
  cpSync(join(cwd, "runs/r"), join(elsewhere, "copy"), { recursive: true });
  const imported = await af(["import", "copy", "--json"], { cwd: elsewhere });
  assert.equal(imported.code, 0, imported.stderr);
  const { runId, importedFrom } = JSON.parse(imported.stdout);
  assert.equal(importedFrom, "r");
  assert.notEqual(runId, "r");
  const shown = JSON.parse((await af(["show", runId, "--json"], { cwd: elsewhere })).stdout);
  assert.deepEqual([shown.state, shown.steps], [original.state, original.steps]);
  assert.equal((await af(["replay", runId, "--file", wordCount], { cwd: elsewhere })).code, 0);
});

test("af validate --json follows its published schema, also when something is wrong", async (context) => {
  const cwd = temporaryFolder(context);
  const check = new Ajv2020().compile(validateSchema);
  const good = await af(["validate", greet, "--json"], { cwd });
  assert.equal(good.code, 0, good.stdout);
  assert.ok(check(JSON.parse(good.stdout)), JSON.stringify(check.errors));
  const bad = await af(["validate", greet, fixture("broken/syntax.ts"), "--json"], { cwd });
  assert.equal(bad.code, 3);
  assert.ok(check(JSON.parse(bad.stdout)), JSON.stringify(check.errors));
  assert.match(bad.stdout, /syntax\.ts:1/);
  assert.deepEqual(readdirSync(cwd), []);
});

test("af graph draws text, mermaid and JSON of one workflow", async (context) => {
  const cwd = temporaryFolder(context);
  const file = fixture("workflows/review-loop.ts");
  const drawn = async (...words: string[]): Promise<string> => {
    const ended = await af(["graph", file, ...words], { cwd });
    assert.equal(ended.code, 0, ended.stderr);
    return ended.stdout;
  };
  assert.match(await drawn(), /\[check\] {2}\(nested check\)/);
  assert.match(await drawn("--format", "mermaid"), /^(?:flowchart|graph|---)/);
  const description = JSON.parse(await drawn("--format", "json"));
  assert.equal(description.name, "review-loop");
  assert.match(description.fingerprint, /^[0-9a-f]{64}$/);
});
