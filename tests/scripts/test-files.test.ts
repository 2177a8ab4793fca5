import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { testFiles } from "../../scripts/test-files.ts";

const root = mkdtempSync(join(tmpdir(), "agentflow-test-files-"));
for (const path of [
  "packages/core/src/own.test.ts",
  "packages/core/src/own.ts",
  "examples/first/dist/main.test.ts",
  "packages/core/src/graph/deep.test.ts",
  "tests/rules/rule.test.ts",
  "tests/fixtures/planted.test.ts",
  "bench/src/gate.test.ts",
  "bench/node_modules/left/src/left.test.ts",
  "examples/first/main.test.ts",
  "examples/first/node_modules/left/left.test.ts",
]) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), "");
}
after(() => rmSync(root, { recursive: true, force: true }));

const all = [
  join("bench", "src", "gate.test.ts"),
  join("examples", "first", "main.test.ts"),
  join("packages", "core", "src", "graph", "deep.test.ts"),
  join("packages", "core", "src", "own.test.ts"),
  join("tests", "rules", "rule.test.ts"),
];

test("every test of packages, tests, examples and the benchmark is found, builds, fixtures and dependencies are not", () => {
  assert.deepEqual(testFiles(root, []), all);
});

test("a file or a folder narrows the list", () => {
  assert.deepEqual(testFiles(root, ["packages/core", "tests/rules/rule.test.ts"]), all.slice(2));
});

test("a selection that matches nothing fails by name", () => {
  assert.throws(() => testFiles(root, ["packages/cor"]), /No test file matches "packages\/cor"/);
});
