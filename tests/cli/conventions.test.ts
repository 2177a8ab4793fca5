import assert from "node:assert/strict";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { commands } from "../../packages/cli/src/spec/commands.ts";
import { af, afInTerminal, fixture, temporaryFolder } from "./spawn-af.ts";

const packages = join(import.meta.dirname, "../../node_modules");
const greet = fixture("workflows/greet.ts");
const asks = fixture("workflows/asks.ts");
const gated = fixture("workflows/gated.ts");

const fewSales = ["--rows", "5000", "--customers", "20", "--until", "2021-01"];

let backups = 0;
let answers = 0;
let written = 0;
/** A schedule is added in each folder in turn, and the others do something with it in the same order. */
const schedules = { add: 0, pause: 0, resume: 0, remove: 0 };
/** What follows something prints a line for each event. */
const streaming: ReadonlySet<string> = new Set(["tail", "serve"]);

/** One of the questions of the run that waits, another each time. */
function nextQuestion(): string {
  return `1.each[${answers++}]#decide[0]`;
}

function nextSchedule(action: keyof typeof schedules): readonly string[] {
  return ["schedules", action, `schedule-${++schedules[action]}`];
}

/** How each command is tried: it succeeds, on the run that `prepare` made. */
const lines: Readonly<Record<string, readonly string[] | (() => readonly string[])>> = {
  run: ["run", greet, "--input", '{"name":"Ada"}'],
  resume: ["resume", "failed"],
  replay: ["replay", "done"],
  serve: ["serve", greet, "--until-idle"],
  "schedules list": ["schedules", "list"],
  "schedules add": () => [...nextSchedule("add"), greet, "--cron", "0 9 1 1 *", "--input", '{"name":"Ada"}'],
  "schedules pause": () => nextSchedule("pause"),
  "schedules resume": () => nextSchedule("resume"),
  "schedules remove": () => nextSchedule("remove"),
  runs: ["runs"],
  show: ["show", "done"],
  tail: ["tail", "done"],
  why: ["why", "failed"],
  costs: ["costs"],
  history: ["history", "done"],
  fork: ["fork", "done", "--at", "1.shout", "--patch", '{"greeting":"Hi"}'],
  diff: ["diff", "done", "done"],
  backtest: ["backtest", greet],
  debug: ["debug", "done", "--step", "1.shout"],
  fixture: () => ["fixture", "done", "--out", `written-${++written}.test.ts`],
  approvals: ["approvals"],
  approve: () => ["approve", "waiting", nextQuestion()],
  reject: () => ["reject", "waiting", nextQuestion()],
  answer: () => ["answer", "waiting", nextQuestion(), "--value", '{"edit":"shorter"}'],
  signal: ["signal", "waiting", "news"],
  pause: ["pause", "waiting"],
  cancel: ["cancel", "waiting"],
  graph: ["graph", greet],
  validate: ["validate", greet],
  config: ["config"],
  gc: ["gc", "--dry-run"],
  rebuild: ["rebuild", "done"],
  import: ["import", "runs/done"],
  completions: ["completions", "bash"],
  migrate: ["migrate", "status"],
  backup: () => ["backup", "--to", `backup-${++backups}`],
  "analytics generate": ["analytics", "generate", ...fewSales, "--output-dir", "made"],
  "analytics export": ["analytics", "export"],
  "analytics datasets": ["analytics", "datasets", "--files"],
  "analytics test": ["analytics", "test"],
  "analytics analyze": ["analytics", "analyze", "growth", "--profile"],
  "analytics rollup": ["analytics", "rollup"],
  "analytics load": ["analytics", "load"],
  "analytics compact": ["analytics", "compact"],
  "analytics benchmark": ["analytics", "benchmark", "--suite", "aggregations", "--rows", "1000"],
  restore: ["restore", "backup", "--store", "sqlite:restored.db", "--force"],
};

