import assert from "node:assert/strict";
import { test } from "node:test";
import { append, NoProgressError, RunStatusError, UnscriptedIoError, value, workflow } from "@agentflow/core";
import { assertCalls, assertEffects } from "../assert/assert-calls.ts";
import { assertOrder } from "../assert/assert-order.ts";
import { assertReplays } from "../assert/assert-replays.ts";
import { late, real, sequence, throws } from "../io/scripts.ts";
import { order, packed, shop } from "./order.fixture.ts";
import { testRun } from "./test-run.ts";

const items = ["lamp", "lens"];

/** A workflow of one node that makes one call and tells its result or its error. */
function calling(options: { readonly effect?: boolean; readonly retry?: { attemptsMax: number } } = {}) {
  return workflow("calling", { version: "1", state: { log: append<string>() } })
    .start("call", async (_state, ctx) => {
      try {
        return { log: [await ctx.io("page", { url: "u" }, () => "for real", options)] };
      } catch (error) {
        return { log: [`caught ${(error as Error).message}`] };
      }
    })
    .end("call");
}

test("a run is told of with result, steps, effects and the time that passed, none of it real (ENG-52)", async () => {
  const begun = performance.now();
  const run = await testRun(order, { items }, { io: shop, signals: packed });
  assert.equal(run.status, "succeeded");
  assert.deepEqual(run.result.prices, ["lamp 4000", "lens 4000"]);
  assert.deepEqual(run.state["parcel"], "parcel 1");
  assertOrder(run, "check", "price", "approve", "charge", "ship");
  assertEffects(run, [
    ["charge", { cents: 8000 }],
    ["mail", { receipt: "receipt 1", parcel: "parcel 1" }],
  ]);
  assertCalls(run, ["price", "price", "charge", "mail"]);
  assert.equal(run.elapsedMs, 30 * 86_400_000);
  assert.ok(run.events.some(({ type }) => type === "timer.set"));
  await assertReplays(run);
  assert.ok(performance.now() - begun < 2_000, "a month passes without anybody waiting for it");
});

test("an effect without a script fails the test although the workflow catches it, and is not made", async () => {
  await assert.rejects(testRun(calling({ effect: true }), {}), (error) => {
    assert.ok(error instanceof UnscriptedIoError);
    assert.match(error.message, /^0\.call makes the effect "page", which the test does not answer\.$/);
    assert.match(error.hint, /io: \{ "page": \.\.\. \}/);
    return true;
  });
  assert.deepEqual((await testRun(calling(), {})).result.log, ["for real"], "what is no effect is called");
});

test("the outside is called where the test says so, for one name or for all", async () => {
  for (const io of ["real", { page: real }, { "*": real }] as const)
    assert.deepEqual((await testRun(calling({ effect: true }), {}, { io })).result.log, ["for real"]);
});

test("an error, a sequence and a late answer reach the call as the outside's would", async () => {
  const failing = await testRun(calling(), {}, { io: { page: throws("no route") } });
  assert.deepEqual(failing.result.log, ["caught no route"]);
  const io = { page: sequence(throws("busy"), late("20s", "at last")) };
  const run = await testRun(calling({ retry: { attemptsMax: 3 } }), {}, { io });
  assert.deepEqual(run.result.log, ["at last"]);
  assert.equal(run.calls.length, 2, "a call that is tried again is there again");
  assert.ok(run.elapsedMs >= 20_000);
});

test("a sequence that is used up fails the test and says how many answers it had", async () => {
  const io = { page: sequence(throws("busy")) };
  const run = testRun(calling({ retry: { attemptsMax: 3 } }), {}, { io });
  await assert.rejects(run, /calls "page" once more than its sequence of 1 answer allows/);
});

test("a question without an answer stops the run there, with what it asks", async () => {
  const run = await testRun(order, { items: ["chandeliers"] }, { io: shop });
  assert.equal(run.status, "waiting");
  const [asked, ...others] = run.questions;
  assert.deepEqual(asked, {
    id: "2.approve#approve[0]",
    name: "approve",
    node: "approve",
    payload: { cents: 11_000 },
  });
  assert.deepEqual(others, []);
  assert.throws(() => run.result, RunStatusError);
});

