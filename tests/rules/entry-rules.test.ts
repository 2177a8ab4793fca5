import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyPackages, undocumentedExports } from "./entry-rules.ts";
import type { RepositoryFile } from "./repository.ts";

const entry = (text: string): RepositoryFile => ({ path: "packages/planted/src/index.ts", text });

test("a package whose entry is missing or exports nothing is found", () => {
  const manifest = { path: "packages/planted/package.json", text: "{}" };
  const found = (...files: RepositoryFile[]): number => emptyPackages([manifest, ...files]).length;
  assert.equal(found(), 1);
  assert.equal(found(entry("export {};\n")), 1);
  assert.equal(found(entry('export { own } from "./own.ts";\n')), 0);
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

test("an export with a doc comment passes", () => {
  assert.deepEqual(undocumentedExports([entry("/** Doc. */\nexport const first = 1;")]), []);
});