const escapeCharacter = "\u001b";
// Select graphic rendition: the control sequence that colours (ECMA-48).
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence begins with the control character ESC
const coloured = /\u001b\[[\d;]+m/;

async function prepare(cwd: string): Promise<void> {
  const gate = join(cwd, "gate");
  const done = await af(["run", greet, "--input", '{"name":"Ada"}', "--run-id", "done"], { cwd });
  assert.equal(done.code, 0, done.stderr);
  const failed = await af(["run", gated, "--input", JSON.stringify({ gate }), "--run-id", "failed"], { cwd });
  assert.equal(failed.code, 1, failed.stderr);
  writeFileSync(gate, "");
  const waiting = await af(["run", asks, "--run-id", "waiting"], { cwd });
  assert.equal(waiting.code, 6, waiting.stderr);
  // The tests that `af fixture` writes import the package.
  symlinkSync(packages, join(cwd, "node_modules"), "junction");
  assert.equal((await af(["backup", "--to", "backup"], { cwd })).code, 0);
  assert.equal((await af(["analytics", "generate", ...fewSales], { cwd })).code, 0);
}

const folders = new Map<string, string>();
const cleanUps: (() => void)[] = [];

before(async () => {
  for (const name of ["pipe", "terminal", "plain"]) {
    const folder = temporaryFolder({ after: (cleanUp) => cleanUps.push(cleanUp) });
    folders.set(name, folder);
    await prepare(folder);
  }
});

after(() => {
  for (const cleanUp of cleanUps) cleanUp();
});

function folderOf(name: string): string {
  return folders.get(name) ?? assert.fail(name);
}

test("every command is tried here", () => {
  assert.deepEqual(Object.keys(lines).sort(), commands.map((command) => command.name).sort());
});

for (const [name, line] of Object.entries(lines)) {
  const words = typeof line === "function" ? line : () => line;
  test(`af ${name} in a pipe with standard input closed: data without control codes`, async () => {
    const ended = await af(words(), { cwd: folderOf("pipe") });
    assert.equal(ended.code, 0, ended.stderr);
    // What has no data to print says on standard error what it did.
    assert.ok(ended.stdout.length + ended.stderr.length > 0);
    assert.ok(!ended.stdout.includes(escapeCharacter) && !ended.stderr.includes(escapeCharacter));
  });

  test(`af ${name} --json: standard output is JSON and nothing else`, async () => {
    const ended = await af([...words(), "--json"], { cwd: folderOf("pipe") });
    assert.equal(ended.code, 0, ended.stderr);
    const printed = ended.stdout.trimEnd().split("\n");
    for (const line of printed) assert.equal(typeof JSON.parse(line), "object");
    if (!streaming.has(name)) assert.equal(printed.length, 1);
  });

  test(`af ${name} in a terminal: it ends by itself and asks nothing`, async () => {
    const ended = await afInTerminal(words(), { cwd: folderOf("terminal") });
    assert.equal(ended.code, 0, ended.screen);
    assert.ok(ended.screen.length > 0);
  });

  test(`af ${name} in a terminal with NO_COLOR: no colour`, async () => {
    const ended = await afInTerminal(words(), { cwd: folderOf("plain"), env: { NO_COLOR: "1" } });
    assert.equal(ended.code, 0, ended.screen);
    assert.doesNotMatch(ended.screen, coloured);
  });
}

test("a terminal gets colour, a pipe with FORCE_COLOR or --color always too, and --color never wins", async () => {
  const cwd = folderOf("pipe");
  assert.match((await afInTerminal(["runs"], { cwd })).screen, coloured);
  assert.doesNotMatch((await afInTerminal(["runs", "--color", "never"], { cwd })).screen, coloured);
  assert.match((await af(["runs"], { cwd, env: { FORCE_COLOR: "1" } })).stdout, coloured);
  assert.match((await af(["runs", "--color=always"], { cwd, env: { NO_COLOR: "1" } })).stdout, coloured);
});

test("--help shows examples on standard output and ends with 0; a bare af shows help on standard error and ends with 2", async () => {
  const cwd = folderOf("pipe");
  for (const { name, examples } of commands) {
    const help = await af([...name.split(" "), "--help"], { cwd });
    assert.equal(help.code, 0, name);
    assert.ok(help.stdout.includes(examples[0]?.line ?? ""), name);
    assert.equal(help.stderr, "");
  }
  const bare = await af([], { cwd });
  assert.deepEqual([bare.code, bare.stdout], [2, ""]);
  assert.match(bare.stderr, /Usage: af/);
  const version = await af(["--version"], { cwd });
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
});
