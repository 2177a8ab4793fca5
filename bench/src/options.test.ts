import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOptions, selected } from "./options.ts";

test("ids are selected by prefix, lists may be separated by commas, nothing asked means all", () => {
  const { only } = parseOptions(["--only", "W1,flat", "--only", "start"]);
  assert.deepEqual(
    ["W1", "W2", "flat-nodes", "start"].filter((id) => selected(id, only)),
    ["W1", "flat-nodes", "start"],
  );
  assert.equal(selected("W2", []), true);
});

test("an unknown flag is refused", () => {
  assert.throws(() => parseOptions(["--onyl", "W1"]), /onyl/);
});
