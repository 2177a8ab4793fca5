import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { startCommit, stepCommit } from "@agentflow/contracts";
import { openSqlite } from "./open-sqlite.ts";

test("a long run on this thread has its log copied by the store thread and keeps it bounded", async () => {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-checkpoint-"));
  const path = join(folder, "agentflow.db");
  const warnings: string[] = [];
  const backend = await openSqlite({ path, onWarning: (message) => warnings.push(message) });
  await backend.runs.commit([startCommit()]);
  const delta = JSON.stringify({ text: "x".repeat(20_000) });
  let largestLog = 0;
  for (let seq = 2; seq < 6_000; seq++) {
    const [result] = await backend.runs.commit([stepCommit(seq, { delta })]);
    assert.equal(result?.kind, "committed");
    if (seq % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (seq % 500 === 0) largestLog = Math.max(largestLog, statSync(`${path}-wal`).size);
  }
  assert.ok(statSync(path).size > 16 * 1024 * 1024, "nothing was copied before closing");
  assert.ok(largestLog < 96 * 1024 * 1024, `the log grew to ${largestLog} bytes`);
  await backend.runs.close();
  assert.deepEqual(warnings, []);
  rmSync(folder, { recursive: true });
});

test("a log that cannot be copied is a warning, and commits go on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-checkpoint-"));
  const file = join(folder, "throwing.mjs");
  writeFileSync(file, 'throw new Error("no such luck");');
  const warnings: string[] = [];
  const backend = await openSqlite({
    path: join(folder, "agentflow.db"),
    threadUrl: pathToFileURL(file),
    onWarning: (message) => warnings.push(message),
  });
  await backend.runs.commit([startCommit()]);
  const delta = JSON.stringify({ text: "x".repeat(100_000) });
  for (let seq = 2; seq < 1_100; seq++) {
    const [result] = await backend.runs.commit([stepCommit(seq, { delta })]);
    assert.equal(result?.kind, "committed");
  }
  await backend.runs.close();
  assert.ok(warnings.length > 0 && warnings.every((warning) => warning.includes("agentflow.db")));
  rmSync(folder, { recursive: true });
});
