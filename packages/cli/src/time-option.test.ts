import assert from "node:assert/strict";
import { test } from "node:test";
import { UsageError } from "@agentflow/core";
import type { CommandInput } from "./spec/command-spec.ts";
import { durationOption, timeOption } from "./time-option.ts";

const now = Date.UTC(2026, 10, 20, 12);

function given(text: string): CommandInput {
  return { arguments: {}, options: { it: text } };
}

test("a duration is a whole number and a unit", () => {
  const durations = { "45s": 45_000, "90m": 5_400_000, "12h": 43_200_000, "30d": 2_592_000_000, "0s": 0 };
  for (const [text, durationMs] of Object.entries(durations))
    assert.equal(durationOption(given(text), "it"), durationMs);
  assert.equal(durationOption(given("1w"), "it"), durationOption(given("7d"), "it"));
  assert.equal(durationOption(given("1w"), "other"), undefined);
});

test("a time is a date, a time in UTC unless it says otherwise, or how long ago it was", () => {
  const times: Readonly<Record<string, string>> = {
    "2026-11-20": "2026-11-20T00:00:00.000Z",
    "2026-11-20T08:30": "2026-11-20T08:30:00.000Z",
    "2026-11-20 08:30:15.5": "2026-11-20T08:30:15.500Z",
    "2026-11-20T08:30:00+02:00": "2026-11-20T06:30:00.000Z",
    "36h": "2026-11-19T00:00:00.000Z",
  };
  for (const [text, time] of Object.entries(times))
    assert.equal(new Date(timeOption(given(text), "it", now) ?? 0).toISOString(), time);
});

test("what is neither is refused with what would be right", () => {
  for (const text of [
    "",
    "1",
    "1.5h",
    "-3d",
    "30 d",
    "d",
    "2026-13-01",
    "2026-02-30T99:00",
    "yesterday",
    "1y",
  ]) {
    assert.throws(() => timeOption(given(text), "it", now), UsageError, text);
    assert.throws(() => durationOption(given(text), "it"), UsageError, text);
  }
});
