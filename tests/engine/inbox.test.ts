import assert from "node:assert/strict";
import { test } from "node:test";
import {
  append,
  canonicalLog,
  interrupt,
  type Json,
  type StoreBackend,
  value,
  workflow,
} from "@agentflow/core";
import { openMemory } from "@agentflow/store";
import { openEngine } from "../determinism/open-engine.ts";
import { eventsOfRun } from "../determinism/recorded-run.ts";
import { settle, succeed, turns } from "../determinism/settle.ts";

const ask = interrupt<string, string>("ask");

test("what another process sent before is not passed over by what comes in here", async () => {
  const backend = openMemory();
  await using held = openEngine({ backend });
  const flow = workflow("flow", { version: "1", state: { got: append<Json>() } })
    .start("step", async (_state, ctx) => {
      const left = async (): Promise<Json> => ctx.waitFor("left");
      const right = async (): Promise<Json> => ctx.waitFor("right");
      const held = ctx.sleep("hold", 60_000);
      const got = await Promise.all([left(), right()]);
      void held;
      return { got };
    })
    .end("step");
  const run = await held.engine.start(flow, {});
  await turns();
  const at = held.clock.now();
  const row = { kind: "event", key: "left", value: "1", by: undefined, at } as const;
  await backend.inbox.put({ tenant: "default", runId: run.runId, row });
  await held.engine.signal(run.runId, "right", 2);
  await turns();
  assert.deepEqual(run.runId.length > 0 && (await run.result()), { got: [1, 2] });
});

test("a run that was paused goes on when it is resumed, and once more after its process died", async () => {
  const backend = openMemory();
  const flow = workflow("flow", { version: "1", state: { x: value(0) } })
    .start("step", async (_state, ctx) => {
      await ctx.sleep("pause", 60_000);
      return { x: 1 };
    })
    .end("step");
  const first = openEngine({ backend });
  const run = await first.engine.start(flow, {});
  await turns();
  await first.engine.request(run.runId, "pause", { by: "me" });
  assert.equal((await settle(run, first.clock)).status, "paused");
  await first.engine.resume(run.runId, flow);
  await turns();
  assert.equal((await first.engine.inspect(run.runId)).status, "waiting");
  // Its process dies without another word; the next one takes over.
  first.clock.advance(0);
  const host = { pid: 2_002 };
  await using second = openEngine({ backend, host });
  const died = backend.owners.readOwner.bind(backend.owners);
  backend.owners.readOwner = async (id) => ((await died(id))?.pid === 2_002 ? died(id) : undefined);
  const again = await second.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(again, second.clock), { x: 1 });
});

test("a pause that came in while nobody advanced the run stops the process that takes it over", async () => {
  const backend = openMemory();
  const flow = workflow("flow", { version: "1", state: { x: value(0) } })
    .start("step", async (_state, ctx) => {
      await ctx.sleep("pause", 60_000);
      return { x: 1 };
    })
    .end("step");
  await using held = openEngine({ backend });
  const run = await held.engine.start(flow, {});
  await turns();
  await run.park();
  await held.engine.request(run.runId, "pause");
  const again = await held.engine.resume(run.runId, flow);
  assert.equal((await settle(again, held.clock)).status, "paused");
});

test("an event is taken once, however large, also over a resume", async () => {
  await using held = openEngine();
  const flow = workflow("flow", { version: "1", state: { sizes: append<number>() } })
    .start("one", async (_state, ctx) => ({ sizes: [(await ctx.waitFor<string>("e")).length] }))
    .node("two", { after: "one" }, async (_state, ctx) => ({
      sizes: [(await ctx.waitFor<string>("e")).length],
    }))
    .end("two");
  const run = await held.engine.start(flow, {});
  assert.equal((await settle(run, held.clock)).status, "waiting");
  await held.engine.signal(run.runId, "e", "x".repeat(10_000));
  const second = await held.engine.resume(run.runId, flow);
  assert.equal((await settle(second, held.clock)).status, "waiting");
  const third = await held.engine.resume(run.runId, flow);
  assert.equal((await settle(third, held.clock)).status, "waiting");
  await held.engine.signal(run.runId, "e", "y");
  const last = await held.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(last, held.clock), { sizes: [10_000, 1] });
});

