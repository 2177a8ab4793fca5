import assert from "node:assert/strict";
import { test } from "node:test";
import { binNames, leftovers, oddDecisionNames, oddFileNames } from "./name-rules.ts";
import type { RepositoryFile } from "./repository.ts";

const named = (...paths: string[]): RepositoryFile[] => paths.map((path) => ({ path, text: "" }));
const pathsOf = (findings: { path: string }[]): string[] => findings.map(({ path }) => path);

test("a file or folder named like a bin is found", () => {
  const bad = [
    "src/utils.ts",
    "src/common/text.ts",
    "src/types.ts",
    "src/run-manager.ts",
    "src/helpers.test.ts",
  ];
  assert.deepEqual(
    pathsOf(
      binNames(named(...bad, "src/run-store.ts", "src/graph.types.test.ts", "tests/types/graph.test.ts")),
    ),
    bad,
  );
});

test("a file name that is not kebab-case is found", () => {
  const bad = ["src/runStore.ts", "src/RunStore.ts", "src/run_store.ts"];
  const good = [
    "src/run-store.ts",
    "src/run-store.test.ts",
    "src/builder.types.test.ts",
    ".dependency-cruiser.mjs",
  ];
  assert.deepEqual(pathsOf(oddFileNames(named(...bad, ...good))), bad);
});

test("a decision record has a number of its own and a kebab-case title", () => {
  const good = ["docs/adr/0001-one-store.md", "docs/adr/README.md", "docs/adr/template.md"];
  assert.deepEqual(oddDecisionNames(named(...good)), []);
  const bad = ["docs/adr/1-short.md", "docs/adr/0002-Two.md", "docs/adr/0001-taken.md"];
  assert.deepEqual(pathsOf(oddDecisionNames(named(...good, ...bad))), bad);
});

test("what an editor or a merge left behind is found", () => {
  const left = ["src/index.ts.orig", "src/index.ts.rej", "docs/notes.md~", "a.bak"];
  assert.deepEqual(pathsOf(leftovers(["src/origin.ts", "README.md", ".npmrc", ...left])), left);
});
