import assert from "node:assert/strict";
import { test } from "node:test";
import { append, sum, workflow } from "@agentflow/core";
import { testRun } from "../run/test-run.ts";
import { assertCalls, assertEffects } from "./assert-calls.ts";
import { assertOrder } from "./assert-order.ts";
import { assertReplays } from "./assert-replays.ts";

const paying = workflow("paying", { version: "1", state: { log: append<string>() } })
  .start("look", async (_state, ctx) => {
    await ctx.io("find", { name: "ada" }, () => 7);
  })
  .map("pay", { after: "look", over: () => [5, 10] }, async (cents, ctx) => {
    await ctx.io("charge", { cents }, () => null, { effect: true });
  })
  .node("tell", { after: "pay" }, () => ({ log: ["told"] }))
  .end("tell");

const paid = () => testRun(paying, {}, { io: { charge: null } });

function messageOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof assert.AssertionError, String(error));
    return error.message;
  }
  return "nothing was thrown";
}

test("an order that does not hold names the two steps and what ran", async () => {
  const run = await paid();
  assertOrder(run, "look", "1.pay[0]", "1.pay[1]", "tell");
  const swapped = messageOf(() => assertOrder(run, "tell", "pay"));
  assert.match(swapped, /^1\.pay\[0\] does not come after 2\.tell\.\n/);
  assert.match(swapped, /The steps that ran: {2}0\.look, 1\.pay\[0\], 1\.pay\[1\], 2\.tell$/);
  assert.match(
    messageOf(() => assertOrder(run, "look", "ask")),
    /^No step of ask ran\./,
  );
  assert.match(
    messageOf(() => assertOrder(run, "1.pay[1]", "pay")),
    /1\.pay\[0\] does not come after/,
  );
});

test("effects that are others, too few or in another order are shown beside those expected", async () => {
  const run = await paid();
  assertEffects(run, [["charge", { cents: 5 }], "charge"]);
  assertCalls(run, [["find", { name: "ada" }], "charge", "charge"]);
  const fewer = messageOf(() => assertEffects(run, ["charge"]));
  assert.match(fewer, /^The run made 2 effects instead of 1\.\n/);
  const others = messageOf(() =>
    assertEffects(run, [
      ["charge", { cents: 5 }],
      ["charge", { cents: 11 }],
    ]),
  );
  assert.match(
    others,
    /^The effects of the run are others, or in another order\.\n[\s\S]*\+ +cents: 10[\s\S]*- +cents: 11/,
  );
});

test("a run whose node reads what no journal holds does not replay, and the field is named", async () => {
  let executions = 0;
  const unsteady = workflow("unsteady", { version: "1", state: { count: sum() } })
    .start("count", () => ({ count: ++executions }))
    .end("count");
  const run = await testRun(unsteady, {});
  await assert.rejects(assertReplays(run), (error) => {
    assert.ok(error instanceof assert.AssertionError);
    assert.match(
      error.message,
      /^Run run-1 does not replay: 0\.count differs in delta\.count\.\n {2}recorded 1\n {2}replayed 2\n/,
    );
    return true;
  });
  await assertReplays(await paid());
});
