import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("main.ts", import.meta.url));
const lighthouse = fileURLToPath(new URL("fixtures/lighthouse", import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "research-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

function start(directory: string, words: readonly string[]): Promise<Ended> {
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith("AF_"));
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [program, ...words],
      { cwd: directory, env: Object.fromEntries(environment) },
      (error, stdout, stderr) => {
        if (error === null) resolve({ code: 0, stdout, stderr });
        else if (typeof error.code === "number") resolve({ code: error.code, stdout, stderr });
        else reject(error);
      },
    );
  });
}

test("the example shows progress, prints the path of the report, and the next commands with the run's id", async () => {
  await using folder = await temporaryFolder();
  const { code, stdout, stderr } = await start(folder.path, [
    "--docs",
    lighthouse,
    "--question",
    "What happens when the lamp fails?",
  ]);
  assert.equal(code, 0, stderr);
  const report = await readFile(join(folder.path, stdout.trim()), "utf8");
  assert.match(report, /hang the reserve lantern/);
  const [, runId] = /^runs[/\\](\w+)[/\\]artifacts[/\\]report\.md\n$/.exec(stdout) ?? [];
  assert.match(stderr, /step\.succeeded +1\.read\[3\]/);
  for (const command of ["show", "tail", "replay"]) {
    assert.ok(stderr.includes(`  npx af ${command} ${runId}\n`), command);
  }
  assert.deepEqual((await readdir(folder.path)).sort(), [".agentflow", "runs"]);
});

test("--json prints the run as one object", async () => {
  await using folder = await temporaryFolder();
  const { code, stdout } = await start(folder.path, ["--docs", lighthouse, "--question", "fog", "--json"]);
  assert.equal(code, 0);
  const { status, state, steps } = JSON.parse(stdout);
  assert.equal(status, "succeeded");
  assert.equal(state.report, "report.md");
  assert.equal(steps.length, 9);
});

test("what no run can answer is refused with the documented exit code and leaves nothing behind", async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "empty"));
  const refused: readonly (readonly [readonly string[], number, RegExp])[] = [
    [["--question", ""], 3, /^error AF_INPUT_INVALID The question is empty\.\n {2}hint /],
    [["--question", "what is it"], 3, /names nothing to look for/],
    [["--docs", "gone"], 3, /The folder .*gone cannot be read \(ENOENT\)/],
    [["--docs", "empty"], 3, /The folder .*empty holds no documents/],
    [["--docs", ""], 2, /^error AF_USAGE --docs is empty/],
    [
      ["--dcos", "."],
      2,
      /^error AF_USAGE Unknown option '--dcos'\.\n {2}hint .*\n {2}docs {2}docs\/errors\/AF_USAGE\.md\n$/,
    ],
  ];
  for (const [words, code, message] of refused) {
    const ended = await start(folder.path, words);
    assert.equal(ended.code, code, words.join(" "));
    assert.match(ended.stderr, message);
    assert.equal(ended.stdout, "");
  }
  assert.deepEqual(await readdir(folder.path), ["empty"]);
});

test("an error is one JSON object too when JSON is asked for", async () => {
  await using folder = await temporaryFolder();
  const { code, stdout } = await start(folder.path, ["--docs", "gone", "--json"]);
  assert.equal(code, 3);
  assert.equal(JSON.parse(stdout).error.code, "AF_INPUT_INVALID");
});

test("--help says what can be asked, and runs nothing", async () => {
  await using folder = await temporaryFolder();
  const { code, stdout } = await start(folder.path, ["--help"]);
  assert.equal(code, 0);
  assert.match(
    stdout,
    /usage: npm start -- \[--question TEXT\] \[--docs FOLDER\] \[--model MODEL\] \[--json\]/,
  );
  assert.deepEqual(await readdir(folder.path), []);
});
