import assert from "node:assert/strict";
import { test } from "node:test";
import { interfaceChange } from "../../scripts/interface-change.ts";

const snapshot = ["a", "b", "c", "d", "e", "f", "g", "h"].join("\n");

test("two equal interfaces show no change", () => {
  assert.equal(interfaceChange(snapshot, snapshot), "");
});

test("a line that changed is shown with its neighbours, taken away and added", () => {
  const change = interfaceChange(snapshot, snapshot.replace("f", "F")).split("\n");
  assert.deepEqual([...change].sort(), ["  d", "  e", "  g", "  h", "+ F", "- f", "..."].sort());
  assert.equal(change[0], "...");
});

test("a line that was taken away and a line that was added are told apart", () => {
  assert.match(interfaceChange("a\nb", "a"), /^- b$/m);
  assert.match(interfaceChange("a", "a\nb"), /^\+ b$/m);
});
