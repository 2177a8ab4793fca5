import assert from "node:assert/strict";
import { test } from "node:test";
import { assertEffects, assertReplays, exploreCrashes, sequence, testRun, throws } from "agentflow/testing";
import { dayBefore } from "./calendar.ts";
import { digest } from "./workflow.ts";

const input = { folder: "notes", outbox: "outbox" };
const now = "2026-03-30T05:00:00Z";
const delivery = { outbox: "outbox", day: "2026-03-29", text: "Notes of 2026-03-29\n- Tides\n" };

test("the digest of a morning has the titles of the day before, and is sent once", async () => {
  const run = await testRun(digest, input, { now, io: { titles: ["Tides"], deliver: "file" } });
  assert.deepEqual([run.result.day, run.result.sent], ["2026-03-29", "file"]);
  assertEffects(run, [["deliver", delivery]]);
  await assertReplays(run);
});

test("a day without notes has no digest, and an outbox that is full is tried again", async () => {
  const quiet = await testRun(digest, input, { now, io: { titles: [] } });
  assertEffects(quiet, []);
  const full = Object.assign(new Error("full"), { status: 503 });
  const io = { titles: ["Tides"], deliver: sequence(throws(full), "file") };
  assert.equal((await testRun(digest, input, { now, io })).result.sent, "file");
});

test("no crash makes a difference", async () => {
  const { points } = await exploreCrashes(digest, input, { now, io: { titles: ["Tides"], deliver: "file" } });
  assert.ok(points >= 5);
});

test("the day before is the one of the digest's clock, also where the clocks change", () => {
  const days = ["2026-03-29T00:30Z", "2026-03-29T22:30Z", "2026-10-24T22:30Z", "2026-01-01T00:00Z"];
  assert.deepEqual(
    days.map((moment) => dayBefore(Date.parse(moment))),
    ["2026-03-28", "2026-03-29", "2026-10-24", "2025-12-31"],
  );
});
