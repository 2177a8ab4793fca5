import assert from "node:assert/strict";
import { test } from "node:test";
import type { EventLevel, JsonObject, RecordEvent } from "@agentflow/core";
import { logEmitter } from "./log-emitter.ts";
import { logFields } from "./log-fields.ts";
import { jsonLogger, type Logger } from "./logger.ts";

function eventOf(type: RecordEvent["type"], level: EventLevel, data?: JsonObject): RecordEvent {
  const ts = "2026-01-01T00:00:00.000Z";
  const envelope = { ts, seq: 1, epoch: 1, level, runId: "run-1", type };
  return data === undefined ? envelope : { ...envelope, step: "0.a", data };
}

/** A logger at a fixed time, and what it writes. */
function recorded(options: Parameters<typeof jsonLogger>[0] = {}): {
  readonly logger: Logger;
  readonly lines: string[];
} {
  const lines: string[] = [];
  return { logger: jsonLogger({ write: (line) => lines.push(line), now: () => 0, ...options }), lines };
}

test("a log line is one JSON object with severity, time, fields and message", () => {
  const { logger, lines } = recorded();
  logger.log("WARN", "two\nlines", { run_id: "run-1", attempt: 2 });
  assert.deepEqual(lines, [
    '{"severity":"WARN","time":"1970-01-01T00:00:00.000Z","run_id":"run-1","attempt":2,"msg":"two\\nlines"}\n',
  ]);
});

test("a message is written as it is, whatever looks like a placeholder in it", () => {
  const { logger, lines } = recorded();
  logger.log("INFO", "100 %s done, %d %j", {});
  assert.equal(JSON.parse(lines[0] ?? "").msg, "100 %s done, %d %j");
});

test("lines below the level are not written", () => {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  for (const level of ["DEBUG", "INFO", "WARN", "ERROR"] as const)
    jsonLogger({ write }).log(level, level, {});
  for (const level of ["DEBUG", "INFO"] as const) jsonLogger({ write, level: "DEBUG" }).log(level, level, {});
  for (const level of ["WARN", "ERROR"] as const) jsonLogger({ write, level: "ERROR" }).log(level, level, {});
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).msg),
    ["INFO", "WARN", "ERROR", "DEBUG", "INFO", "ERROR"],
  );
});

test("lines go to standard error unless told otherwise", (context) => {
  const write = context.mock.method(process.stderr, "write", () => true);
  jsonLogger({ now: () => 0 }).log("INFO", "hello", {});
  assert.equal(
    write.mock.calls[0]?.arguments[0],
    '{"severity":"INFO","time":"1970-01-01T00:00:00.000Z","msg":"hello"}\n',
  );
});

test("every line has the fields of its context, such as the active trace", () => {
  const { logger, lines } = recorded({ context: () => ({ trace_id: "t", span_id: "s" }) });
  logger.log("INFO", "hello", { run_id: "run-1" });
  const { trace_id, span_id, run_id } = JSON.parse(lines[0] ?? "");
  assert.deepEqual([trace_id, span_id, run_id], ["t", "s", "run-1"]);
});

test("secrets do not reach a line, neither in its message nor in a field at any depth", () => {
  const { logger, lines } = recorded();
  logger.log("ERROR", "asked with Authorization: Bearer abcdefgh12345678", {
    error: "postgres://af:hunter2@db/x is away",
    reason: { apiKey: "very secret", headers: [{ "Set-Cookie": "a=b" }], kept: "as it is" },
  });
  const [line = ""] = lines;
  for (const secret of ["abcdefgh12345678", "hunter2", "very secret", "a=b"])
    assert.ok(!line.includes(secret), secret);
  assert.match(line, /as it is/);
  assert.match(line, /postgres:\/\/af:\[redacted\]@db\/x is away/);
});

test("events are logged with what identifies and explains them, never with state", async () => {
  const logged: unknown[] = [];
  const logger: Logger = { log: (...line) => logged.push(line) };
  const failure = { code: "AF_THROWN", message: "no", stack: "at x", context: { secret: 1 } };
  const data = { node: "a", attempt: 2, durationMs: 3, delta: { secret: 1 }, failure, value: "secret" };
  const emitter = logEmitter(logger, { tenant: "acme" });
  assert.equal(emitter.name, "log");
  await emitter.emit([
    eventOf("step.failed", "ERROR", data),
    eventOf("clock.read", "DEBUG", data),
    eventOf("run.parked", "INFO"),
  ]);
  await logEmitter(logger, { level: "ERROR" }).emit([eventOf("run.parked", "INFO")]);
  const ids = { tenant_id: "acme", run_id: "run-1", seq: 1, epoch: 1 };
  const failed = { step_id: "0.a", node_id: "a", attempt: 2, duration_ms: 3 };
  assert.deepEqual(logged, [
    [
      "ERROR",
      "step.failed",
      { ...ids, event_type: "step.failed", ...failed, error_code: "AF_THROWN", error: "no" },
    ],
    ["INFO", "run.parked", { ...ids, event_type: "run.parked" }],
  ]);
});

test("lines of a run that was started in a trace have its id, those of another run have none", async () => {
  const logged: { readonly run_id?: unknown; readonly trace_id?: unknown }[] = [];
  const emitter = logEmitter({ log: (_level, _message, fields) => logged.push(fields) });
  const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  await emitter.emit([
    eventOf("run.started", "INFO", { labels: { traceparent } }),
    eventOf("run.parked", "INFO"),
    { ...eventOf("run.parked", "INFO"), runId: "run-2" },
  ]);
  assert.deepEqual(
    logged.map(({ run_id, trace_id }) => [run_id, trace_id]),
    [
      ["run-1", "a".repeat(32)],
      ["run-1", "a".repeat(32)],
      ["run-2", undefined],
    ],
  );
});

test("every field that is written has its meaning in the table", async () => {
  const { logger, lines } = recorded();
  const data = { workflow: "w", version: "1", node: "a", attempt: 1, durationMs: 1, name: "n", path: "p" };
  const failure = { code: "AF_THROWN", message: "no" };
  const event = eventOf("step.failed", "ERROR", { ...data, sha256: "0", reason: "r", failure });
  await logEmitter(logger, { tenant: "acme" }).emit([event]);
  for (const name of Object.keys(JSON.parse(lines[0] ?? ""))) assert.ok(Object.hasOwn(logFields, name), name);
});
