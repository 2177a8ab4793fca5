import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordEvent } from "@agentflow/core";
import { passes } from "./event-filter.ts";

function event(
  type: RecordEvent["type"],
  step: string | undefined,
  level: RecordEvent["level"],
): RecordEvent {
  const rest = step === undefined ? {} : { step };
  return { ts: "2026-11-20T09:30:00.000Z", seq: 1, epoch: 1, level, runId: "r", type, ...rest };
}

const all = { types: [], steps: [], level: undefined };

test("types fit whole or by their beginning, and any of several is enough", () => {
  const succeeded = event("step.succeeded", "3.read[2]", "INFO");
  assert.equal(passes(succeeded, all), true);
  assert.equal(passes(succeeded, { ...all, types: ["step.*"] }), true);
  assert.equal(passes(succeeded, { ...all, types: ["run.failed", "step.succeeded"] }), true);
  assert.equal(passes(succeeded, { ...all, types: ["step"] }), false);
});

test("a step fits by its id or its node, also in a nested scope; an event of the run never does", () => {
  const nested = event("step.succeeded", "3.child/1.plan[0]", "INFO");
  assert.equal(passes(nested, { ...all, steps: ["plan"] }), true);
  assert.equal(passes(nested, { ...all, steps: ["3.child/1.plan[0]"] }), true);
  assert.equal(passes(nested, { ...all, steps: ["child"] }), false);
  assert.equal(passes(event("run.started", undefined, "INFO"), { ...all, steps: ["plan"] }), false);
});

test("a level lets through itself and what is worse", () => {
  const levels = (["DEBUG", "INFO", "WARN", "ERROR"] as const).map((level) =>
    passes(event("run.failed", undefined, level), { ...all, level: "WARN" }),
  );
  assert.deepEqual(levels, [false, false, true, true]);
});