test("an answer that comes in while its run is being resumed reaches it", async () => {
  const backend = openMemory();
  await using held = openEngine({ backend });
  const flow = workflow("flow", { version: "1", state: { got: value("") } })
    .start("first", async (_state, ctx) => {
      await ctx.waitFor("go");
    })
    .node("step", { after: "first" }, async (_state, ctx) => ({ got: await ctx.interrupt(ask, "?") }))
    .end("step");
  const run = await held.engine.start(flow, {});
  assert.equal((await settle(run, held.clock)).status, "waiting");
  await held.engine.signal(run.runId, "go");
  const second = await held.engine.resume(run.runId, flow);
  assert.equal((await settle(second, held.clock)).status, "waiting");
  const answered = answerDuringRead(backend, () => held.engine.answer(run.runId, "1.step#ask[0]", "yes"));
  const third = await held.engine.resume(run.runId, flow);
  await answered;
  await turns();
  const outcome = await settle(third, held.clock);
  assert.equal(outcome.status, "succeeded");
});

/** Answers between the moment in which the inbox is read and the one in which it is taken in. */
function answerDuringRead(backend: StoreBackend, answer: () => Promise<void>): Promise<void> {
  const read = backend.inbox.read.bind(backend.inbox);
  return new Promise((resolve, reject) => {
    backend.inbox.read = async (tenant, runId, after) => {
      const rows = await read(tenant, runId, after);
      backend.inbox.read = read;
      await answer().then(resolve, reject);
      return rows;
    };
  });
}

test("an answer wakes the step that waits for it and no other", async () => {
  await using held = openEngine();
  let executions = 0;
  const flow = workflow("flow", { version: "1", state: { got: append<string>() } })
    .start("fork", () => ({}))
    .map("ask", { after: "fork", over: () => [...Array(20).keys()] }, async (_item: number, ctx) => {
      executions++;
      return { got: [await ctx.interrupt(ask, "?")] };
    })
    .node("hold", { after: "fork" }, async (_state, ctx) => {
      await ctx.sleep("hold", 4_000);
      return {};
    })
    .node("end", { after: ["ask", "hold"] }, () => ({}))
    .end("end");
  const run = await held.engine.start(flow, {});
  await turns();
  assert.equal(executions, 20);
  await held.engine.answer(run.runId, "1.ask[7]#ask[0]", "yes");
  await turns();
  assert.equal(executions, 21);
});

test("the canonical log of a large answer and a large event does not tell what came in before them", async () => {
  const flow = workflow("flow", { version: "1", state: { sizes: append<number>() } })
    .start("ask", async (_state, ctx) => ({ sizes: [(await ctx.interrupt(ask, "?")).length] }))
    .node("wait", { after: "ask" }, async (_state, ctx) => ({
      sizes: [(await ctx.waitFor<string>("news")).length],
    }))
    .end("wait");
  const logs: string[] = [];
  for (const unheard of [0, 3]) {
    await using held = openEngine();
    const run = await held.engine.start(flow, {}, { seed: "same" });
    await settle(run, held.clock);
    for (let count = 0; count < unheard; count++) await held.engine.signal(run.runId, "nobody", count);
    await held.engine.answer(run.runId, "0.ask#ask[0]", "x".repeat(5_000), { by: "ada" });
    await held.engine.signal(run.runId, "news", "y".repeat(6_000));
    const again = await held.engine.resume(run.runId, flow);
    assert.deepEqual(await succeed(again, held.clock), { sizes: [5_000, 6_000] });
    logs.push(canonicalLog(await eventsOfRun(held.engine, run.runId)));
  }
  assert.equal(logs[0], logs[1]);
  assert.match(logs[0] ?? "", /"ref":true/);
});

test("pauses that came in while a run was paused are over once it is resumed, also for who takes it over", async () => {
  const backend = openMemory();
  const flow = workflow("flow", { version: "1", state: { x: value(0) } })
    .start("step", async (_state, ctx) => {
      await ctx.io("hold", null, () => new Promise<void>((resolve) => first.clock.setTimer(60_000, resolve)));
      return { x: 1 };
    })
    .end("step");
  const first = openEngine({ backend });
  const run = await first.engine.start(flow, {});
  await turns();
  await first.engine.request(run.runId, "pause");
  assert.equal((await run.settled()).status, "paused");
  await first.engine.request(run.runId, "pause");
  await first.engine.request(run.runId, "pause");
  const again = await first.engine.resume(run.runId, flow);
  await turns();
  assert.equal((await first.engine.inspect(run.runId)).status, "running");
  const died = backend.owners.readOwner.bind(backend.owners);
  backend.owners.readOwner = async (id) => ((await died(id))?.pid === 2_002 ? died(id) : undefined);
  await using second = openEngine({ backend, host: { pid: 2_002 } });
  await second.engine.resume(run.runId, flow);
  await turns();
  assert.equal((await second.engine.inspect(run.runId)).status, "running");
  await second.engine.request(run.runId, "pause");
  await turns();
  assert.equal((await second.engine.inspect(run.runId)).status, "paused");
  await first.clock.advanceAsync(60_000);
  assert.equal((await again.settled()).status, "fenced");
});
