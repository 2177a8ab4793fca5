import assert from "node:assert/strict";
import { test } from "node:test";
import { isContentWord, termsOf, wordsOf } from "./terms.ts";

test("forms of one word are one term", () => {
  const [term] = termsOf("failure");
  assert.deepEqual(termsOf("Failures FAILURE"), [term, term]);
});

test("stop words and lone letters are no terms, also with a typographic apostrophe", () => {
  assert.deepEqual(termsOf("What is it that a keeper doesn’t do?"), termsOf("keeper"));
  assert.equal(isContentWord("x"), false);
});

test("a compound is found as a whole and by its parts", () => {
  const terms = termsOf("safeWrite");
  assert.ok(termsOf("safe write").every((term) => terms.includes(term)));
  assert.equal(terms.length, 3);
  assert.deepEqual(wordsOf("fog-signal, don't"), ["fog-signal", "don't"]);
});

test("words of any script are terms", () => {
  assert.deepEqual(termsOf("Größe маяк 灯台"), ["größe", "маяк", "灯台"]);
});
