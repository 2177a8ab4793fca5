import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "./repository.ts";
import { hostedWorkflowProblems, parseHostedWorkflow } from "./workflow-rule.ts";

const path = ".github/workflows/own.yml";
const scripts = new Set(["build", "test"]);

function problems(...steps: string[]): string[] {
  const lines = steps.map((step) => `      - ${step}`);
  const text = ["permissions: {}", "jobs:", "  own:", "    timeout-minutes: 5", "    steps:", ...lines].join(
    "\n",
  );
  return hostedWorkflowProblems([{ path, text }], scripts).map(({ message }) => message);
}

test("pinned actions, .ci/run and scripts of package.json pass", () => {
  const steps = [
    "uses: actions/checkout@v5",
    "run: .ci/run",
    "run: npm ci",
    "run: npm run build",
    "run: npm test",
  ];
  assert.deepEqual(problems(...steps), []);
});

test("an action that is not pinned is found", () => {
  for (const action of ["actions/checkout", "actions/checkout@main", "actions/checkout@latest"]) {
    assert.deepEqual(problems(`uses: ${action}`), [`job own uses ${action}: pin it to a major version, @vN`]);
  }
});

test("a command of its own, and a script that does not exist, are found", () => {
  assert.equal(problems("run: npm run gone").length, 1);
  assert.equal(problems("run: node scripts/test.ts").length, 1);
  assert.equal(problems("run: |\n          npm test\n          rm -rf dist").length, 1);
});

test("a workflow without permissions, jobs or a time limit is found", () => {
  const found = (text: string): number => hostedWorkflowProblems([{ path, text }], scripts).length;
  assert.equal(found("jobs: { own: { timeout-minutes: 5, steps: [] } }"), 1);
  assert.equal(found("permissions: {}"), 1);
  assert.equal(found("permissions: {}\njobs: { own: { steps: [] } }"), 1);
});

test("YAML that does not parse is found", () => {
  const [finding] = hostedWorkflowProblems([{ path, text: "jobs: [" }], scripts);
  assert.match(finding?.message ?? "", /^does not parse/);
});

const hosted = parseHostedWorkflow(
  readFileSync(join(repositoryRoot, ".github", "workflows", "ci.yml"), "utf8"),
);

test("the hosted workflow runs what .ci/run runs, with the package cache", () => {
  const steps = hosted.jobs?.["check"]?.steps ?? [];
  assert(steps.some((step) => step.run === ".ci/run"));
  for (const job of Object.values(hosted.jobs ?? {})) {
    const setup = job.steps?.find((step) => step.uses?.startsWith("actions/setup-node@"));
    assert.equal(setup?.with?.["cache"], "npm");
  }
});

test("every job keeps run directories when a test fails", () => {
  for (const job of Object.values(hosted.jobs ?? {})) {
    const upload = job.steps?.at(-1);
    assert.equal(upload?.if, "failure()");
    assert.match(upload?.uses ?? "", /^actions\/upload-artifact@/);
    assert.match(String(upload?.with?.["path"]), /\/runs\/\n.*\/\.agentflow\//);
    assert.equal(upload?.with?.["include-hidden-files"], true);
  }
});

test("build and tests run on Linux, macOS and Windows", () => {
  const text = JSON.stringify(hosted.jobs?.["platforms"]);
  for (const name of ["ubuntu-latest", "macos-latest", "windows-latest", "npm run build", "npm test"]) {
    assert(text.includes(name), name);
  }
});
