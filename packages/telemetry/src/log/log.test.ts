import assert from "node:assert/strict";
import { test } from "node:test";
import type { EventLevel, JsonObject, RecordEvent } from "@agentflow/core";
import { logEmitter } from "./log-emitter.ts";
import { jsonLogger, type Logger } from "./logger.ts";

function eventOf(type: RecordEvent["type"], level: EventLevel, data?: JsonObject): RecordEvent {
  const ts = "2026-01-01T00:00:00.000Z";
  const envelope = { ts, seq: 1, epoch: 1, level, runId: "run-1", type };
  return data === undefined ? envelope : { ...envelope, step: "0.a", data };
}

test("a log line is one JSON object with level, time and message first", () => {
  const lines: string[] = [];
  const logger = jsonLogger({ write: (line) => lines.push(line), now: () => 0 });
  logger.log("WARN", "two\nlines", { runId: "run-1" });
  assert.deepEqual(lines, [
    '{"level":"WARN","time":"1970-01-01T00:00:00.000Z","msg":"two\\nlines","runId":"run-1"}\n',
  ]);
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
    '{"level":"INFO","time":"1970-01-01T00:00:00.000Z","msg":"hello"}\n',
  );
});

test("events are logged with what identifies and explains them, never with state", async () => {
  const logged: unknown[] = [];
  const logger: Logger = { log: (...line) => logged.push(line) };
  const failure = { code: "AF_THROWN", message: "no", stack: "at x", context: { secret: 1 } };
  const data = { node: "a", attempt: 2, delta: { secret: 1 }, failure, value: "secret" };
  const emitter = logEmitter(logger);
  assert.equal(emitter.name, "log");
  await emitter.emit([
    eventOf("step.failed", "ERROR", data),
    eventOf("clock.read", "DEBUG", data),
    eventOf("run.parked", "INFO"),
  ]);
  await logEmitter(logger, { level: "ERROR" }).emit([eventOf("run.parked", "INFO")]);
  const ids = { runId: "run-1", seq: 1, epoch: 1 };
  assert.deepEqual(logged, [
    ["ERROR", "step.failed", { ...ids, step: "0.a", node: "a", attempt: 2, code: "AF_THROWN", error: "no" }],
    ["INFO", "run.parked", ids],
  ]);
});
