import assert from "node:assert/strict";
import { test } from "node:test";
import { serverNeeded } from "../private-server.ts";
import { contention } from "./contention.ts";
import { runFault } from "./run-fault.ts";

for (const store of ["postgres", "mysql"] as const) {
  test(
    `runs survive deadlocks on a serializable server, and lose no update (${store})`,
    serverNeeded(store),
    async (context) => {
      const report = await runFault(contention, { stores: [store], durationMs: 3_000 });
      context.diagnostic(`seed ${report.seed}`);
      assert.deepEqual(report.violations, []);
    },
  );
}
