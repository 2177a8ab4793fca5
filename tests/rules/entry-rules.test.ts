import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyPackages, undocumentedExports } from "./entry-rules.ts";
import type { RepositoryFile } from "./repository.ts";

const entry = (text: string): RepositoryFile => ({ path: "packages/planted/src/index.ts", text });

test("a package without an entry, or with one that is missing or exports nothing, is found", () => {
  const path = "packages/planted/package.json";
  const manifest = { path, text: '{ "exports": { ".": "./src/index.ts" } }' };
  const found = (...files: RepositoryFile[]): number => emptyPackages(files).length;
  assert.equal(found({ path, text: "{}" }), 1);
  assert.equal(found(manifest), 1);
  assert.equal(found(manifest, entry("export {};\n")), 1);
  assert.equal(found(manifest, entry('export { own } from "./own.ts";\n')), 0);
});

test("a subpath may be a program, but not a missing one", () => {
  const manifest = {
    path: "packages/planted/package.json",
    text: '{ "exports": { "./main": "./src/main.ts" } }',
  };
  const main = { path: "packages/planted/src/main.ts", text: "start();\n" };
  assert.deepEqual(emptyPackages([manifest, main]), []);
  assert.equal(emptyPackages([manifest]).length, 1);
});

test("an export without a doc comment is found, of whatever kind", () => {
  const text = [
    "export const first = 1;",
    "export function second(): void {}",
    "export interface Third { own: string }",
    "export type Fourth = string;",
    "export class Fifth {}",
  ].join("\n");
  const messages = undocumentedExports([entry(text)]).map(
    ({ line, message }) => `${line} ${message.split(" ")[0]}`,
  );
  assert.deepEqual(messages, ["1 first", "2 second", "3 Third", "4 Fourth", "5 Fifth"]);
});

test("an export of a subpath needs a doc comment too, any other module's does not", () => {
  const path = "packages/planted/src/sub.ts";
  const text = "export const first = 1;";
  const manifest = {
    path: "packages/planted/package.json",
    text: '{ "exports": { "./sub": "./src/sub.ts" } }',
  };
  assert.equal(undocumentedExports([manifest, { path, text }]).length, 1);
  assert.deepEqual(undocumentedExports([{ path, text }, entry("/** Doc. */\nexport const other = 1;")]), []);
});

test("an export with a doc comment passes", () => {
  assert.deepEqual(undocumentedExports([entry("/** Doc. */\nexport const first = 1;")]), []);
});
