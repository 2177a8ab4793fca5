import assert from "node:assert/strict";
import { test } from "node:test";
import { lostWrites, lostWritesAt } from "./lost-writes.ts";
import { missingStrace } from "./power/missing-strace.ts";
import { runAndClean } from "./run-and-clean.ts";
import { runFault } from "./run-fault.ts";

const skip = missingStrace() ?? false;

test("strict and batched lose nothing on any disk that a power loss may leave", { skip }, async (context) => {
  const report = await runFault(lostWrites, { count: 60 });
  context.diagnostic(`seed ${report.seed}`);
  assert.deepEqual(report.violations, []);
});

test("a level that does not sync is found out by the disks that lack its commits", {
  skip,
}, async (context) => {
  const planted = lostWritesAt([{ durability: "normal", keeps: true }]);
  const report = await runAndClean(context, planted, { count: 40 });
  assert.ok(report.violations.some(({ promise }) => promise === "what was acknowledged is kept"));
});
