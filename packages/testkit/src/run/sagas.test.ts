import assert from "node:assert/strict";
import { test } from "node:test";
import { append, flow, RunStatusError, UnscriptedIoError, workflow } from "@agentflow/core";
import { assertEffects } from "../assert/assert-calls.ts";
import { assertOrder } from "../assert/assert-order.ts";
import { assertReplays } from "../assert/assert-replays.ts";
import { assertUndone } from "../assert/assert-undone.ts";
import { exploreCrashes } from "../explore/explore-crashes.ts";
import { late, real, sequence, throws } from "../io/scripts.ts";
import { testEngine } from "./test-engine.ts";
import { testRun } from "./test-run.ts";

const missing = async (): Promise<string> => assert.fail("the outside was reached");

const trip = flow("trip", { version: "1" }, async (city: string, ctx) => {
  const flight = await ctx.step(
    "flight",
    city,
    (to, step) => step.io("book-flight", to, missing, { effect: true }),
    { compensate: (id, step) => step.io("cancel-flight", id, missing, { effect: true }) },
  );
  const rooms = await ctx.map(
    "room",
    ["single", "double"],
    (kind, step) => step.io("book-room", kind, missing, { effect: true }),
    {
      concurrency: 1,
      compensate: (id, step) => step.io("cancel-room", id, missing, { effect: true }),
    },
  );
  return [flight, ...rooms, await ctx.step("car", city, missing)];
});

const io = {
  "book-flight": "flight 1",
  "book-room": (kind: string) => `room ${kind}`,
  "cancel-flight": null,
  "cancel-room": null,
};

test("a saga tells what was undone, in order, apart from what was done, and replays (S11)", async () => {
  const failing = flow("trip", { version: "1" }, async (city: string, ctx) => {
    await ctx.run(trip, city);
  });
  const run = await testRun(failing, "Rome", {
    io: { ...io, "book-room": sequence("room 1", throws("full")) },
  });
  assert.equal(run.status, "failed");
  assertOrder(run, "flight", "room");
  assertUndone(run, "room", "flight");
  assertEffects(run, [
    "book-flight",
    "book-room",
    "book-room",
    ["cancel-room", "room 1"],
    ["cancel-flight", "flight 1"],
  ]);
  assert.deepEqual(run.compensation, { compensated: 2, failed: [] });
  assert.ok(run.steps.every(({ stepId }) => !stepId.includes("compensate")));
  await assertReplays(run);
  assert.throws(
    () => assertUndone(run, "flight", "room"),
    /were undone: room, flight\nThose .*: +flight, room/,
  );
  assert.throws(() => assertUndone(run, "room"), /Those that were to be/);
});

test("a run that is cancelled is undone, what fails is tried again by a resume, and nobody else does", async () => {
  const make = () =>
    workflow("order", { version: "1", state: { log: append<string>() }, compensation: { onCancel: true } })
      .start("pay", async (_state, ctx) => ({ log: [await ctx.io("pay", 5, missing, { effect: true })] }), {
        compensate: ({ log = [] }, ctx) => ctx.io("refund", log[0] ?? "", missing, { effect: true }),
      })
      .node("wait", { after: "pay" }, async (_state, ctx) => void (await ctx.waitFor("never")))
      .end("wait");
  const refund = sequence(throws("closed"), "refunded");
  await using engine = testEngine({ io: { pay: "paid", refund } });
  const run = await engine.start(make, {});
  assert.equal((await run.finish()).status, "waiting");
  await run.cancel();
  const left = await run.finish();
  assert.deepEqual([left.status, left.compensation?.failed.length, left.undone.length], ["cancelled", 1, 0]);
  await engine.crash();
  assert.equal((await run.report()).calls.length, 2, "another process leaves it as it is");
  await run.resume();
  const undone = await run.finish();
  assertUndone(undone, "pay");
  assert.deepEqual(undone.compensation, { compensated: 1, failed: [] });
  assert.throws(() => undone.result, RunStatusError);
});

test("every crash of a saga leaves each booking undone once", async () => {
  const failing = () =>
    flow("trip", { version: "1" }, async (city: string, ctx) => {
      await ctx.run(trip, city);
    });
  const { points } = await exploreCrashes(failing, "Rome", {
    io,
    steps: { car: throws("no car") },
    check: (run) => {
      assertUndone(run, "room", "room", "flight");
      assert.equal(run.effects.length, 6);
    },
  });
  assert.ok(points > 20, `${points} points`);
});

test("scripts answer the steps of a flow, and nodes, in place of their functions", async () => {
  const steps = {
    flight: "flight 7",
    room: (kind: unknown, { attempt, role }: { attempt: number; role: string }) =>
      `${kind} ${attempt} ${role}`,
    car: late("2h", "car 1"),
  };
  const run = await testRun(trip, "Rome", { steps });
  assert.deepEqual(run.result, ["flight 7", "single 1 step", "double 1 step", "car 1"]);
  assert.deepEqual([run.calls.length, run.elapsedMs], [0, 7_200_000]);
  await assert.rejects(run.replay(), { code: "AF_ARGUMENT_INVALID" });
  const graph = workflow("graph", { version: "1", state: { log: append<string>() } })
    .start("first", () => ({ log: ["for real"] }))
    .node("second", { after: "first" }, () => assert.fail("the node was executed"))
    .end("second");
  const given = await testRun(graph, {}, { steps: { first: real, second: { log: ["by script"] } } });
  assert.deepEqual(given.result.log, ["for real", "by script"]);
});

test("a script that throws fails the attempt of a step, and a sequence that is used up fails the test", async () => {
  const retrying = flow("retrying", { version: "1" }, (_input: null, ctx) =>
    ctx.step("ask", "x", missing, { retry: { attemptsMax: 3, retryIf: () => true } }),
  );
  const run = await testRun(retrying, null, { steps: { ask: sequence(throws("busy"), "at last") } });
  assert.deepEqual([run.result, run.steps.find(({ node }) => node === "ask")?.attempts], ["at last", 2]);
  const short = testRun(retrying, null, { steps: { ask: sequence(throws("busy")) } });
  await assert.rejects(short, (error) => {
    assert.ok(error instanceof UnscriptedIoError);
    assert.match(error.message, /is executed once more than its sequence of 1 answer allows/);
    return true;
  });
});

test("what undoes a step is executed, although a script has answered the step", async () => {
  const steps = { flight: "flight 7", room: "room 7", car: throws("no car") };
  const run = await testRun(trip, "Rome", { steps, io });
  assertUndone(run, "room", "room", "flight");
  assertEffects(run, ["cancel-room", "cancel-room", ["cancel-flight", "flight 7"]]);
});
