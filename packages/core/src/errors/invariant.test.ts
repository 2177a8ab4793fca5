import assert from "node:assert/strict";
import { test } from "node:test";
import { InvariantError, invariant } from "./invariant.ts";

test("a broken rule throws InvariantError with its message, a kept one does nothing", () => {
  invariant(true, "fine");
  assert.throws(() => invariant(false, "ordinals are dense"), {
    name: "InvariantError",
    code: "AF_INVARIANT",
    message: "ordinals are dense",
  });
  assert.throws(() => invariant(null, "m"), InvariantError);
});
