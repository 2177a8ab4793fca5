// A flow and its saga on vitest; trip.test.ts has the same on node:test.
import {
  assertEffects,
  assertReplays,
  assertUndone,
  exploreCrashes,
  testRun,
  throws,
} from "agentflow/testing";
import { expect, test } from "vitest";
import { trip } from "./trip.ts";

const book = ({ what, to }: { what: string; to: string }) => `${what} to ${to}`;
const io = { book, cancel: "cancelled" };

test("the steps of a flow are answered in place of their functions", async () => {
  const steps = { flight: "AF 7", hotel: "Ritz", guide: "Ada" };
  const run = await testRun(trip, "Rome", { steps });
  expect(run.result).toEqual(["AF 7", "Ritz", "Ada"]);
  assertEffects(run, []);
});

test("what was booked is cancelled when no guide is found, the last booking first", async () => {
  const run = await testRun(trip, "Rome", { io });
  expect(() => run.result).toThrow(/Nobody knows Rome/);
  assertUndone(run, "hotel", "flight");
  assertEffects(run, ["book", "book", ["cancel", "hotel to Rome"], ["cancel", "flight to Rome"]]);
  await assertReplays(run);
});

test("a crash anywhere cancels each booking once", async () => {
  const steps = { guide: throws("nobody") };
  await exploreCrashes(trip, "Rome", { io, steps, check: (run) => assertUndone(run, "hotel", "flight") });
});
