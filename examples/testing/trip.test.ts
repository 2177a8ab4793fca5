// A flow and its saga on node:test; trip.spec.ts has the same on vitest.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  assertEffects,
  assertReplays,
  assertUndone,
  exploreCrashes,
  testRun,
  throws,
} from "agentflow/testing";
import { trip } from "./trip.ts";

const book = ({ what, to }: { what: string; to: string }) => `${what} to ${to}`;
const io = { book, cancel: "cancelled" };

test("the steps of a flow are answered in place of their functions", async () => {
  const steps = { flight: "AF 7", hotel: "Ritz", guide: "Ada" };
  const run = await testRun(trip, "Rome", { steps });
  assert.deepEqual(run.result, ["AF 7", "Ritz", "Ada"]);
  assertEffects(run, []);
});

test("what was booked is cancelled when no guide is found, the last booking first", async () => {
  const run = await testRun(trip, "Rome", { io });
  assert.throws(() => run.result, /Nobody knows Rome/);
  assertUndone(run, "hotel", "flight");
  assertEffects(run, ["book", "book", ["cancel", "hotel to Rome"], ["cancel", "flight to Rome"]]);
  await assertReplays(run);
});

test("a crash anywhere cancels each booking once", async () => {
  const steps = { guide: throws("nobody") };
  await exploreCrashes(trip, "Rome", { io, steps, check: (run) => assertUndone(run, "hotel", "flight") });
});
