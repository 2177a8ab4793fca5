import assert from "node:assert/strict";
import { test } from "node:test";
import { applicableIf, type Limit, outcomeOf, ratioOfTimes } from "./limit.ts";

function limit(measured: number, bound: Limit["bound"]): Limit {
  return { name: "a limit", rule: "OLP-20", measured, bound, limit: 2, unit: "x" };
}

test("a limit is met up to its edge, which belongs to it unless it says below", () => {
  const outcomes = (bound: Limit["bound"]) => [1.99, 2, 2.01].map((value) => outcomeOf(limit(value, bound)));
  assert.deepEqual(outcomes("below"), ["met", "not met", "not met"]);
  assert.deepEqual(outcomes("at most"), ["met", "met", "not met"]);
  assert.deepEqual(outcomes("at least"), ["not met", "met", "met"]);
  assert.equal(outcomeOf(limit(Number.NaN, "at most")), "not met");
  assert.equal(outcomeOf(limit(Number.NaN, "at least")), "not met");
});

test("a limit that does not apply says why, and is neither met nor missed", () => {
  const here = applicableIf(false, "two cores", limit(3, "at most"));
  assert.equal(outcomeOf(here), "not applicable");
  assert.equal(here.notApplicable, "two cores");
  assert.equal(outcomeOf(applicableIf(true, "two cores", limit(3, "at most"))), "not met");
});

test("ratios of times are judged where there are enough rows to tell", () => {
  assert.equal(outcomeOf(ratioOfTimes(1_000_000, limit(3, "at most"))), "not met");
  assert.equal(outcomeOf(ratioOfTimes(999_999, limit(3, "at most"))), "not applicable");
  const cores = { ...limit(3, "at most"), notApplicable: "two cores" };
  assert.equal(ratioOfTimes(1_000_000, cores).notApplicable, "two cores");
});
