import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject, RecordEvent, RecordEventType } from "@agentflow/core";
import { quoted } from "./command-configuration.ts";
import { jsonLines } from "./json-lines.ts";
import { replayLines } from "./replay-report.ts";
import { failurePlace } from "./run-report.ts";

function event(type: RecordEventType, step: string, data: JsonObject): RecordEvent {
  return { ts: "2026-11-20T09:30:00.000Z", seq: 1, epoch: 1, level: "INFO", runId: "r", type, step, data };
}

test("a failure is placed at the last failed step, with the last delta before it", () => {
  const events = [
    event("step.succeeded", "0.a", { delta: { x: 1 } }),
    event("step.failed", "1.b[0]", { attempt: 1, item: 0 }),
    event("step.succeeded", "1.b[1]", { delta: { x: 2 } }),
    event("step.failed", "2.c", { attempt: 3, item: -1 }),
    event("step.succeeded", "2.d", { delta: { x: 3 } }),
  ];
  assert.deepEqual(failurePlace(events, { x: 2 }), {
    step: "2.c",
    attempt: 3,
    input: { x: 2 },
    lastOutput: { step: "1.b[1]", delta: { x: 2 } },
  });
  assert.deepEqual(failurePlace(events.slice(1, 2), null), {
    step: "1.b[0]",
    attempt: 1,
    item: 0,
    input: null,
    lastOutput: null,
  });
  assert.equal(failurePlace(events.slice(0, 1), null), undefined);
});

test("a divergence is told in full on three lines, whatever the values hold", () => {
  const divergence = { stepId: "1.b", field: "delta", expected: { text: "a\nb" }, actual: "x".repeat(500) };
  const lines = replayLines({ runId: "r", matches: false, steps: 1, unchecked: 0, effects: 0, divergence });
  assert.equal(lines.length, 3);
  assert.match(lines[0] ?? "", /step 1\.b, in delta/);
  assert.ok(lines.every((line) => !line.includes("\n") && line.length < 250));
  assert.deepEqual(replayLines({ runId: "r", matches: true, steps: 7, unchecked: 0, effects: 0 }), [
    "Replay matches, 7 steps: the same bytes.",
  ]);
  assert.deepEqual(replayLines({ runId: "r", matches: true, steps: 7, unchecked: 0, effects: 2 }), [
    "Replay matches, 7 steps: the same bytes. 2 effects not repeated.",
  ]);
  assert.deepEqual(replayLines({ runId: "r", matches: true, steps: 7, unchecked: 1, effects: 0 }), [
    "Replay matches, 7 steps: the same bytes.",
    "  1 step before the migration not checked: give that version with --earlier.",
  ]);
});

test("a long value is cut with a count of what is left out", () => {
  const lines = jsonLines(
    Array.from({ length: 10 }, (_, index) => index),
    3,
  );
  assert.deepEqual(lines, ["[", "  0,", "  1,", "... 9 more lines"]);
  assert.deepEqual(jsonLines({}, 3), ["{}"]);
});

test("a word in a command to copy survives the shell", () => {
  assert.equal(quoted("sqlite:data/x.db"), "sqlite:data/x.db");
  assert.equal(quoted("it's here"), "'it'\\''s here'");
});
