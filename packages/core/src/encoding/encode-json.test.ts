import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ValidationError } from "../errors/validation-error.ts";
import { canonicalJson } from "./canonical-json.ts";
import { encodeJson, jsonDepthMax } from "./encode-json.ts";
import type { Json } from "./json.ts";

const seed = 20_261_120;

class Note {
  text = "a";
}

test("any JSON value comes back equal, canonical, and frozen all the way down (S17)", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const { json, value: copy } = encodeJson(value, "");
      assert.deepEqual(copy, JSON.parse(json));
      assert.equal(JSON.stringify(copy), JSON.stringify(JSON.parse(json)));
      assert.equal(json, canonicalJson(JSON.parse(JSON.stringify(value)) as Json));
      assertFrozen(copy);
    }),
    { seed, numRuns: 1_000 },
  );
});

test("the caller's value is neither frozen nor kept (S17)", () => {
  const list = [1];
  const { value } = encodeJson({ list }, "");
  list.push(2);
  assert.deepEqual(value, { list: [1] });
});

test("undefined properties drop and -0 becomes 0 (S17)", () => {
  const { json, value } = encodeJson({ b: undefined, a: -0 }, "");
  assert.equal(json, '{"a":0}');
  assert.ok(Object.is((value as { a: number }).a, 0));
});

test("keys are ordered by UTF-16 code units, integer-like ones too", () => {
  assert.equal(encodeJson({ b: 1, 9: 2, 10: 3, a: 4 }, "").json, '{"10":3,"9":2,"a":4,"b":1}');
});

test("lone surrogates are escaped and come back (S17)", () => {
  const { json, value } = encodeJson(["\ud800x", "x\udc00"], "");
  assert.equal(json, '["\\ud800x","x\\udc00"]');
  assert.deepEqual(JSON.parse(json), value);
});

test("a __proto__ key is a key like any other", () => {
  const { json, value } = encodeJson(JSON.parse('{"__proto__":{"polluted":true},"a":1}'), "");
  assert.equal(json, '{"__proto__":{"polluted":true},"a":1}');
  assert.deepEqual(Object.keys(value as object), ["__proto__", "a"]);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(encodeJson({ ...Object.create(null), a: 1 }, "").json, '{"a":1}');
  assert.equal(encodeJson(Object.assign(Object.create(null), { a: 1 }), "").json, '{"a":1}');
});

test("a value that occurs twice without a cycle is stored twice", () => {
  const shared = { a: 1 };
  assert.equal(encodeJson([shared, shared], "").json, '[{"a":1},{"a":1}]');
});

const withGetter = Object.defineProperty({}, "when", {
  get: () => assert.fail("a getter ran"),
  enumerable: true,
});
const withSetter = Object.defineProperty({}, "when", {
  set: () => assert.fail("a setter ran"),
  enumerable: true,
});
const cycle: Record<string, unknown> = { a: 1 };
cycle.self = { inner: [cycle] };

const refusals: readonly [title: string, value: unknown, path: string, found: string, hint: RegExp][] = [
  ["NaN", { a: [Number.NaN] }, "a[0]", "NaN", /null/],
  ["Infinity", -Infinity, "", "-Infinity", /null/],
  ["undefined in a list", { a: [1, undefined] }, "a[1]", "undefined", /null/],
  ["undefined alone", undefined, "", "undefined", /null/],
  ["a hole", { a: new Array(2) }, "a[0]", "a hole in a list", /index/],
  ["a function", { notes: [{ when: () => 1 }] }, "notes[0].when", "a function", /codec/],
  ["a symbol", Symbol("x"), "", "a symbol", /codec/],
  ["a bigint", { "a b": 1n }, '["a b"]', "a bigint", /bigintCodec/],
  [
    "a Date",
    { notes: [0, 1, 2, { when: new Date(0) }] },
    "notes[3].when",
    "an instance of Date",
    /dateCodec/,
  ],
  ["a Map", [new Map()], "[0]", "an instance of Map", /mapCodec/],
  ["a Set", new Set(), "", "an instance of Set", /setCodec/],
  ["bytes", new Uint8Array(1), "", "an instance of Uint8Array", /bytesCodec/],
  ["a class instance", { a: new Note() }, "a", "an instance of Note", /codec/],
  ["a subclass of Array", new (class Tags extends Array {})(), "", "an instance of Tags", /codec/],
  ["a nameless class", new (class {})(), "", "an instance of a class", /codec/],
  [
    "an object with an odd prototype",
    Object.create(Object.create(null)),
    "",
    "an instance of a class",
    /codec/,
  ],
  ["a boxed number", { a: Object(1) }, "a", "an instance of Number", /codec/],
  ["a getter", withGetter, "when", "an accessor property", /plain value/],
  ["a setter", withSetter, "when", "an accessor property", /plain value/],
  [
    "a hidden property",
    Object.defineProperty({}, "a", { value: 1 }),
    "a",
    "a non-enumerable property",
    /literal/,
  ],
  ["a symbol key", { a: { [Symbol("k")]: 1 } }, "a", "an object with a symbol as key", /strings/],
  [
    "a list with properties",
    { a: Object.assign([1], { index: 0 }) },
    "a",
    "a list with extra properties",
    /Copy/,
  ],
  [
    "a list with a symbol",
    Object.assign([1], { [Symbol("k")]: 1 }),
    "",
    "a list with extra properties",
    /Copy/,
  ],
  ["a cycle", { root: cycle }, "root.self.inner[0]", "a reference to an object that contains it", /id/],
];

for (const [title, value, path, found, hint] of refusals) {
  test(`${title} is refused with its path, what it is, and the mend (S17)`, () => {
    assert.throws(
      () => encodeJson(value, ""),
      (error: unknown) => {
        assert.ok(error instanceof ValidationError);
        assert.equal(error.code, "AF_STATE_VALUE");
        assert.deepEqual(error.context, { path, found });
        assert.equal(error.message, `${path === "" ? "The value" : path} is ${found}, which is not JSON.`);
        assert.match(error.hint, hint);
        return true;
      },
    );
  });
}

test("the path starts where the value sits", () => {
  assert.throws(() => encodeJson([{ b: 1n }], "notes"), {
    context: { path: "notes[0].b", found: "a bigint" },
  });
});

test("nesting is limited, and the deepest value allowed is stored", () => {
  const nest = (levels: number): unknown => (levels === 0 ? 1 : [nest(levels - 1)]);
  assert.equal(encodeJson(nest(jsonDepthMax), "").json.length, 2 * jsonDepthMax + 1);
  assert.throws(() => encodeJson(nest(jsonDepthMax + 1), ""), {
    code: "AF_STATE_VALUE",
    message: /nested deeper than 200 levels/,
  });
});

function assertFrozen(value: Json): void {
  assert.ok(Object.isFrozen(value));
  if (typeof value === "object" && value !== null) Object.values(value).forEach(assertFrozen);
}
