// The tests on vitest; renewal.test.ts has the same on node:test.
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
import { expect, test } from "vitest";
import { renewal } from "./workflow.ts";

const ada = { customer: "ada", plan: "yearly", paidCents: 900 };
const io = { price: 1_000, mail: null, charge: "receipt 1" };
const busy = Object.assign(new Error("busy"), { status: 503 });

test("a customer who agrees to the new price is charged after a month", async () => {
  const run = await testRun(renewal, ada, { io, answers: { confirm: true } });
  expect(run.result.receipts).toEqual(["receipt 1"]);
  assertOrder(run, "remind", "wait", "ask", "charge");
  assertEffects(run, ["mail", ["charge", { customer: "ada", cents: 1_000 }]]);
  expect(run.elapsedMs).toBe(30 * 86_400_000);
  await assertReplays(run);
});

test("a customer who does not agree is not charged", async () => {
  const run = await testRun(renewal, ada, { io, answers: { confirm: false } });
  expect(() => run.result).toThrow(/cancelled by the customer/);
  assertEffects(run, ["mail"]);
});

test("a bank that is busy is asked again the next day", async () => {
  const charge = sequence(throws(busy), "receipt 2");
  const run = await testRun(renewal, { ...ada, paidCents: 1_000 }, { io: { ...io, charge } });
  expect(run.result.receipts).toEqual(["receipt 2"]);
});

test("the question survives the end of the process", async () => {
  await using engine = testEngine({ io });
  const run = await engine.start(renewal, ada);
  await engine.advance("29d");
  await engine.crash();
  await engine.advance("1d");
  expect(await run.questions()).toHaveLength(1);
  await run.answer("confirm", true);
  expect((await run.result()).receipts).toHaveLength(1);
});

test("no order and no crash makes a difference", async () => {
  const world = { io, answers: { confirm: true } };
  await exploreInterleavings(renewal, ada, { ...world, runs: 10 });
  expect((await exploreCrashes(renewal, ada, world)).points).toBeGreaterThanOrEqual(10);
});

test("an assertion that fails shows the difference", async () => {
  const run = await testRun(renewal, ada, { io, answers: { confirm: true } });
  expect(() => assertEffects(run, ["mail"])).toThrow(/made 2 effects instead of 1/);
});
