import assert from "node:assert/strict";
import { test } from "node:test";
import { median, spread } from "./statistics.ts";

test("the median is the middle value in any order, and the mean of two middle ones", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 2, 4, 100]), 7);
  assert.throws(() => median([]), RangeError);
});

test("the spread is the range as a share of the median", () => {
  assert.equal(spread([8, 10, 13]), 0.5);
  assert.equal(spread([7]), 0);
});
