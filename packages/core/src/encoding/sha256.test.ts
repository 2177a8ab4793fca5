import assert from "node:assert/strict";
import { test } from "node:test";
import { hashOf, sha256Hex } from "./sha256.ts";

test("text is hashed as UTF-8, with the digest that FIPS 180-4 gives", () => {
  assert.equal(sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.equal(sha256Hex("€"), sha256Hex(new Uint8Array([0xe2, 0x82, 0xac])));
});

test("the hash of a value does not depend on the order of its keys", () => {
  assert.equal(hashOf({ b: 1, a: 2 }), sha256Hex('{"a":2,"b":1}'));
});
