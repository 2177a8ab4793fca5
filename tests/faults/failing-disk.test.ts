import assert from "node:assert/strict";
import { test } from "node:test";
import { failingDiskAt } from "./failing-disk.ts";
import { missingStrace } from "./power/missing-strace.ts";
import { runAndClean } from "./run-and-clean.ts";
import { runFault } from "./run-fault.ts";

const skip = missingStrace() ?? false;
const calls = [
  { name: "fsync", times: 60 },
  { name: "pwrite64", times: 300 },
  { name: "fdatasync", times: 2 },
];

test("a process whose disk fails says so, and loses nothing that it acknowledged", {
  skip,
}, async (context) => {
  const levels = [{ durability: "strict", keeps: true } as const];
  const report = await runFault(failingDiskAt(levels, calls), { count: 3 });
  context.diagnostic(`seed ${report.seed}`);
  assert.deepEqual(report.violations, []);
});

test("a level that does not sync is found out by the disks that a failed sync leaves", {
  skip,
}, async (context) => {
  const levels = [{ durability: "normal", keeps: true } as const];
  const planted = failingDiskAt(levels, [{ name: "fsync", times: 8 }]);
  const report = await runAndClean(context, planted, { count: 6 });
  assert.ok(report.violations.some(({ promise }) => promise === "what was acknowledged is kept"));
});
