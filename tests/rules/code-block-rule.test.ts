import assert from "node:assert/strict";
import { test } from "node:test";
import { brokenSamples } from "./code-block-rule.ts";
import { places, type RepositoryFile } from "./repository.ts";

const page = (...lines: string[]): RepositoryFile => ({ path: "docs/own.md", text: lines.join("\n") });

test("samples that compile pass, and may use what Node offers and wait at the top", () => {
  const samples = page(
    "```ts",
    'import { readFile } from "node:fs/promises";',
    'await readFile("a");',
    "```",
  );
  assert.deepEqual(brokenSamples([samples]), []);
});

test("a wrong type, a wrong word and a missing import are found on their lines", () => {
  const samples = page(
    "# Page",
    "```ts",
    'const own: number = "text";',
    "```",
    "```typescript",
    "const = 1;",
    "```",
  );
  assert.deepEqual([...new Set(places(brokenSamples([samples])))], ["docs/own.md:3", "docs/own.md:6"]);
  const unknown = page("```ts", 'import { own } from "agentflow/gone";', "```");
  assert.deepEqual(places(brokenSamples([unknown])), ["docs/own.md:2"]);
});

test("a continued block sees the block before it, another block does not", () => {
  const first = ["```ts", "const own = 1;", "```"];
  assert.deepEqual(brokenSamples([page(...first, "```ts continued", "console.log(own);", "```")]), []);
  assert.deepEqual(places(brokenSamples([page(...first, "```ts", "console.log(own);", "```")])), [
    "docs/own.md:5",
  ]);
});

test("a block cannot be taken out of the check", () => {
  const samples = page("```ts no-check", "const own = 1;", "```");
  assert.deepEqual(places(brokenSamples([samples])), ["docs/own.md:1"]);
});

test("other languages are left alone", () => {
  assert.deepEqual(brokenSamples([page("```sh", "npm start", "```")]), []);
});
