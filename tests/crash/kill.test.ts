import assert from "node:assert/strict";
import { test } from "node:test";
import { kill } from "../faults/kill.ts";
import { renderReport } from "../faults/render-report.ts";
import { runFault } from "../faults/run-fault.ts";
import { service } from "../services.ts";

const stores = [
  { store: "sqlite", kills: 200, needed: {} },
  { store: "postgres", kills: 20, needed: await service("postgres") },
  { store: "mysql", kills: 20, needed: await service("mariadb") },
] as const;

for (const { store, kills, needed } of stores) {
  test(`processes that are killed ${kills} times change nothing (${store})`, needed, async (context) => {
    const seed = process.env["AF_TEST_SEED"] ?? String(Date.now());
    context.diagnostic(`AF_TEST_SEED=${seed}`);
    const report = await runFault(kill, { stores: [store], count: kills, seed });
    context.diagnostic(renderReport(report));
    assert.deepEqual(report.violations, []);
  });
}
