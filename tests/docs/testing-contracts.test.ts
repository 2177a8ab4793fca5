import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { isTypeScript, readRepository, repositoryRoot } from "../rules/repository.ts";

const page = "docs/testing-contracts.md";
const ellipsis = "…";
/** What registers a test under a name, or under a promise of a contract suite. */
const registering = /^(test|\w+Test|contract)$/;

interface Reference {
  readonly line: number;
  readonly path: string;
  readonly names: readonly string[];
}

/** The sources that a page links in its tables, with the test names that it quotes behind each link. */
function referencesOf(text: string): Reference[] {
  return text.split("\n").flatMap((row, index) => {
    if (!row.startsWith("|")) return [];
    const links = row.matchAll(/\[[^\]]+\]\(([^)]+\.ts)\)(: "[^"]+"(?:, "[^"]+")*)?/g);
    return [...links].map(([, target = "", quotes = ""]) => ({
      line: index + 1,
      path: posix.join("docs", target),
      names: [...quotes.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name),
    }));
  });
}

/** A text of the source as the page quotes it: what differs from case to case is an ellipsis. */
function quotedText(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(ellipsis);
}

/** The names under which a source registers tests. */
function testNamesOf(path: string, text: string): Set<string> {
  const names = new Set<string>();
  const walk = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      ts.isIdentifier(node.expression) &&
      registering.test(node.expression.text)
    )
      for (const argument of node.arguments) names.add(quotedText(argument) ?? "");
    ts.forEachChild(node, walk);
  };
  walk(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return names;
}

/** Finds files that are not there, links without a quoted name, and names that no test of the file has. */
function brokenReferences(text: string, sources: ReadonlyMap<string, string>): string[] {
  const known = new Map<string, Set<string>>();
  return referencesOf(text).flatMap(({ line, path, names }) => {
    const source = sources.get(path);
    if (source === undefined) return [`${line}: there is no ${path}`];
    if (names.length === 0) return [`${line}: no test of ${path} is named`];
    const found = known.get(path) ?? testNamesOf(path, source);
    known.set(path, found);
    return names.filter((name) => !found.has(name)).map((name) => `${line}: ${path} has no test "${name}"`);
  });
}

test("a missing file, a link without a name and a name that no test has are found", () => {
  const sources = new Map([
    [
      "tests/a.test.ts",
      `test("one", () => {}); test(\`two (\${x}, \${y})\`, () => {}); storeTest(name, "three", factory); note("four");`,
    ],
  ]);
  const row = (rest: string): string => `| promise | S4 | [a.test.ts](../tests/a.test.ts)${rest} | it |`;
  assert.deepEqual(brokenReferences(row(': "one", "two (…, …)", "three"'), sources), []);
  assert.deepEqual(brokenReferences(row(': "one", "on"'), sources), ['1: tests/a.test.ts has no test "on"']);
  assert.deepEqual(brokenReferences(row(': "four"'), sources), ['1: tests/a.test.ts has no test "four"']);
  assert.deepEqual(brokenReferences(row(""), sources), ["1: no test of tests/a.test.ts is named"]);
  assert.deepEqual(brokenReferences('| p | S4 | [b](../b.ts): "one" | it |', sources), [
    "1: there is no b.ts",
  ]);
});

test("every file and every test that docs/testing-contracts.md names exists", () => {
  const text = readFileSync(join(repositoryRoot, page), "utf8").replaceAll("\r\n", "\n");
  const sources = readRepository().filter(({ path }) => isTypeScript(path));
  assert.ok(referencesOf(text).length > 100, "the page has its tables");
  assert.deepEqual(brokenReferences(text, new Map(sources.map((each) => [each.path, each.text]))), []);
});

test("every promise of the page has its source, its tests and what they would catch", () => {
  const text = readFileSync(join(repositoryRoot, page), "utf8");
  const [held = "", open = ""] = text.split("## Not held by a test");
  const cellsOf = (part: string): string[][] =>
    part
      .split("\n")
      .filter((line) => line.startsWith("|") && !/^\| *(promise|-)/.test(line))
      .map((line) => line.split(/(?<!\\)\|/).slice(1, -1));
  for (const [rows, width] of [
    [cellsOf(held), 4],
    [cellsOf(open), 3],
  ] as const) {
    assert.ok(rows.length > 0);
    for (const cells of rows) {
      assert.equal(cells.length, width, cells[0]);
      assert.ok(
        cells.every((cell) => cell.trim() !== "" && cell.trim() !== "undefined"),
        cells[0],
      );
    }
  }
  for (const cells of cellsOf(held)) assert.match(cells[2] ?? "", /\.ts\): "/, cells[0]);
});
