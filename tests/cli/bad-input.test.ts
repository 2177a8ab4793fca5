import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { af, fixture, temporaryFolder } from "./spawn-af.ts";

interface BadInput {
  readonly name: string;
  readonly words: readonly string[];
  readonly exit: number;
  readonly code: string;
  readonly says: RegExp;
  readonly env?: Readonly<Record<string, string>>;
}

const greet = fixture("workflows/greet.ts");
const named = ["--input", '{"name":"Ada"}'];

const table: readonly BadInput[] = [
  { name: "an unknown command", words: ["rnu"], exit: 2, code: "AF_USAGE", says: /Did you mean run/ },
  {
    name: "an unknown flag",
    words: ["runs", "--stauts", "failed"],
    exit: 2,
    code: "AF_USAGE",
    says: /--status/,
  },
  {
    name: "a missing argument",
    words: ["run"],
    exit: 2,
    code: "AF_USAGE",
    says: /missing required argument 'file'/i,
  },
  {
    name: "an argument too many",
    words: ["config", "x"],
    exit: 2,
    code: "AF_USAGE",
    says: /too many arguments/i,
  },
  {
    name: "a choice that is none",
    words: ["runs", "--status", "done"],
    exit: 2,
    code: "AF_USAGE",
    says: /succeeded/,
  },
  {
    name: "a count that is none",
    words: ["runs", "--limit", "many"],
    exit: 2,
    code: "AF_USAGE",
    says: /1 to 1000/,
  },
  {
    name: "an unknown shell",
    words: ["completions", "csh"],
    exit: 2,
    code: "AF_USAGE",
    says: /bash, zsh, fish/,
  },
  {
    name: "a resume with an input",
    words: ["run", greet, "--resume", ...named],
    exit: 2,
    code: "AF_USAGE",
    says: /--input/,
  },
  {
    name: "no such file",
    words: ["run", "gone.ts"],
    exit: 5,
    code: "AF_WORKFLOW_FILE_NOT_FOUND",
    says: /gone\.ts does not exist/,
  },
  {
    name: "a file that does not compile",
    words: ["run", fixture("broken/syntax.ts")],
    exit: 3,
    code: "AF_WORKFLOW_FILE_INVALID",
    says: /syntax\.ts:1/,
  },
  {
    name: "a file that throws when it loads",
    words: ["run", fixture("broken/throws.ts")],
    exit: 3,
    code: "AF_WORKFLOW_FILE_INVALID",
    says: /throws\.ts:2: no database here/,
  },
  {
    name: "a file without a workflow",
    words: ["graph", fixture("broken/no-workflow.ts")],
    exit: 3,
    code: "AF_WORKFLOW_EXPORT",
    says: /answer/,
  },
  {
    name: "a missing export",
    words: ["run", fixture("workflows/several.ts"), "--export", "third"],
    exit: 3,
    code: "AF_WORKFLOW_EXPORT",
    says: /first, second/,
  },
  {
    name: "a graph that does not check",
    words: ["run", fixture("broken/unknown-node.ts")],
    exit: 3,
    code: "AF_GRAPH",
    says: /frist.*first/s,
  },
  {
    name: "invalid JSON",
    words: ["run", greet, "--input", "{name}"],
    exit: 3,
    code: "AF_JSON_INVALID",
    says: /--input/,
  },
  {
    name: "an input file that is not there",
    words: ["run", greet, "--input", "@gone.json"],
    exit: 3,
    code: "AF_INPUT_INVALID",
    says: /gone\.json/,
  },
  {
    name: "an input that lacks a field",
    words: ["run", greet],
    exit: 3,
    code: "AF_INPUT_INVALID",
    says: /name/,
  },
  {
    name: "an input with an unknown field",
    words: ["run", greet, "--input", '{"name":"Ada","nmae":1}'],
    exit: 3,
    code: "AF_INPUT_INVALID",
    says: /nmae/,
  },
  {
    name: "a limit out of range",
    words: ["run", greet, ...named, "--max-concurrent", "0"],
    exit: 3,
    code: "AF_CONFIG",
    says: /maxConcurrent/,
  },
  {
    name: "a variable out of range",
    words: ["run", greet, ...named],
    env: { AF_MAX_STEPS: "none" },
    exit: 3,
    code: "AF_CONFIG",
    says: /AF_MAX_STEPS/,
  },
  {
    name: "a store that does not exist in the product",
    words: ["run", greet, ...named, "--store", "mongo:x"],
    exit: 3,
    code: "AF_CONFIG",
    says: /mongo:x/,
  },
  { name: "an unknown run", words: ["show", "01UNKNOWN"], exit: 5, code: "AF_RUN_NOT_FOUND", says: /af run/ },
  {
    name: "an unknown run to resume",
    words: ["resume", "01UNKNOWN"],
    exit: 5,
    code: "AF_RUN_NOT_FOUND",
    says: /01UNKNOWN/,
  },
  {
    name: "nothing to resume",
    words: ["run", greet, "--resume"],
    exit: 5,
    code: "AF_RUN_NOT_FOUND",
    says: /greet/,
  },
  {
    name: "a folder that is no run directory",
    words: ["import", "."],
    exit: 3,
    code: "AF_IMPORT",
    says: /manifest/,
  },
];

for (const { name, words, exit, code, says, env } of table) {
  test(`${name} ends with ${exit} and ${code}, and leaves no run`, async (context) => {
    const cwd = temporaryFolder(context);
    const ended = await af([...words, "--json"], { cwd, ...(env === undefined ? {} : { env }) });
    assert.equal(ended.code, exit, ended.stderr);
    const { error } = JSON.parse(ended.stdout);
    assert.equal(error.code, code);
    assert.equal(error.docs, `docs/errors/${code}.md`);
    assert.match(ended.stderr, says);
    assert.match(ended.stderr, /hint/);
    assert.doesNotMatch(ended.stderr, /\n\s+at /, "a stack is for bugs");
    if (!existsSync(join(cwd, ".agentflow/agentflow.db"))) return;
    assert.equal((await af(["runs", "--json"], { cwd })).stdout, "[]\n");
  });
}

test("a configuration file that is broken stops every command but validate, which reports it", async (context) => {
  const cwd = temporaryFolder(context);
  writeFileSync(join(cwd, "agentflow.config.json"), '{"maxSteps": -1}');
  const runs = await af(["runs"], { cwd });
  assert.equal(runs.code, 3);
  assert.match(runs.stderr, /maxSteps from .*agentflow\.config\.json is -1/);
  const validate = await af(["validate", "--json"], { cwd });
  assert.equal(validate.code, 3);
  const { ok, checks } = JSON.parse(validate.stdout);
  assert.equal(ok, false);
  assert.match(JSON.stringify(checks), /AF_CONFIG/);
});
