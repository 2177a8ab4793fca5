import assert from "node:assert/strict";
import { test } from "node:test";
import { places, type RepositoryFile } from "./repository.ts";
import {
  longFiles,
  longFunctions,
  longParameterLists,
  sizeLimits,
  wideClasses,
  widePorts,
} from "./size-rules.ts";

const source = (text: string, path = "packages/core/src/own.ts"): RepositoryFile[] => [{ path, text }];
const repeat = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join("");

test("a file of 500 lines passes and one of 501 is found", () => {
  const lines = (count: number): string => repeat(count, (index) => `export const a${index} = 1;\n`);
  assert.deepEqual(longFiles(source(lines(sizeLimits.fileLines))), []);
  assert.deepEqual(places(longFiles(source(lines(sizeLimits.fileLines + 1)))), [
    "packages/core/src/own.ts:1",
  ]);
});

test("tests and migrations are outside the size limits, test support is not shipped code either", () => {
  const text = repeat(600, () => "\n");
  for (const path of [
    "packages/core/src/own.test.ts",
    "tests/own.ts",
    "packages/store/src/migrations/own.ts",
  ]) {
    assert.deepEqual(longFiles(source(text, path)), []);
  }
});

for (const [kind, open, close] of [
  ["function", "export function own(): void {\n", "}\n"],
  ["arrow", "export const own = () => {\n", "};\n"],
  ["method", "class Own { own(): void {\n", "} }\n"],
  ["constructor", "class Own { constructor() {\n", "} }\n"],
  ["accessor", "class Own { get own() {\n", "} }\n"],
] as const) {
  test(`the lines of a ${kind} are counted`, () => {
    const body = (lines: number): string =>
      `\n/** Doc. */\n${open}${repeat(lines - 2, () => "  work();\n")}${close}`;
    assert.deepEqual(longFunctions(source(body(sizeLimits.functionLines))), []);
    assert.deepEqual(places(longFunctions(source(body(sizeLimits.functionLines + 1)))), [
      "packages/core/src/own.ts:3",
    ]);
  });
}

test("a class of 15 public methods passes, the 16th is found, hidden methods and overloads do not count", () => {
  const methods = (count: number): string => repeat(count, (index) => `m${index}(): void {}\n`);
  const hidden = "private a() {}\nprotected b() {}\n#c() {}\nm0(): void;\nget d() { return 1; }\n";
  const withCount = (count: number): string => `class Own {\n${hidden}${methods(count)}}\n`;
  assert.deepEqual(wideClasses(source(withCount(sizeLimits.publicMethods))), []);
  assert.equal(wideClasses(source(withCount(sizeLimits.publicMethods + 1))).length, 1);
});

test("four positional parameters pass and the fifth is found, in functions and in signatures", () => {
  assert.deepEqual(longParameterLists(source("function own(this: Own, a, b, c, d) {}")), []);
  assert.equal(longParameterLists(source("function own(a, b, c, d, e) {}")).length, 1);
  assert.equal(longParameterLists(source("interface Own { own(a, b, c, d, e): void }")).length, 1);
  assert.equal(longParameterLists(source("type Own = (a, b, c, d, e) => void;")).length, 1);
});

test("a port of 10 methods passes and the 11th is found, written as a method or as a property", () => {
  const port = (count: number): string =>
    `export interface Own {\n  name: string;\n${repeat(count - 1, (index) => `  m${index}(): void;\n`)}  last: () => void;\n}\n`;
  const path = "packages/core/src/ports/own.ts";
  assert.deepEqual(widePorts(source(port(sizeLimits.portMethods), path)), []);
  assert.equal(widePorts(source(port(sizeLimits.portMethods + 1), path)).length, 1);
});
