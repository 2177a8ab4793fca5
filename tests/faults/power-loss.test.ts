import assert from "node:assert/strict";
import { test } from "node:test";
import { missingForVirtualMachine } from "./power/virtual-machine.ts";
import { powerLossAt } from "./power-loss.ts";
import { runAndClean } from "./run-and-clean.ts";
import { runFault } from "./run-fault.ts";

// Machines without user-mode-linux are the rule.
const skip = missingForVirtualMachine() ?? false;

test("strict loses nothing when the power of its machine is cut", { skip }, async (context) => {
  const report = await runFault(powerLossAt([{ durability: "strict", keeps: true }]), { count: 2 });
  context.diagnostic(`seed ${report.seed}`);
  assert.deepEqual(report.violations, []);
});

test("a level that does not sync is found out by a cut", { skip }, async (context) => {
  const planted = powerLossAt([{ durability: "normal", keeps: true }]);
  const report = await runAndClean(context, planted, { count: 2 });
  assert.ok(report.violations.some(({ promise }) => promise === "what was acknowledged is kept"));
});
