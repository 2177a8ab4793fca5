import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { textOfSize } from "./text-of-size.ts";

test("a text has the asked size, differs for each seed and compresses badly", () => {
  const texts = Array.from({ length: 200 }, (_, seed) => textOfSize(10_000, seed));
  assert.equal(new Set(texts).size, 200);
  for (const text of texts) {
    assert.equal(Buffer.byteLength(text), 10_000);
    assert.ok(deflateSync(text).length > 7000);
  }
});
