import assert from "node:assert/strict";
import { test } from "node:test";
import { places, type RepositoryFile } from "./repository.ts";
import {
  anyTypes,
  bannedMarks,
  barrels,
  defaultExports,
  emptyCatches,
  switchedTests,
} from "./source-rules.ts";

const own = "packages/core/src/own.ts";
const source = (text: string, path = own): RepositoryFile[] => [{ path, text }];

test("the type any is found, the word is not", () => {
  assert.deepEqual(places(anyTypes(source("const any = 1;\nconst own = any as any;\n"))), [`${own}:2`]);
});

test("every form of a default export is found", () => {
  for (const text of [
    "export default 1;",
    "export default function own() {}",
    "export { own as default };",
  ]) {
    assert.deepEqual(places(defaultExports(source(text))), [`${own}:1`], text);
  }
  assert.deepEqual(defaultExports(source("export function own() {}")), []);
  assert.deepEqual(defaultExports(source("export default {};", "packages/agentflow/tsdown.config.ts")), []);
});

test("a re-export is found outside a package's entry, export * also there", () => {
  const named = 'export { own } from "./own.ts";';
  const entry = "packages/core/src/index.ts";
  assert.deepEqual(barrels(source(named, entry)), []);
  assert.deepEqual(places(barrels(source(named, "packages/core/src/graph/index.ts"))), [
    "packages/core/src/graph/index.ts:1",
  ]);
  assert.deepEqual(places(barrels(source('export * from "./own.ts";', entry))), [`${entry}:1`]);
  const subpath = "packages/core/src/parts.ts";
  const manifest = {
    path: "packages/core/package.json",
    text: '{ "exports": { "./parts": "./src/parts.ts" } }',
  };
  assert.deepEqual(barrels([manifest, ...source(named, subpath)]), []);
  assert.deepEqual(places(barrels(source(named, subpath))), [`${subpath}:1`]);
});

test("a swallowed error is found, also under a comment", () => {
  for (const text of [
    "try { a(); } catch {}",
    "try { a(); } catch (error) { /* fine */ }",
    "a().catch(() => {});",
    "a().catch(() => undefined);",
  ]) {
    assert.deepEqual(places(emptyCatches(source(text))), [`${own}:1`], text);
  }
  assert.deepEqual(
    emptyCatches(source("try { a(); } catch (error) { report(error); }\na().catch(report);")),
    [],
  );
});

test("a test that is switched off or runs alone is found, a skip with a reason is not", () => {
  const path = "packages/core/src/own.test.ts";
  for (const text of [
    'test.only("a", () => {});',
    'test.skip("a", () => {});',
    'test.todo("a");',
    'describe.skip("a", () => {});',
    'test("a", { skip: true }, () => {});',
    'test("a", { only: true }, () => {});',
    'test("a", { todo: "later" }, () => {});',
    'test("a", (t) => { t.skip(); });',
  ]) {
    assert.deepEqual(places(switchedTests(source(text, path))), [`${path}:1`], text);
  }
  const reasoned = 'test("a", { skip: "no server" }, () => {});\ntest("b", (t) => { t.skip("no server"); });';
  assert.deepEqual(switchedTests(source(reasoned, path)), []);
});

test("a comment that silences a check or leaves work behind is found", () => {
  for (const text of [
    "// @ts-ignore because\nown();",
    "// @ts-nocheck\nown();",
    "// @ts-expect-error wrong key\nown();",
    "// biome-ignore lint/style/useConst:\nown();",
    "/* node:coverage ignore next */\nown();",
    "own(); // TODO later",
  ]) {
    assert.deepEqual(places(bannedMarks(source(text))), [`${own}:1`], text);
  }
  assert.deepEqual(
    bannedMarks(source("// biome-ignore lint/style/useConst: the loop assigns it\nown();")),
    [],
  );
  assert.deepEqual(bannedMarks(source('const text = "TODO";')), []);
});

test("a type test says which type error it expects", () => {
  const path = "packages/core/src/own.types.test.ts";
  assert.deepEqual(bannedMarks(source("// @ts-expect-error an extra key\nown();", path)), []);
  assert.deepEqual(places(bannedMarks(source("// @ts-expect-error\nown();", path))), [`${path}:1`]);
});
