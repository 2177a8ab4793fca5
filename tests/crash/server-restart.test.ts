import assert from "node:assert/strict";
import { test } from "node:test";
import { renderReport } from "../faults/render-report.ts";
import { runFault } from "../faults/run-fault.ts";
import { serverRestart } from "../faults/server-restart.ts";
import { serverNeeded } from "../private-server.ts";

for (const store of ["postgres", "mysql"] as const) {
  test(
    `runs go on though their database server is killed and restarted again and again (${store})`,
    serverNeeded(store),
    async (context) => {
      const report = await runFault(serverRestart, { stores: [store], count: 4 });
      context.diagnostic(renderReport(report));
      assert.deepEqual(report.violations, []);
    },
  );
}
