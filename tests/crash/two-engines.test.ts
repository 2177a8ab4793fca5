import assert from "node:assert/strict";
import { test } from "node:test";
import { renderReport } from "../faults/render-report.ts";
import { runFault } from "../faults/run-fault.ts";
import { twoEngines } from "../faults/two-engines.ts";
import { service } from "../services.ts";

const stores = [
  { store: "sqlite", needed: {} },
  { store: "postgres", needed: await service("postgres") },
  { store: "mysql", needed: await service("mariadb") },
] as const;

for (const { store, needed } of stores) {
  test(
    `engines that take one run from each other while each thinks it is its own commit each position once (${store})`,
    needed,
    async (context) => {
      const report = await runFault(twoEngines, { stores: [store], durationMs: 2_000 });
      context.diagnostic(renderReport(report));
      assert.deepEqual(report.violations, []);
      const [section] = report.sections;
      assert.ok((section?.counts.get("fenced") ?? 0) > 0, "nobody was fenced");
    },
  );
}
