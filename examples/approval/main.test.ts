import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createEngine } from "agentflow";
import { notice } from "./workflow.ts";

const program = fileURLToPath(new URL("main.ts", import.meta.url));

test("the program leaves a run that waits, and another process approves it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "approval-main-"));
  const before = process.cwd();
  try {
    const ended = await promisify(execFile)(process.execPath, [program, "library"], { cwd: folder });
    assert.match(ended.stdout, /^1\.review#review\[0\] asks about \{"text":"The library /);
    assert.match(ended.stderr, /npx af approve last/);
    process.chdir(folder);
    await using engine = await createEngine({ store: `sqlite:${join(folder, ".agentflow/agentflow.db")}` });
    const [open] = await engine.approvals();
    assert.ok(open);
    await engine.answer(open.runId, open.id, true, { by: "ada" });
    const run = await engine.resume(open.runId, notice);
    assert.equal((await run.result()).isApproved, true);
  } finally {
    process.chdir(before);
    await rm(folder, { recursive: true });
  }
});
