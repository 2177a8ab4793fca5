import assert from "node:assert/strict";
import { test } from "node:test";
import { GraphError } from "../errors/graph-errors.ts";
import { checkNodeName, isNodeName } from "./node-name.ts";

test("letters, digits, underscore, hyphen and dot name a node, up to 64 characters", () => {
  for (const name of ["plan", "w0", "0", "_x", "read-all", "v1.2", "a".repeat(64)]) {
    assert.ok(isNodeName(name), name);
    checkNodeName(name);
  }
});

test("a name that would make a step id ambiguous is refused with the rule as hint", () => {
  for (const name of [
    "",
    ".a",
    "-a",
    "a/b",
    "a[0]",
    "a#b",
    "a b",
    "réad",
    "a\n",
    "a".repeat(65),
    "a".repeat(200),
  ]) {
    assert.ok(!isNodeName(name), name);
    assert.throws(
      () => checkNodeName(name),
      (error: unknown) =>
        error instanceof GraphError && error.code === "AF_NODE_NAME" && /1 to 64/.test(error.hint),
    );
  }
});
