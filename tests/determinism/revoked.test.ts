import assert from "node:assert/strict";
import { test } from "node:test";
import { append, type NodeContext, NodeTimeoutError, sum, workflow } from "@agentflow/core";
import { openEngine } from "./open-engine.ts";
import { eventsOfRun, stepRowsOf } from "./recorded-run.ts";
import { settle, succeed, turns } from "./settle.ts";

const state = { log: append<string>(), count: sum() };

/** A promise and what settles it. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

test("after a timeout the signal is aborted, calls of the old attempt never settle and its result is dropped", async () => {
  const late = gate();
  const told: string[] = [];
  let first: NodeContext | undefined;
  const graph = workflow("late", { version: "1", state })
    .start(
      "slow",
      async (_state, ctx) => {
        if (ctx.attempt > 1) return { log: ["second attempt"] };
        first = ctx;
        ctx.signal.addEventListener("abort", () => told.push(`aborted ${(ctx.signal.reason as Error).name}`));
        await late.opened;
        const call = ctx.io("late", null, () => told.push("called"));
        void call.then(
          () => told.push("call settled"),
          () => told.push("call settled"),
        );
        void ctx.sleep("late", 1).then(() => told.push("sleep settled"));
        void ctx.safeWrite("late.txt", "late").then(() => told.push("write settled"));
        await Promise.race([call, turns(10)]);
        return { log: ["first attempt"], count: 99 };
      },
      { timeoutMs: 100, retry: { attemptsMax: 2, backoffMs: 10 } },
    )
    .node("after", { after: "slow" }, async () => {
      late.open();
      await turns(30);
      return { log: ["after"] };
    })
    .end("after");
  await using opened = openEngine();
  const run = await opened.engine.start(graph, {});
  assert.deepEqual(await succeed(run, opened.clock), { log: ["second attempt", "after"], count: 0 });
  assert.ok(first?.signal.aborted);
  assert.deepEqual(told, [`aborted ${NodeTimeoutError.name}`]);
  const types = (await eventsOfRun(opened.engine, run.runId)).map(({ type }) => type);
  assert.ok(!types.some((type) => type.startsWith("io.") || type === "timer.set" || type === "file.written"));
  assert.equal((await stepRowsOf(opened.backend, run.runId)).length, 2);
});

test("an outside call that ends after its attempt timed out is not recorded", async () => {
  const answers = [gate(), gate()];
  let calls = 0;
  const graph = workflow("late", { version: "1", state })
    .start(
      "call",
      async (_state, ctx) => {
        const text = await ctx.io("fetch", null, async () => {
          const number = calls++;
          await answers[number]?.opened;
          return `answer ${number}`;
        });
        return { log: [text] };
      },
      { timeoutMs: 100, retry: { attemptsMax: 2, backoffMs: 10, jitter: 0 } },
    )
    .end("call");
  await using opened = openEngine();
  const run = await opened.engine.start(graph, {});
  await turns();
  opened.clock.advance(100);
  await turns();
  answers[0]?.open();
  await turns();
  opened.clock.advance(10);
  await turns();
  answers[1]?.open();
  assert.deepEqual((await succeed(run, opened.clock)).log, ["answer 1"]);
  const entries = (await eventsOfRun(opened.engine, run.runId)).filter(({ type }) => type === "io.succeeded");
  assert.equal(entries.length, 1);
  assert.equal(calls, 2);
});

test("a timed-out attempt gives its slot back although its function goes on", async () => {
  const never = gate();
  const graph = workflow("slot", { version: "1", state })
    .start("begin", () => ({}))
    .node("hangs", { after: "begin" }, () => never.opened, {
      timeoutMs: 100,
      recover: () => ({ log: ["gave up"] }),
    })
    .node("waits", { after: "begin" }, () => ({ log: ["ran"] }))
    .end("hangs", "waits");
  await using opened = openEngine({ limits: { maxConcurrent: 1 } });
  const { log } = await succeed(await opened.engine.start(graph, {}), opened.clock);
  assert.deepEqual(log, ["gave up", "ran"]);
  assert.equal(opened.engine.metrics().inflightNodes, 0);
});

test("cancelling revokes what runs: its result is dropped, and the log ends with the cancellation", async () => {
  const held = gate();
  const told: string[] = [];
  const graph = workflow("cancelled", { version: "1", state })
    .start("begin", () => ({}))
    .map("each", { after: "begin", over: () => [0, 1, 2] }, async (item, ctx) => {
      ctx.signal.addEventListener("abort", () => told.push(`abort ${item}`));
      if (item > 0) await held.opened;
      return { count: 1 };
    })
    .end("each");
  await using opened = openEngine();
  const run = await opened.engine.start(graph, {});
  await turns();
  await run.cancel();
  held.open();
  await turns();
  assert.equal((await settle(run, opened.clock)).status, "cancelled");
  assert.deepEqual(told, ["abort 1", "abort 2"]);
  const rows = await stepRowsOf(opened.backend, run.runId);
  assert.deepEqual(
    rows.map((row) => row.item),
    [-1, 0],
  );
  const types = (await eventsOfRun(opened.engine, run.runId)).map(({ type }) => type);
  assert.deepEqual(types.slice(-5), [
    ...["step.started", "step.cancelled", "step.started", "step.cancelled"],
    "run.cancelled",
  ]);
  await assert.rejects(
    opened.engine.resume(run.runId, graph).then((again) => again.result()),
    { code: "AF_CANCELLED" },
  );
});

test("closing the engine parks its runs: late results are dropped and the next process executes those steps again", async () => {
  const held = gate();
  const executed: string[] = [];
  const graph = workflow("parked", { version: "1", state })
    .start("begin", () => ({}))
    .map("each", { after: "begin", over: () => ["quick", "held"] }, async (item, ctx) => {
      executed.push(item);
      if (item === "held") await held.opened;
      return { log: [`${item} ${ctx.attempt}`] };
    })
    .end("each");
  const first = openEngine();
  const run = await first.engine.start(graph, {});
  await turns();
  await first.engine.close();
  assert.equal((await run.settled()).status, "parked");
  held.open();
  await turns();
  assert.equal((await stepRowsOf(first.backend, run.runId)).length, 2);
  await using second = openEngine({ backend: first.backend, host: { pid: 2 } });
  const resumed = await second.engine.resume(run.runId, graph);
  assert.deepEqual((await succeed(resumed, second.clock)).log, ["quick 1", "held 1"]);
  assert.deepEqual(executed, ["quick", "held", "held"]);
});
