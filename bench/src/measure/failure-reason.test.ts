import assert from "node:assert/strict";
import { test } from "node:test";
import { failureReason } from "./failure-reason.ts";

test("the reason of a failed child process is the error it printed, not its command", () => {
  const printed =
    "Command failed: node probe.ts\nfile:///probe.ts:1\n\nTypeError: open is not a function\n    at probe.ts:1";
  assert.equal(failureReason(new Error(printed)), "TypeError: open is not a function");
});

test("the reason of any other failure is the first line of its message", () => {
  assert.equal(failureReason(new Error("its process ended with 1\nmore")), "its process ended with 1");
  assert.equal(failureReason("text"), "text");
});
