import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { arrayLiteral } from "./array-literal.ts";

/** Reads an array of texts as the manual of PostgreSQL says: in quotes, a backslash before what is meant as it is. */
function readArray(literal: string): (string | null)[] {
  const elements = literal.slice(1, -1).match(/"(\\.|[^"\\])*"|[^",]+/gs) ?? [];
  return elements.map((element) =>
    element === "NULL"
      ? null
      : element.startsWith('"')
        ? element.slice(1, -1).replace(/\\(.)/gs, "$1")
        : element,
  );
}

test("an array of texts is read as it was, whatever is in them (seeded)", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({
      unit: fc.constantFrom('"', "\\", "\n", "\u0001", "\ud800", "\udc00", "😀", "a", ",", "{", "}"),
    }),
    fc.json(),
  );
  fc.assert(
    fc.property(fc.array(fc.option(text)), (values) => {
      assert.deepEqual(readArray(arrayLiteral(values)), values);
    }),
    { seed: 42, numRuns: 500 },
  );
});

test("numbers are not quoted", () => assert.equal(arrayLiteral([1, null, -2.5, "1"]), '{1,NULL,-2.5,"1"}'));
