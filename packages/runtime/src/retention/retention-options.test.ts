import assert from "node:assert/strict";
import { test } from "node:test";
import { finishedStatuses, ValidationError } from "@agentflow/core";
import { checkRetention, removalRules } from "./retention-options.ts";

const now = 1_800_000_000_000;
const dayMs = 86_400_000;

test("without a setting nothing may go", () => {
  assert.deepEqual(removalRules({}, "t", now), []);
  assert.deepEqual(removalRules({ removeUnexported: true, removedStatuses: ["failed"] }, "t", now), []);
});

test("days and numbers become rules: whole runs first, both conditions in one", () => {
  const common = { tenant: "t", statuses: finishedStatuses, unexported: false };
  assert.deepEqual(removalRules({ keepRunsDays: 30, keepNewestRuns: 5, keepHistoryDays: 7 }, "t", now), [
    { ...common, part: "run", finishedBefore: now - 30 * dayMs, keep: 5 },
    { ...common, part: "history", finishedBefore: now - 7 * dayMs },
  ]);
  assert.deepEqual(
    removalRules({ keepNewestRuns: 0, removedStatuses: ["failed"], removeUnexported: true }, "t", now),
    [{ tenant: "t", statuses: ["failed"], unexported: true, part: "run", keep: 0 }],
  );
});

test("numbers out of range and statuses of runs that go on are refused", () => {
  checkRetention({ keepRunsDays: 0.5, keepNewestRuns: 0, removedStatuses: ["failed"] });
  for (const options of [
    { keepRunsDays: -1 },
    { keepHistoryDays: Number.NaN },
    { keepCacheDays: Number.POSITIVE_INFINITY },
    { keepNewestRuns: 1.5 },
    { removedStatuses: ["running" as "failed"] },
  ])
    assert.throws(() => checkRetention(options), ValidationError, JSON.stringify(options));
});
