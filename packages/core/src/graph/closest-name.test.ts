import assert from "node:assert/strict";
import { test } from "node:test";
import { closestName } from "./closest-name.ts";

test("a slip of the finger finds the name that was meant", () => {
  const names = ["review", "write", "read", "plan"];
  assert.equal(closestName("wirte", names), "write");
  assert.equal(closestName("writ", names), "write");
  assert.equal(closestName("writte", names), "write");
  assert.equal(closestName("Review", names), "review");
  assert.equal(closestName("review", ["REVIEW"]), "REVIEW");
  assert.equal(closestName("reveiw", names), "review");
  assert.equal(closestName("plen", names), "plan");
});

test("the nearest of several names wins, and the first of equally near ones", () => {
  assert.equal(closestName("reads", ["reeds", "read"]), "reeds");
  assert.equal(closestName("abcdefgh", ["abcdefxx", "abcdefgx"]), "abcdefgx");
});

test("nothing is proposed where nothing is near", () => {
  assert.equal(closestName("summarise", ["plan", "read"]), undefined);
  assert.equal(closestName("a", ["xyz"]), undefined);
  assert.equal(closestName("ab", ["xy"]), undefined);
  assert.equal(closestName("plan", []), undefined);
});
