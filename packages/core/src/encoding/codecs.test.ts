import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Codec } from "./codec.ts";
import { bigintCodec, bytesCodec, dateCodec, mapCodec, setCodec } from "./codecs.ts";
import { encodeJson } from "./encode-json.ts";
import type { Json } from "./json.ts";

const seed = 20_261_120;
const member = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;

const cases: readonly [codec: Codec<unknown>, values: fc.Arbitrary<unknown>][] = [
  [dateCodec as Codec<unknown>, fc.date({ noInvalidDate: true })],
  [bigintCodec as Codec<unknown>, fc.bigInt()],
  [bytesCodec as Codec<unknown>, fc.uint8Array({ maxLength: 200 })],
  [mapCodec() as Codec<unknown>, fc.array(fc.tuple(fc.string(), member)).map((pairs) => new Map(pairs))],
  [setCodec() as Codec<unknown>, fc.array(member).map((members) => new Set(members))],
];

for (const [codec, values] of cases) {
  test(`${codec.id}: what was encoded and stored decodes to the same value`, () => {
    fc.assert(
      fc.property(values, (value) => {
        assert.equal(codec.is?.(value), true);
        const stored = encodeJson(codec.encode(value), "").value;
        assert.deepEqual(encodeJson(codec.encode(codec.decode(stored)), "").value, stored);
        if (!hasNegativeZero(value)) assert.deepEqual(codec.decode(stored), value);
      }),
      { seed, numRuns: 300 },
    );
  });

  test(`${codec.id}: tells its values from others and refuses other JSON`, () => {
    assert.equal(codec.is?.("x"), false);
    for (const json of [null, 5, {}, "not a stored value!", "x".repeat(99)]) {
      assert.throws(() => codec.decode(json), { code: "AF_STATE_VALUE", message: new RegExp(codec.id) });
    }
  });
}

test("an invalid date is refused when it is stored", () => {
  assert.throws(() => dateCodec.encode(new Date(Number.NaN)), { code: "AF_STATE_VALUE" });
});

test("a list of anything but pairs is no map", () => {
  assert.throws(() => mapCodec().decode([["a"]]), { code: "AF_STATE_VALUE" });
  assert.throws(() => mapCodec().decode(["ab"]), { code: "AF_STATE_VALUE" });
});

test("decoded bytes are a plain Uint8Array, and a view stores only its own part", () => {
  const view = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
  const decoded = bytesCodec.decode(bytesCodec.encode(view));
  assert.equal(Object.getPrototypeOf(decoded), Uint8Array.prototype);
  assert.deepEqual([...decoded], [2, 3]);
});

function hasNegativeZero(value: unknown): boolean {
  if (Object.is(value, -0)) return true;
  if (value instanceof Map || value instanceof Set) return [...value].some(hasNegativeZero);
  return typeof value === "object" && value !== null && Object.values(value).some(hasNegativeZero);
}
