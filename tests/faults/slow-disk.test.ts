import assert from "node:assert/strict";
import { test } from "node:test";
import { missingStrace } from "./power/missing-strace.ts";
import { runFault } from "./run-fault.ts";
import { slowDisk } from "./slow-disk.ts";

test("runs end on a disk whose syncs are slow", { skip: missingStrace() ?? false }, async () => {
  const report = await runFault(slowDisk, { count: 4 });
  assert.deepEqual(report.violations, []);
  for (const { label, counts } of report.sections.slice(1)) {
    assert.ok((counts.get("syncs") ?? 0) > 0, `syncs were delayed at ${label}`);
    assert.equal(counts.get("runs"), 4);
  }
});
