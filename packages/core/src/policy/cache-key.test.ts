import assert from "node:assert/strict";
import { test } from "node:test";
import { type CacheKeyParts, cacheKey } from "./cache-key.ts";

const parts: Required<CacheKeyParts> = {
  tenant: "default",
  step: "read#fetch",
  inputs: { a: 1, b: [2] },
  version: "1",
  fingerprint: "f",
  provider: "p",
  baseUrl: "https://models.example",
  model: "m",
  parameters: { temperature: 0 },
  gitVersion: "abc",
};

test("a key is a SHA-256 that does not depend on the order of parts or keys", () => {
  const key = cacheKey(parts);
  assert.match(key, /^[0-9a-f]{64}$/);
  const turned = Object.fromEntries(Object.entries(parts).toReversed()) as unknown as CacheKeyParts;
  assert.equal(cacheKey({ ...turned, inputs: { b: [2], a: 1 } }), key);
});

test("every part counts, and a part left out is not the empty one", () => {
  const { provider: _1, baseUrl: _2, model: _3, parameters: _4, gitVersion: _5, ...needed } = parts;
  const keys = new Set([cacheKey(parts), cacheKey(needed)]);
  for (const name of Object.keys(parts)) keys.add(cacheKey({ ...parts, [name]: "another" }));
  for (const name of ["provider", "baseUrl", "model", "gitVersion"])
    keys.add(cacheKey({ ...needed, [name]: "" }));
  assert.equal(keys.size, 2 + Object.keys(parts).length + 4);
});
