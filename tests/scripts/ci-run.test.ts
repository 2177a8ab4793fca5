import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../.ci/run", import.meta.url));
const manifest = fileURLToPath(new URL("../../package.json", import.meta.url));
const skip = process.platform === "win32" ? "the hosted workflow runs the stages there" : false;
const folders: string[] = [];

after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Runs the stages with a stand-in for npm that answers `npm ... STAGE` with the shell text given for it. */
function runStages(answers: Record<string, string>): {
  status: number | null;
  lines: string[];
  stages: string[];
} {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-ci-"));
  folders.push(folder);
  mkdirSync(join(folder, ".ci"));
  mkdirSync(join(folder, "bin"));
  copyFileSync(script, join(folder, ".ci", "run"));
  const cases = Object.entries(answers).map(([stage, answer]) => `  *" ${stage}"*) ${answer} ;;`);
  const npm = ["#!/bin/sh", `echo "$*" >> "${folder}/stages"`, 'case " $*" in', ...cases, "esac", ""].join(
    "\n",
  );
  writeFileSync(join(folder, "bin", "npm"), npm);
  chmodSync(join(folder, "bin", "npm"), 0o755);
  const path = `${join(folder, "bin")}${delimiter}${process.env["PATH"]}`;
  const { status, stdout } = spawnSync("bash", [join(folder, ".ci", "run")], {
    encoding: "utf8",
    input: "an answer nobody asked for\n",
    cwd: tmpdir(),
    env: { ...process.env, PATH: path },
  });
  const stages = readFileSync(join(folder, "stages"), "utf8").trim().split("\n");
  return { status, lines: stdout.trimEnd().split("\n"), stages };
}

const green = { coverage: 'echo "5 passed, 0 failed"' };

test("every stage runs in order and the tests give the closing line", { skip }, () => {
  const { status, lines, stages } = runStages(green);
  assert.equal(status, 0);
  assert.equal(lines.at(-1), "5 passed, 0 failed");
  const names = stages.map((stage) => stage.replace("run --silent ", "").split(" ")[0]);
  assert.deepEqual(names, ["ci", "lint", "types", "floors", "dead", "rules", "coverage"]);
});

test("each stage after the install is a script of package.json", { skip }, () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(manifest, "utf8"));
  const names = runStages(green)
    .stages.slice(1)
    .map((stage) => stage.replace("run --silent ", ""));
  assert.deepEqual(
    names.filter((name) => scripts[name] === undefined),
    [],
  );
});

for (const stage of ["ci", "lint", "types", "floors", "dead", "rules"]) {
  test(`a failure of "${stage}" stops the run, names the stage and keeps the closing line`, { skip }, () => {
    const { status, lines, stages } = runStages({ ...green, [stage]: "exit 3" });
    assert.equal(status, 1);
    assert.equal(lines.at(-1), "0 passed, 1 failed");
    assert.match(lines.at(-2) ?? "", /^Stage ".*" failed\. Run it alone with: npm /);
    assert.match(stages.at(-1) ?? "", new RegExp(`\\b${stage}\\b`));
  });
}

test("failed tests fail the run with their own closing line", { skip }, () => {
  const { status, lines } = runStages({ coverage: 'echo "4 passed, 1 failed"; exit 1' });
  assert.equal(status, 1);
  assert.equal(lines.at(-1), "4 passed, 1 failed");
});

test("tests that end before their result fail the run", { skip }, () => {
  const { status, lines } = runStages({ coverage: "echo partial" });
  assert.equal(status, 1);
  assert.equal(lines.at(-1), "0 passed, 1 failed");
});

test("services are required and nothing waits for an answer", { skip }, () => {
  const { status } = runStages({ ...green, lint: 'test "$AF_REQUIRE_SERVICES" = 1 && ! read -r answer' });
  assert.equal(status, 0);
});
