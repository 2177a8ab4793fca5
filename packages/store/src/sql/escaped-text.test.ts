import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { escapeText, unescapeText } from "./escaped-text.ts";

const seed = Math.floor(Math.random() * 2 ** 31);
const hard = fc.constantFrom("\0", "\u0001", "\u0002", "0", "1", "d800", "\ud800", "\udfff", "a", "😀", "é");
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(hard).map((parts) => parts.join("")),
);

test(`any text comes back, and what is stored has neither NUL nor lone surrogates (seed ${seed})`, () => {
  fc.assert(
    fc.property(text, (original) => {
      const escaped = escapeText(original);
      assert.ok(escaped.isWellFormed() && !escaped.includes("\0"));
      assert.equal(unescapeText(escaped), original);
    }),
    { seed, numRuns: 2_000 },
  );
});

test(`escaped texts sort by bytes as the texts do (seed ${seed})`, () => {
  const wellFormed = text.filter((each) => each.isWellFormed());
  fc.assert(
    fc.property(wellFormed, wellFormed, (a, b) => {
      const escaped = Buffer.compare(Buffer.from(escapeText(a)), Buffer.from(escapeText(b)));
      assert.equal(escaped, Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { seed, numRuns: 2_000 },
  );
});

test("usual text is stored as it is", () => {
  for (const usual of ["", '{"a":"\\u0000\\ud800"}', "👩‍👩‍👧‍👦", "\r\n\t'\""])
    assert.equal(escapeText(usual), usual);
});
