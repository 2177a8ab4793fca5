import assert from "node:assert/strict";
import { test } from "node:test";
import { flow } from "@agentflow/core";
import { assertEffects } from "../assert/assert-calls.ts";
import { assertReplays } from "../assert/assert-replays.ts";
import { testEngine } from "../run/test-engine.ts";
import { testRun } from "../run/test-run.ts";
import { exploreCrashes } from "./explore-crashes.ts";
import { exploreInterleavings } from "./explore-interleavings.ts";

const charge = (cents: number): Promise<string> => Promise.reject(new Error(`${cents} was charged for real`));

const order = flow("order", { version: "1" }, async (items: readonly number[], ctx) => {
  const receipts = await ctx.map("charge", items, (cents, step) =>
    step.io("charge", cents, charge, { effect: true }),
  );
  await ctx.sleep("month", 30 * 86_400_000);
  // Which of the later steps is called first, and so has the lower number, depends on which of the earlier ones is faster.
  const send = async () => ctx.step("sent", await ctx.step("send", receipts, (list) => list.length), Number);
  const note = async () => ctx.step("noted", await ctx.step("note", items.length, Number), Number);
  const [sent] = await Promise.all([send(), note()]);
  return { receipts, sent };
});

const io = { charge: (cents: number) => `paid ${cents}` };
const expected = { receipts: ["paid 5", "paid 7"], sent: 2 };

test("a flow is tested as a graph is: by its result, its effects and its replay (ENG-53)", async () => {
  const run = await testRun(order, [5, 7], { io });
  assert.deepEqual(run.result, expected);
  assertEffects(run, [
    ["charge", 5],
    ["charge", 7],
  ]);
  assert.equal(run.elapsedMs, 30 * 86_400_000);
  await assertReplays(run);
  await using engine = testEngine({ io });
  const stepped = await engine.start(order, [5, 7]);
  await engine.advance("10d");
  await engine.crash();
  assert.deepEqual(await stepped.result(), expected);
  assertEffects(await stepped.report(), ["charge", "charge"]);
});

test("orders and crashes of a flow are explored by its result and its effects", async () => {
  await exploreInterleavings(order, [5, 7, 9], { io, runs: 10 });
  const { points } = await exploreCrashes(order, [5, 7], { io });
  assert.ok(points > 10, `${points} points`);
  let charged = 0;
  const careless = flow("careless", { version: "1" }, async (_input: null, ctx) => {
    charged++;
    return ctx.step("wait", null, () => charged);
  });
  const setUp = () => {
    charged = 0;
    return {};
  };
  await assert.rejects(
    exploreCrashes(careless, null, { setUp }),
    /A crash .*\nstate\.output is 2 instead of 1/,
  );
});
