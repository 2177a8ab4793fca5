import assert from "node:assert/strict";
import { test } from "node:test";
import { goto, isGoto } from "./goto.ts";

test("a goto names one or several targets in order, with a delta or without (ENG-5)", () => {
  assert.deepEqual(goto("write").targets, ["write"]);
  assert.deepEqual(goto("write").delta, {});
  const both = goto(["b", "a"], { report: "x" });
  assert.deepEqual([both.targets, both.delta], [["b", "a"], { report: "x" }]);
  assert.ok(Object.isFrozen(both) && Object.isFrozen(both.targets));
});

test("a goto of another copy of the package is a goto, and a delta with the same keys is none", () => {
  assert.ok(isGoto(goto("write")));
  assert.ok(isGoto({ [Symbol.for("agentflow.goto")]: true, targets: ["write"], delta: {} }));
  for (const delta of [{ targets: ["write"], delta: {} }, null, undefined, "write", {}]) {
    assert.ok(!isGoto(delta));
  }
});
