// The tests on node:test; renewal.spec.ts has the same on vitest.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  assertEffects,
  assertOrder,
  assertReplays,
  exploreCrashes,
  exploreInterleavings,
  sequence,
  testEngine,
  testRun,
  throws,
} from "agentflow/testing";
import { renewal } from "./workflow.ts";

const ada = { customer: "ada", plan: "yearly", paidCents: 900 };
const io = { price: 1_000, mail: null, charge: "receipt 1" };
const busy = Object.assign(new Error("busy"), { status: 503 });

test("a customer who agrees to the new price is charged after a month", async () => {
  const run = await testRun(renewal, ada, { io, answers: { confirm: true } });
  assert.deepEqual(run.result.receipts, ["receipt 1"]);
  assertOrder(run, "remind", "wait", "ask", "charge");
  assertEffects(run, [
    ["mail", { customer: "ada", cents: 1_000 }],
    ["charge", { customer: "ada", cents: 1_000 }],
  ]);
  assert.equal(run.elapsedMs, 30 * 86_400_000);
  await assertReplays(run);
});

test("a customer who does not agree is not charged", async () => {
  const run = await testRun(renewal, ada, { io, answers: { confirm: false } });
  assert.equal(run.status, "failed");
  assert.throws(() => run.result, /cancelled by the customer/);
  assertEffects(run, ["mail"]);
});

test("a bank that is busy is asked again the next day, and given up after three", async () => {
  const cheap = { ...ada, paidCents: 1_000 };
  const second = { ...io, charge: sequence(throws(busy), "receipt 2") };
  assert.deepEqual((await testRun(renewal, cheap, { io: second })).result.receipts, ["receipt 2"]);
  const never = await testRun(renewal, cheap, { io: { ...io, charge: throws(busy) } });
  assert.deepEqual([never.result.failures, never.calls.length], [1, 5]);
});

test("the question is asked on the thirtieth day, and survives the end of the process", async () => {
  await using engine = testEngine({ io });
  const run = await engine.start(renewal, ada);
  await engine.advance("29d");
  assert.deepEqual(await run.questions(), []);
  await engine.crash();
  await engine.advance("1d");
  assert.deepEqual(
    (await run.questions()).map(({ payload }) => payload),
    [{ cents: 1_000 }],
  );
  await run.answer("confirm", true);
  assert.equal((await run.result()).receipts.length, 1);
});

test("no order and no crash makes a difference", async () => {
  const world = { io, answers: { confirm: true } };
  await exploreInterleavings(renewal, ada, { ...world, runs: 10 });
  const { points } = await exploreCrashes(renewal, ada, world);
  assert.ok(points >= 10);
});
