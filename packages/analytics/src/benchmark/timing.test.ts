import assert from "node:assert/strict";
import { test } from "node:test";
import { percentile, timingOf } from "./timing.ts";

test("a timing is the least, the middle and the 95th percentile by nearest rank, whatever the order (OLP-24)", () => {
  const samples = [30, 10, 50, 20, 40].map((wallMs) => ({ wallMs, cpuMs: wallMs * 2 }));
  assert.deepEqual(timingOf(samples), { rounds: 5, minMs: 10, p50Ms: 30, p95Ms: 50, cpuMs: 60 });
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  assert.equal(percentile(hundred, 0.95), 95);
  assert.equal(percentile(hundred, 0.5), 50);
  assert.throws(() => timingOf([]), RangeError);
});
