import assert from "node:assert/strict";
import { test } from "node:test";
import { brokenData, brokenLinks } from "./markdown-rules.ts";
import { places, type RepositoryFile } from "./repository.ts";

const page = (text: string, path = "docs/own.md"): RepositoryFile => ({ path, text });
const other = page("# Other page\n## What it *does*: `run`\n## Twice\n## Twice\n", "docs/guide/other.md");
const paths = ["README.md", "docs/own.md", "docs/guide/other.md", "docs/picture.svg"];

test("links to files, folders, headings and the web pass", () => {
  const text = [
    "# Own heading",
    "[a](guide/other.md) [b](guide/) [c](../README.md) ![d](picture.svg) [web](https://example.org/x)",
    "[e](guide/other.md#what-it-does-run) [f](guide/other.md#twice-1) [g](#own-heading)",
    "[h]: guide/other.md",
  ].join("\n");
  assert.deepEqual(brokenLinks([page(text), other], paths), []);
});

test("a link to a missing file, heading or folder is found on its line", () => {
  const text = [
    "[a](guide/gone.md)",
    "[b](guide/other.md#gone)",
    "[c](#gone)",
    "![d](gone.svg)",
    "[e]: gone.md",
    '<img src="gone.png">',
  ].join("\n");
  assert.deepEqual(
    places(brokenLinks([page(text), other], paths)),
    [1, 2, 3, 4, 5, 6].map((line) => `docs/own.md:${line}`),
  );
});

test("what stands in code is no link", () => {
  assert.deepEqual(brokenLinks([page("`[a](gone.md)`\n```text\n[a](gone.md)\n```\n")], paths), []);
});

test("embedded JSON and YAML that does not parse is found", () => {
  const text = ["```json", "{ a: 1 }", "```", "```yaml", "a: [", "```", "```jsonl", "{}", "{", "```"].join(
    "\n",
  );
  assert.deepEqual(places(brokenData([page(text)])), ["docs/own.md:1", "docs/own.md:4", "docs/own.md:7"]);
});

test("embedded JSON and YAML that parses passes", () => {
  const text = [
    "```json",
    '{ "a": 1 }',
    "```",
    "```yaml",
    "a: [1]",
    "```",
    "```jsonl",
    "{}",
    "{}",
    "```",
  ].join("\n");
  assert.deepEqual(brokenData([page(text)]), []);
});

test("a block that is never closed is found", () => {
  assert.deepEqual(places(brokenData([page("text\n```ts\nconst a = 1;\n")])), ["docs/own.md:2"]);
});
