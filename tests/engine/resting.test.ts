import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeProcesses, FaultyStore } from "@agentflow/contracts";
import {
  append,
  CancelledError,
  EngineClosedError,
  InterruptedError,
  interrupt,
  type StoreBackend,
  VersionMismatchError,
  workflow,
} from "@agentflow/core";
import { openMemory } from "@agentflow/store";
import { type OpenedEngine, openEngine } from "../determinism/open-engine.ts";
import { succeed, turns } from "../determinism/settle.ts";

const napMs = 600_000;
const dayMs = 86_400_000;
const approve = interrupt<string, string>("approve");

function sleeper(calls: { count: number }, sleepMs = napMs) {
  return workflow("sleeper", { version: "1", state: { said: append<string>() } })
    .start("nap", async (_state, ctx) => {
      await ctx.io("before", null, () => {
        calls.count += 1;
        return null;
      });
      await ctx.sleep("nap", sleepMs);
      return { said: [`slept ${ctx.now()}`] };
    })
    .end("nap");
}

const asking = workflow("asking", { version: "1", state: { said: append<string>() } })
  .start("ask", async (_state, ctx) => ({ said: [await ctx.interrupt(approve, "well?")] }))
  .end("ask");

const hearing = workflow("hearing", { version: "1", state: { said: append<string>() } })
  .start("hear", async (_state, ctx) => ({ said: [await ctx.waitFor<string>("news")] }))
  .end("hear");

async function headOf({ backend }: { backend: StoreBackend }, runId: string) {
  const head = await backend.runs.readHead("default", runId);
  assert.ok(head !== undefined);
  return head;
}

/** Two processes of one machine on one store. */
function openTwo(): { clock: FakeClock; here: OpenedEngine; there: OpenedEngine } {
  const clock = new FakeClock();
  const [backend, processes] = [openMemory(), new FakeProcesses()];
  const of = (pid: number): OpenedEngine => openEngine({ backend, clock, host: { processes, pid } });
  return { clock, here: of(1), there: of(2) };
}

test("a run in which everything sleeps is given back, wakes at its time and not before, and its handle goes on", async () => {
  await using held = openEngine();
  const calls = { count: 0 };
  const run = await held.engine.start(sleeper(calls), {});
  const begun = held.clock.now();
  await turns();
  const { owner, status, wakeAt } = await headOf(held, run.runId);
  assert.deepEqual([owner, status, wakeAt], [undefined, "waiting", begun + napMs]);
  const settled = run.settled();
  await held.clock.advanceAsync(napMs - 1);
  assert.equal((await headOf(held, run.runId)).epoch, 1);
  await held.clock.advanceAsync(1);
  await turns();
  assert.deepEqual(await settled, { status: "succeeded", state: { said: [`slept ${begun + napMs}`] } });
  assert.equal(calls.count, 1);
});

test("a thousand runs that sleep have one timer", async () => {
  await using held = openEngine();
  const order = sleeper({ count: 0 });
  const runs = [];
  for (let index = 0; index < 1_000; index++) runs.push(await held.engine.start(order, {}));
  await turns();
  // The heartbeat, the nearest due time, and the look whether the clock was set.
  assert.equal(held.clock.waiting, 3);
  await succeed(runs.at(-1) as (typeof runs)[0], held.clock);
  const outcomes = await Promise.all(runs.map((run) => run.settled()));
  assert.ok(outcomes.every(({ status }) => status === "succeeded"));
});

test("a run that sleeps for months wakes when the wall clock says so, wherever it was set meanwhile", async () => {
  await using held = openEngine();
  const run = await held.engine.start(sleeper({ count: 0 }, 90 * dayMs), {});
  await turns();
  held.clock.jump(90 * dayMs - 70_000);
  await held.clock.advanceAsync(65_000);
  assert.equal((await headOf(held, run.runId)).status, "waiting");
  held.clock.jump(-60_000);
  await held.clock.advanceAsync(60_000);
  assert.equal((await headOf(held, run.runId)).status, "waiting");
  await held.clock.advanceAsync(5_000);
  await turns();
  assert.equal((await run.settled()).status, "succeeded");
  const other = await held.engine.start(sleeper({ count: 0 }, 90 * dayMs), {});
  await turns();
  held.clock.jump(91 * dayMs);
  await held.clock.advanceAsync(60_000);
  await turns();
  assert.equal((await other.settled()).status, "succeeded");
});

test("a run that waits for people goes on with the answer, without a resume", async () => {
  await using held = openEngine();
  const run = await held.engine.start(asking, {});
  await assert.rejects(run.result(), InterruptedError);
  await held.engine.answer(run.runId, "0.ask#approve[0]", "yes");
  assert.deepEqual(await run.result(), { said: ["yes"] });
});

