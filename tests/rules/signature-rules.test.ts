import assert from "node:assert/strict";
import { test } from "node:test";
import { unexportedTypes } from "./signature-rules.ts";

const main = (...lines: readonly string[]): { name: string; text: string } => ({
  name: "main",
  text: lines.join("\n"),
});

test("a type that a parameter, a result, a member, a base or another type mentions is found", () => {
  const hidden = "interface Hidden {}";
  for (const line of [
    "declare function own(given: readonly Hidden[]): void;",
    "declare function own(): Promise<Hidden>;",
    "declare function own<Given extends Hidden>(): void;",
    "declare const own: Hidden;",
    "interface own { part?: Hidden | undefined }",
    "interface own extends Hidden {}",
    "declare class own { constructor(given: Hidden); }",
    "type own = { readonly part: Hidden } | string;",
  ]) {
    assert.deepEqual(
      unexportedTypes([main(hidden, line, "export { own };")]),
      ["main: own mentions Hidden"],
      line,
    );
    assert.deepEqual(unexportedTypes([main(hidden, line, "export { own, type Hidden };")]), [], line);
  }
});

test("a function whose result alone has a type is found", () => {
  const lines = ["declare function hidden(): string;", "declare const own: ReturnType<typeof hidden>;"];
  assert.deepEqual(unexportedTypes([main(...lines, "export { own };")]), ["main: own mentions hidden"]);
});

test("every signature of an overloaded function counts", () => {
  const lines = [
    "interface Hidden {}",
    "declare function own(): void;",
    "declare function own(given: Hidden): void;",
  ];
  assert.deepEqual(unexportedTypes([main(...lines, "export { own };")]), ["main: own mentions Hidden"]);
});

test("what nobody can call or see is left out: private members, the constructor of a type, a worked-out type", () => {
  const text = main(
    "interface Hidden {}",
    "declare class Kept { constructor(given: Hidden); private part: Hidden; #private; }",
    "type Chosen<Given> = Given extends Hidden ? 1 : 2;",
    "type Mapped<Given> = { [Name in keyof Given]: Hidden };",
    "declare const table: { readonly one: 1 };",
    "type Name = keyof typeof table;",
    "export { type Chosen, type Kept, type Mapped, type Name };",
  );
  assert.deepEqual(unexportedTypes([text]), []);
});

test("a library's own types and type parameters are nobody's to export", () => {
  assert.deepEqual(
    unexportedTypes([main("declare function own<Given>(given: Given): Promise<Given>;", "export { own };")]),
    [],
  );
});

test("a subpath may leave a type to the main entry, not the main entry to a subpath, unless it is a part", () => {
  const lines = ["interface Part {}", "interface Whole { part: Part }"];
  const entry = (name: string, exported: string): { name: string; text: string } => ({
    ...main(...lines, `export { ${exported} };`),
    name,
  });
  assert.deepEqual(unexportedTypes([entry("main", "type Part"), entry("sub", "type Whole")]), []);
  const reversed = [entry("main", "type Whole"), entry("sub", "type Part")];
  assert.deepEqual(unexportedTypes(reversed), ["main: Whole mentions Part"]);
  assert.deepEqual(unexportedTypes(reversed, new Map([["Whole", "sub"]])), []);
  assert.deepEqual(unexportedTypes(reversed, new Map([["Whole", "other"]])), ["main: Whole mentions Part"]);
});

test("an entry that exports everything of another is refused", () => {
  assert.throws(() => unexportedTypes([main('export * as own from "./own.js";')]), /does not name/);
});
