import assert from "node:assert/strict";
import { test } from "node:test";
import { serverNeeded } from "../private-server.ts";
import { poolExhaustedFor } from "./pool-exhausted.ts";
import { runFault } from "./run-fault.ts";

for (const store of ["postgres", "mysql"] as const) {
  test(
    `runs share one connection, and wait for a server that is full (${store})`,
    serverNeeded(store),
    async (context) => {
      const report = await runFault(poolExhaustedFor(300), { stores: [store], count: 20 });
      context.diagnostic(`seed ${report.seed}`);
      assert.deepEqual(report.violations, []);
      for (const { label, counts } of report.sections.slice(1))
        assert.ok((counts.get("runs") ?? 0) > 0, `${label} had runs`);
    },
  );
}
