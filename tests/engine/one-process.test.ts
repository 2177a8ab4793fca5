import assert from "node:assert/strict";
import { test } from "node:test";
import { CrashLoopError, EngineClosedError, type StandardSchema, value, workflow } from "@agentflow/core";
import { openMemory } from "@agentflow/store";
import { openEngine } from "../determinism/open-engine.ts";
import { settle, succeed, turns } from "../determinism/settle.ts";

const pausing = workflow("pausing", { version: "1", state: { x: value(0) } })
  .start("step", async (_state, ctx) => {
    await ctx.sleep("pause", 4_000);
    return { x: 1 };
  })
  .end("step");

test("two resumes of one run at once in one process execute it once", async () => {
  await using held = openEngine();
  const run = await held.engine.start(pausing, {});
  await turns();
  await run.park();
  const [first, second] = await Promise.all([
    held.engine.resume(run.runId, pausing),
    held.engine.resume(run.runId, pausing),
  ]);
  assert.equal((await settle(first, held.clock)).status, "succeeded");
  assert.equal((await second.settled()).status, "succeeded");
  assert.equal((await held.backend.runs.readHead("default", run.runId))?.epoch, 2);
});

test("closing waits for a run that is being started or resumed, and none goes on after it", async () => {
  const backend = openMemory();
  let check = (): void => undefined;
  const slow: StandardSchema<unknown, number> = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (given) =>
        new Promise((resolve) => {
          check = () => resolve({ value: given as number });
        }),
    },
  };
  const checked = workflow("checked", { version: "1", state: { x: value(0, { schema: slow }) } })
    .start("step", async (_state, ctx) => {
      await ctx.sleep("pause", 4_000);
    })
    .end("step");
  const held = openEngine({ backend });
  const starting = held.engine.start(checked, { x: 1 }, { id: "r" });
  await turns();
  const closed = held.engine.close();
  check();
  await closed;
  await assert.rejects(starting, EngineClosedError);
  assert.equal(await backend.runs.readHead("default", "r"), undefined);
});

test("a run in a crash loop that somebody resumes after mending its code goes on", async () => {
  const backend = openMemory();
  const died = backend.owners.readOwner.bind(backend.owners);
  backend.owners.readOwner = async (id) => (id.startsWith("host-a-1") ? undefined : died(id));
  const blocked = workflow("blocked", { version: "1", state: { x: value(0) } })
    .start("step", () => new Promise<{ x: number }>(() => undefined))
    .end("step");
  const first = openEngine({ backend, host: { pid: 1_000 } });
  const { runId } = await first.engine.start(blocked, {});
  for (let life = 1; life <= 6; life++) {
    const next = openEngine({ backend, host: { pid: 1_000 + life } });
    const run = await next.engine.resume(runId, blocked);
    await turns();
    if (life < 6) continue;
    const outcome = await run.settled();
    assert.ok(outcome.status === "failed" && outcome.error instanceof CrashLoopError);
  }
  const mended = workflow("blocked", { version: "1", state: { x: value(0) } })
    .start("step", async () => ({ x: 1 }))
    .end("step");
  await using last = openEngine({ backend, host: { pid: 2_000 } });
  const run = await last.engine.resume(runId, mended);
  assert.deepEqual(await succeed(run, last.clock), { x: 1 });
});

test("a place that a stopped run waited for goes to the next one that waits", async () => {
  await using held = openEngine({ engineConcurrency: 1 });
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const flow = workflow("flow", { version: "1", state: { x: value(0) } })
    .start("step", async (_state, ctx) => ({ x: await ctx.io("call", null, () => opened.then(() => 1)) }))
    .end("step");
  const first = await held.engine.start(flow, {});
  await turns();
  const second = await held.engine.start(flow, {});
  const third = await held.engine.start(flow, {});
  await turns();
  await second.cancel();
  open();
  assert.deepEqual(await succeed(first, held.clock), { x: 1 });
  assert.deepEqual(await succeed(third, held.clock), { x: 1 });
});

test("a run's first commit is not followed by an empty one", async () => {
  await using held = openEngine();
  const run = await held.engine.start(pausing, {});
  await turns();
  // One commit starts the run, one keeps the sleep, one says that it waits.
  assert.equal((await held.backend.runs.readHead("default", run.runId))?.seq, 3);
});

test("time with an attempt running is stored while other attempts go on", async () => {
  await using held = openEngine();
  const flow = workflow("flow", { version: "1", state: { x: value(0) } })
    .start("fork", () => ({}))
    .node("long", { after: "fork" }, (_state, ctx) =>
      ctx.io("long", null, () => new Promise(() => undefined)).then(() => ({})),
    )
    .node("short", { after: "fork" }, async (_state, ctx) => {
      await ctx.io("short", null, () => new Promise<void>((resolve) => held.clock.setTimer(5_000, resolve)));
      return {};
    })
    .node("end", { after: ["long", "short"] }, () => ({}))
    .end("end");
  const run = await held.engine.start(flow, {});
  await held.clock.advanceAsync(5_000);
  await turns();
  assert.equal((await held.backend.runs.readHead("default", run.runId))?.budgetMs, 5_000);
});
