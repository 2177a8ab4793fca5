import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeProcesses } from "@agentflow/contracts";
import { RunExistsError, UnregisteredWorkflowError, ValidationError, value, workflow } from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";
import { openEngine } from "../determinism/open-engine.ts";
import { succeed, turns } from "../determinism/settle.ts";

function counting(calls: { count: number }, version = "1") {
  return workflow("order", { version, state: { amount: value<number>(), paid: value(false) } })
    .start("pay", async ({ amount }, ctx) => {
      await ctx.io("charge", amount, () => {
        calls.count += 1;
        return null;
      });
      await ctx.sleep("settle", 1_000);
      return { paid: true };
    })
    .end("pay");
}

const orders = counting({ count: 0 });

test("a start under the id of a run that is under way, or has ended, gives that run", async () => {
  await using held = openEngine();
  const calls = { count: 0 };
  const order = counting(calls);
  const first = await held.engine.start(order, { amount: 3 }, { id: "order-1" });
  const second = await held.engine.start(order, { amount: 3 }, { id: "order-1" });
  await turns();
  const later = await held.engine.start(counting(calls, "2"), { amount: 3 }, { id: "order-1" });
  assert.deepEqual(await succeed(second, held.clock), { amount: 3, paid: true });
  assert.deepEqual([await first.result(), await later.result()], Array(2).fill({ amount: 3, paid: true }));
  const ended = await held.engine.start(order, { amount: 3 }, { id: "order-1" });
  assert.deepEqual(await ended.result(), { amount: 3, paid: true });
  assert.equal(calls.count, 1);
  assert.equal((await held.backend.runs.readHead("default", "order-1"))?.epoch, 1);
});

test("ten starts at once of one process make one run", async () => {
  await using held = openEngine();
  const calls = { count: 0 };
  const order = counting(calls);
  const starts = Array.from({ length: 10 }, () => held.engine.start(order, { amount: 1 }, { id: "o" }));
  const runs = await Promise.all(starts);
  await succeed(runs[0] as (typeof runs)[0], held.clock);
  assert.deepEqual(
    await Promise.all(runs.map((run) => run.result())),
    Array(10).fill({ amount: 1, paid: true }),
  );
  assert.equal(calls.count, 1);
});

test("a start of other work under a taken id is refused, says what differs, and leaves the run alone", async () => {
  await using held = openEngine();
  const other = workflow("refund", { version: "1", state: { amount: value(0) } })
    .start("pay", () => ({}))
    .end("pay");
  const run = await held.engine.start(orders, { amount: 3 }, { id: "o", seed: "s" });
  const refused = async (start: Promise<unknown>, says: RegExp): Promise<void> => {
    await assert.rejects(
      start,
      (error: Error) => error instanceof RunExistsError && says.test(error.message),
    );
  };
  await refused(held.engine.start(orders, { amount: 4 }, { id: "o" }), /its input has another "amount"/);
  await refused(held.engine.start(other, {}, { id: "o" }), /its workflow is "order", not "refund"/);
  await refused(held.engine.start(orders, { amount: 3 }, { id: "o", seed: "t" }), /its seed is another one/);
  await succeed(run, held.clock);
  await refused(held.engine.start(orders, { amount: 4 }, { id: "o" }), /its input has another "amount"/);
});

test("a run that another process executes is waited for, with its events", async () => {
  const backend = openMemory();
  const clock = new FakeClock();
  const processes = new FakeProcesses();
  await using there = openEngine({ backend, clock, host: { processes, pid: 1 } });
  await using here = openEngine({ backend, clock, host: { processes, pid: 2 } });
  const calls = { count: 0 };
  const order = counting(calls);
  await there.engine.start(order, { amount: 3 }, { id: "o" });
  const run = await here.engine.start(order, { amount: 3 }, { id: "o" });
  const types: string[] = [];
  const told = (async () => {
    for await (const event of run.events()) types.push(event.type);
  })();
  assert.deepEqual(await succeed(run, clock), { amount: 3, paid: true });
  await told;
  assert.equal(types.at(-1), "run.succeeded");
  assert.equal(calls.count, 1);
  assert.equal((await backend.runs.readHead("default", "o"))?.epoch, 1);
});

test("a run whose process died goes on where it is started again, and its effects are not repeated", async () => {
  const backend = openMemory();
  const processes = new FakeProcesses();
  const calls = { count: 0 };
  const order = counting(calls);
  const doomed = openEngine({ backend, host: { processes, pid: 1 } });
  await doomed.engine.start(order, { amount: 3 }, { id: "o" });
  await turns();
  processes.kill(1, "1");
  await using next = openEngine({ backend, host: { processes, pid: 2 } });
  const run = await next.engine.start(order, { amount: 3 }, { id: "o" });
  assert.deepEqual(await succeed(run, next.clock), { amount: 3, paid: true });
  assert.equal(calls.count, 1);
});

test("a run that failed in another process is told as failed, with its cause", async () => {
  const backend = openMemory();
  const failing = workflow("failing", { version: "1", state: { x: value(0) } })
    .start("step", () => {
      throw new Error("no paper");
    })
    .end("step");
  await using there = openEngine({ backend, host: { pid: 1 } });
  await (await there.engine.start(failing, {}, { id: "f" })).settled();
  await using here = openEngine({ backend, host: { pid: 2 } });
  const run = await here.engine.start(failing, {}, { id: "f" });
  const settling = run.settled();
  await here.clock.advanceAsync(1_000);
  const outcome = await settling;
  assert.ok(outcome.status === "failed" && /no paper/.test(outcome.error.message));
});

test("a run is resumed by the name of its workflow, and one without its workflow is refused", async () => {
  const backend = openMemory();
  const first = openEngine({ backend });
  await first.engine.start(orders, { amount: 3 }, { id: "o" });
  await turns();
  await first.engine.close();
  await using ignorant = openEngine({ backend });
  await assert.rejects(ignorant.engine.resume("o"), UnregisteredWorkflowError);
  await using knowing = openEngine({ backend, workflows: [orders] });
  const run = await knowing.engine.resume("o");
  assert.deepEqual(await succeed(run, knowing.clock), { amount: 3, paid: true });
});

test("an engine refuses two workflows of one name", () => {
  assert.throws(() => openEngine({ workflows: [orders, counting({ count: 0 })] }), ValidationError);
  assert.ok(openEngine({ workflows: [orders, orders] }).engine instanceof Engine);
});
