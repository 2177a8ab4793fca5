import assert from "node:assert/strict";
import { test } from "node:test";
import { logFields } from "@agentflow/telemetry/logging";
import { oddLogFields } from "./log-field-rule.ts";
import { assertClean, type RepositoryFile, readRepository } from "./repository.ts";

const names = Object.keys(logFields);

function found(text: string, path = "packages/engine/src/a.ts"): string[] {
  const file: RepositoryFile = { path, text };
  return oddLogFields(names, [file]).map(({ line, message }) => `${line}: ${message}`);
}

test("every log line of the platform has fields of the table only", () => {
  assertClean(oddLogFields(names, readRepository()));
});

test("the reserved fields are in the table", () => {
  const reserved = [
    "trace_id",
    "span_id",
    "message_id",
    "run_id",
    "plan_id",
    "tenant_id",
    "severity",
    "event_type",
  ];
  for (const name of reserved) assert.ok(names.includes(name), name);
  for (const name of names) assert.match(name, /^[a-z][a-z\d]*(?:_[a-z\d]+)*$/);
});

test("a field that is not in the table is found, and one that the logger writes by itself", () => {
  const line = 'logger.log("INFO", "hello", { run_id, runId: 1, "msg": "x", ...more });\n';
  assert.deepEqual(found(line), ["1: runId is no field of log-fields.ts", "1: the logger itself writes msg"]);
  assert.deepEqual(found('Math.log(3);\nconsole.log("a", { runId });\n'), []);
  assert.deepEqual(found(line, "packages/engine/src/a.test.ts"), []);
});

test("a library for logs is used by the logger alone", () => {
  const text = 'import { pino } from "pino";\n';
  assert.deepEqual(found(text), ["1: lines are written by the one logger, jsonLogger"]);
  assert.deepEqual(found(text, "packages/telemetry/src/log/logger.ts"), []);
});
