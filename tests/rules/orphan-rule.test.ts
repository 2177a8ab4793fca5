import assert from "node:assert/strict";
import { test } from "node:test";
import { orphans } from "./orphan-rule.ts";
import type { RepositoryFile } from "./repository.ts";

function found(sources: Record<string, string>): string[] {
  const files: RepositoryFile[] = Object.entries(sources).map(([path, text]) => ({ path, text }));
  return orphans(files).map(({ path }) => path);
}

const entry = { "packages/core/src/index.ts": 'export { own } from "./graph/own.ts";' };

test("a source that the entry reaches over another file is no orphan", () => {
  const own = 'import type { Deep } from "../deep.ts";\nexport const own: Deep = 1;';
  assert.deepEqual(
    found({ ...entry, "packages/core/src/graph/own.ts": own, "packages/core/src/deep.ts": "" }),
    [],
  );
});

test("a source that nobody imports is found", () => {
  const sources = { ...entry, "packages/core/src/graph/own.ts": "", "packages/core/src/lost.ts": "" };
  assert.deepEqual(found(sources), ["packages/core/src/lost.ts"]);
});

test("a source that only its own test imports is found", () => {
  const sources = {
    "packages/core/src/lost.ts": "",
    "packages/core/src/lost.test.ts": 'import "./lost.ts";',
  };
  assert.deepEqual(found(sources), ["packages/core/src/lost.ts"]);
});

test("two orphans that import each other are both found", () => {
  const sources = {
    "packages/core/src/a.ts": 'import "./b.ts";',
    "packages/core/src/b.ts": 'import "./a.ts";',
  };
  assert.deepEqual(found(sources), ["packages/core/src/a.ts", "packages/core/src/b.ts"]);
});

test("a file started by its URL is no orphan", () => {
  const sources = {
    "packages/core/src/index.ts": 'export const url = new URL("./child.ts", import.meta.url);',
    "packages/core/src/child.ts": "",
  };
  assert.deepEqual(found(sources), []);
});

test("test support that no test uses is found", () => {
  assert.deepEqual(found({ "tests/lost.ts": "", "tests/own.test.ts": "" }), ["tests/lost.ts"]);
});

test("a script is reached from package.json", () => {
  const scripts = { "scripts/used.ts": "", "scripts/lost.ts": "" };
  const manifest = '{ "scripts": { "test": "node scripts/bootstrap.mjs scripts/used.ts" } }';
  assert.deepEqual(found({ ...scripts, "package.json": manifest }), ["scripts/lost.ts"]);
});

test("a fixture is alive where a test uses it, and keeps nothing else alive", () => {
  const sources = {
    "packages/core/src/own.test.ts": 'import "./used.fixture.ts";',
    "packages/core/src/used.fixture.ts": 'import "./lost.ts";',
    "packages/core/src/lost.ts": "",
    "packages/core/src/lost.fixture.ts": "",
  };
  assert.deepEqual(found(sources), ["packages/core/src/lost.ts", "packages/core/src/lost.fixture.ts"]);
});