test("an answer given by another process reaches a resting run within a heartbeat", async () => {
  const { clock, here, there } = openTwo();
  const run = await here.engine.start(hearing, {});
  await run.settled();
  await there.engine.signal(run.runId, "news", "rain");
  await clock.advanceAsync(2_000);
  await turns();
  assert.deepEqual(await run.result(), { said: ["rain"] });
  await Promise.all([here.engine.close(), there.engine.close()]);
});

test("a resting run is cancelled at once", async () => {
  await using held = openEngine();
  const run = await held.engine.start(sleeper({ count: 0 }), {});
  await turns();
  await run.cancel();
  await assert.rejects(run.result(), CancelledError);
  assert.equal((await headOf(held, run.runId)).status, "cancelled");
});

test("a run that another process takes while it rests is told by that process's outcome", async () => {
  const { clock, here, there } = openTwo();
  const calls = { count: 0 };
  const order = sleeper(calls);
  const run = await here.engine.start(order, {});
  const settled = run.settled();
  await turns();
  await there.engine.resume(run.runId, order);
  await clock.advanceAsync(napMs);
  await turns();
  await clock.advanceAsync(1_000);
  await turns();
  assert.equal((await settled).status, "succeeded");
  assert.equal(calls.count, 1);
  await Promise.all([here.engine.close(), there.engine.close()]);
});

test("of two processes that a due run belongs to, one goes on with it", async () => {
  const { clock, here, there } = openTwo();
  const calls = { count: 0 };
  const order = sleeper(calls);
  const first = await here.engine.start(order, {}, { id: "r" });
  await turns();
  const second = await there.engine.start(order, {}, { id: "r" });
  const settled = Promise.all([first.settled(), second.settled()]);
  for (let second = 0; second < 3; second++) {
    await clock.advanceAsync(second === 0 ? napMs : 1_000);
    await turns();
  }
  assert.deepEqual(
    (await settled).map(({ status }) => status),
    ["succeeded", "succeeded"],
  );
  assert.equal((await headOf(here, "r")).epoch, 2);
  await Promise.all([here.engine.close(), there.engine.close()]);
});

test("a due run whose store is away wakes when the store is back", async () => {
  const backend = openMemory();
  const store = new FaultyStore(backend, [
    { kind: "fail", method: "listDue", call: 1 },
    { kind: "fail", method: "takeRested", call: 1 },
    { kind: "fail", method: "readScope", call: 1 },
  ]);
  await using held = openEngine({ backend: store });
  const run = await held.engine.start(sleeper({ count: 0 }), {});
  await turns();
  assert.equal((await succeed(run, held.clock)).said.length, 1);
});

function otherCode(): never {
  throw new VersionMismatchError("other code");
}

test("a run that cannot go on after its rest tells why, and others wake all the same", async () => {
  const backend = openMemory();
  await using held = openEngine({ backend });
  const broken = await held.engine.start(sleeper({ count: 0 }), {});
  const sound = await held.engine.start(sleeper({ count: 0 }), {});
  await turns();
  const { waits } = backend;
  const { takeRested } = waits;
  waits.takeRested = async (request) => {
    const taken = await takeRested.call(waits, request);
    return taken.map((rested) => {
      if (rested.head.runId !== broken.runId) return rested;
      return Object.defineProperty({ ...rested }, "root", { get: otherCode });
    });
  };
  assert.equal((await succeed(sound, held.clock)).said.length, 1);
  await assert.rejects(broken.result(), VersionMismatchError);
});

test("closing an engine leaves resting runs to be taken up, and tells who waits for them", async () => {
  const held = openEngine();
  const run = await held.engine.start(sleeper({ count: 0 }), {});
  await turns();
  const refused = assert.rejects(run.result(), EngineClosedError);
  await held.engine.close();
  await refused;
  const { owner, status } = await headOf(held, run.runId);
  assert.deepEqual([owner, status], [undefined, "waiting"]);
  assert.equal(held.clock.waiting, 0);
});

test("a short sleep costs no rest", async () => {
  await using held = openEngine();
  const run = await held.engine.start(sleeper({ count: 0 }, 4_999), {});
  await turns();
  assert.notEqual((await headOf(held, run.runId)).owner, undefined);
  assert.equal((await succeed(run, held.clock)).said.length, 1);
  assert.equal((await headOf(held, run.runId)).epoch, 1);
});

test("a run that was parked while it rests is left alone", async () => {
  await using held = openEngine();
  const run = await held.engine.start(sleeper({ count: 0 }), {});
  await turns();
  await run.park();
  assert.equal((await run.settled()).status, "parked");
  await held.clock.advanceAsync(2 * napMs);
  assert.equal((await headOf(held, run.runId)).epoch, 1);
});
