import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InvariantError } from "../errors/invariant.ts";
import { type SeededRandom, seededRandom } from "../identity/random.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { Json } from "./json.ts";

const seed = 20_261_120;

test("the example of RFC 8785 section 3.2 gives the bytes of the RFC", () => {
  const value = JSON.parse(
    '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
      '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
  ) as Json;
  const expected =
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
    '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}';
  assert.equal(canonicalJson(value), expected);
});

test("keys sort by UTF-16 code units, as in RFC 8785 section 3.2.3", () => {
  const value = { "€": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "\u0080": 6, ö: 7 };
  assert.deepEqual(canonicalJson(value).match(/:\d/g), [":2", ":4", ":6", ":7", ":1", ":5", ":3"]);
});

test("integer-like keys sort as text where JavaScript enumerates them as numbers", () => {
  assert.equal(canonicalJson({ 9: "a", 10: "b" }), '{"10":"b","9":"a"}');
  assert.equal(canonicalJson({ 1: "a", "-": "b" }), '{"-":"b","1":"a"}');
  assert.equal(
    canonicalJson({ b: { 9: 0, 10: [{ d: 1, c: 2 }] }, a: -0 }),
    '{"a":0,"b":{"10":[{"c":2,"d":1}],"9":0}}',
  );
});

test("a lone surrogate is written as an escape", () => {
  assert.equal(canonicalJson({ b: "\ud800", a: 1 }), '{"a":1,"b":"\\ud800"}');
});

test("equal values have one text, whatever the order of their keys, and the text parses to the value", () => {
  fc.assert(
    fc.property(fc.jsonValue() as fc.Arbitrary<Json>, fc.nat(), (value, order) => {
      const text = canonicalJson(value);
      assert.equal(canonicalJson(reorder(value, seededRandom(String(order), "0.a"))), text);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
    }),
    { seed, numRuns: 500 },
  );
});

test("what is not JSON is a bug of the caller, on the fast and on the slow path", () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, undefined, 1n]) {
    assert.throws(() => canonicalJson([wrong] as Json), InvariantError);
    assert.throws(() => canonicalJson({ b: 1, a: wrong } as Json), InvariantError);
  }
});

function reorder(value: Json, random: SeededRandom): Json {
  if (Array.isArray(value)) return value.map((item) => reorder(item as Json, random));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    random.shuffle(Object.entries(value)).map(([key, member]) => [key, reorder(member, random)]),
  );
}
