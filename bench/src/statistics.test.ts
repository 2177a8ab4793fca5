import assert from "node:assert/strict";
import { test } from "node:test";
import { median, percentile } from "./statistics.ts";

test("the median is the middle value in any order, and the mean of two middle ones", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 2, 4, 100]), 7);
  assert.throws(() => median([]), RangeError);
});

test("a percentile is the value that a share of the values does not exceed", () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  assert.equal(percentile(values, 0.95), 95);
  assert.equal(percentile(values, 1), 100);
  assert.equal(percentile([3], 0.5), 3);
  assert.throws(() => percentile([], 0.5), RangeError);
});
