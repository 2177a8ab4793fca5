import assert from "node:assert/strict";
import { test } from "node:test";
import { clockJumps } from "../faults/clock-jumps.ts";
import { renderReport } from "../faults/render-report.ts";
import { runFault } from "../faults/run-fault.ts";
import { service } from "../services.ts";

const stores = [
  { store: "sqlite", needed: {} },
  { store: "postgres", needed: await service("postgres") },
  { store: "mysql", needed: await service("mariadb") },
] as const;

for (const { store, needed } of stores) {
  test(
    `wall clocks that jump wake nothing early, lose nothing and give no run away (${store})`,
    needed,
    async (context) => {
      const report = await runFault(clockJumps, { stores: [store], count: 6, durationMs: 2_000 });
      context.diagnostic(renderReport(report));
      assert.deepEqual(report.violations, []);
    },
  );
}