test("people answer by name, by id, by what is asked, and one after the other", async () => {
  const dear = { items: ["chandeliers"] };
  const asked: unknown[] = [];
  const scripts = [
    true,
    sequence(true),
    (question: { payload: unknown }) => asked.push(question.payload) > 0,
  ];
  for (const answer of scripts) {
    const run = await testRun(order, dear, { io: shop, signals: packed, answers: { approve: answer } });
    assert.equal(run.result.cents, 11_000);
  }
  assert.deepEqual(asked, [{ cents: 11_000 }]);
  const answers = { "2.approve#approve[0]": false };
  const refused = await testRun(order, dear, { io: shop, answers });
  assert.equal(refused.failure?.cause?.message ?? refused.failure?.message, "refused");
  assert.throws(() => refused.result, /refused/);
});

test("an event may come later, and until stops the clock before it", async () => {
  const late = [{ key: "packed", value: "parcel 2", after: "40d" as const }];
  const run = await testRun(order, { items }, { io: shop, signals: late });
  assert.deepEqual([run.result.parcel, run.elapsedMs], ["parcel 2", 40 * 86_400_000]);
  const stopped = await testRun(order, { items }, { io: shop, until: "29d" });
  assert.deepEqual([stopped.status, stopped.elapsedMs], ["waiting", 29 * 86_400_000]);
  assertEffects(stopped, []);
});

test("an event comes at its time also while other steps sleep", async () => {
  const both = workflow("both", { version: "1", state: { heardAt: value(0) } })
    .start("begin", () => ({}))
    .node("nap", { after: "begin" }, (_state, ctx) => ctx.sleep("nap", 10 * 86_400_000))
    .node("hear", { after: "begin" }, async (_state, ctx) => {
      await ctx.waitFor("news");
      return { heardAt: ctx.now() };
    })
    .end("nap", "hear");
  const signals = [{ key: "news", after: "5d" as const }];
  const { result, elapsedMs } = await testRun(both, {}, { signals, now: 0 });
  assert.deepEqual([result.heardAt, elapsedMs], [5 * 86_400_000, 10 * 86_400_000]);
});

test("steps are listed in the order of their keys, whichever ended first", async () => {
  const io = { ...shop, price: sequence(late("1h", 1), 2) };
  const { steps, result } = await testRun(order, { items }, { io, signals: packed });
  assert.deepEqual(result.prices, ["lamp 1", "lens 2"]);
  assert.deepEqual(
    steps.map(({ stepId }) => stepId),
    ["0.check", "1.price[0]", "1.price[1]", "2.approve", "3.charge", "4.ship"],
  );
});

test("attempts that fail are retried by the test's clock, and their effect counts once", async () => {
  const io = { ...shop, charge: sequence(throws("down"), "receipt 3") };
  const run = await testRun(order, { items }, { io, signals: packed });
  assert.equal(run.result.receipt, "receipt 3");
  assert.deepEqual(
    run.calls.filter(({ name }) => name === "charge").map(({ attempt }) => attempt),
    [1, 2],
  );
  assertEffects(run, ["charge", "mail"]);
});

test("the same seed and clock give the same run, another seed other random numbers", async () => {
  const drawing = workflow("drawing", { version: "1", state: { drawn: value("") } })
    .start("draw", (_state, ctx) => ({ drawn: `${ctx.uuid()} ${new Date(ctx.now()).toISOString()}` }))
    .end("draw");
  const drawn = async (options: object) => (await testRun(drawing, {}, options)).result.drawn;
  assert.equal(await drawn({}), await drawn({}));
  assert.match(await drawn({}), / 2026-01-01T00:00:00\.000Z$/);
  assert.match(await drawn({ now: "2030-02-03T04:05:06Z" }), / 2030-02-03T04:05:06\.000Z$/);
  assert.notEqual(await drawn({ seed: "other" }), await drawn({}));
});

test("a step that waits for something that never comes is an error that names it, not a hang", async () => {
  const stuck = workflow("stuck", { version: "1", state: { log: append<string>() } })
    .start("hang", () => new Promise<undefined>(() => undefined))
    .end("hang");
  await assert.rejects(testRun(stuck, {}), (error) => {
    assert.ok(error instanceof NoProgressError);
    assert.match(error.message, /run-1 can neither go on nor end: 0\.hang wait/);
    return true;
  });
});

test("real work in a node is waited for, and no fake time passes meanwhile", async () => {
  const reading = workflow("reading", { version: "1", state: { log: append<string>() } })
    .start(
      "read",
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        return { log: ["read"] };
      },
      { timeoutMs: 1_000 },
    )
    .end("read");
  const run = await testRun(reading, {});
  assert.deepEqual([run.result.log, run.elapsedMs], [["read"], 0]);
});
