import assert from "node:assert/strict";
import { test } from "node:test";
import { append, ValidationError, workflow } from "@agentflow/core";
import { type OpenedEngine, openEngine } from "../determinism/open-engine.ts";
import { settle, succeed, turns } from "../determinism/settle.ts";

/** A workflow whose step `work` takes a minute of the clock; it counts how often each step is entered. */
function working({ clock }: OpenedEngine) {
  const entered: string[] = [];
  const minute = () => new Promise<void>((resolve) => void clock.setTimer(60_000, resolve));
  const flow = workflow("working", { version: "1", state: { log: append<string>() } })
    .start("open", () => void entered.push("open"))
    .map(
      "work",
      { after: "open", over: () => ["a", "b", "c"], concurrency: 2 },
      async (item: string, ctx) => {
        entered.push(item);
        await ctx.io("minute", item, minute, { effect: true });
        return { log: [item] };
      },
    )
    .node("last", { after: "work" }, () => void entered.push("last"))
    .end("last");
  return { flow, entered };
}

test("an engine that is closed with a grace lets running attempts end and starts nothing more (ENG-42)", async () => {
  const first = openEngine();
  const { flow, entered } = working(first);
  const run = await first.engine.start(flow, {});
  await turns();
  const closed = first.engine.close({ graceMs: 300_000 });
  await turns();
  first.clock.advance(60_000);
  await closed;
  assert.equal((await run.settled()).status, "parked");
  assert.deepEqual(entered, ["open", "a", "b"]);
  await using second = openEngine({ backend: first.backend, clock: first.clock, host: { pid: 4_711 } });
  const { head } = await second.engine.inspect(run.runId);
  assert.deepEqual([head.owner, head.steps], [undefined, 3], "what they brought is committed");
  const again = await second.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(again, second.clock), { log: ["a", "b", "c"] });
  assert.deepEqual(entered, ["open", "a", "b", "c", "last"]);
});

test("attempts that outlast the grace are parked, told by their signals, and done again by who goes on", async () => {
  const first = openEngine();
  let aborted = 0;
  const flow = workflow("stubborn", { version: "1", state: { log: append<number>() } })
    .start("work", async (_state, ctx) => {
      ctx.signal.addEventListener("abort", () => aborted++);
      await new Promise<void>((resolve) => void first.clock.setTimer(60_000, resolve));
      return { log: [ctx.attempt] };
    })
    .end("work");
  const run = await first.engine.start(flow, {});
  await turns();
  const parked = run.park({ graceMs: 10_000 });
  await turns();
  assert.equal(aborted, 0);
  first.clock.advance(10_000);
  await parked;
  assert.equal((await run.settled()).status, "parked");
  assert.equal(aborted, 1);
  // Its late result counts for nothing.
  first.clock.advance(60_000);
  await turns();
  assert.equal((await first.engine.inspect(run.runId)).head.steps, 0);
  const again = await first.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(again, first.clock), { log: [1] });
  await first.engine.close();
});

test("a run that ends within the grace has ended, and one that only sleeps is parked at once", async () => {
  const held = openEngine();
  const sleeper = workflow("sleeper", { version: "1", state: { log: append<string>() } })
    .start("nap", async (_state, ctx) => {
      await ctx.sleep("nap", 4_000);
      return {};
    })
    .end("nap");
  const last = workflow("last", { version: "1", state: { log: append<string>() } })
    .start("work", async (_state, ctx) => {
      await ctx.io(
        "work",
        null,
        () => new Promise<void>((resolve) => void held.clock.setTimer(500, resolve)),
      );
      return { log: ["done"] };
    })
    .end("work");
  const sleeping = await held.engine.start(sleeper, {});
  const ending = await held.engine.start(last, {});
  await turns();
  const closed = held.engine.close({ graceMs: 1_000 });
  assert.equal((await sleeping.settled()).status, "parked");
  assert.equal((await settle(ending, held.clock)).status, "succeeded");
  await closed;
});

test("a grace that is no time is refused, and nothing is closed for it", async () => {
  await using held = openEngine();
  await assert.rejects(held.engine.close({ graceMs: -1 }), ValidationError);
  const { flow } = working(held);
  const run = await held.engine.start(flow, {});
  await assert.rejects(run.park({ graceMs: Number.NaN }), ValidationError);
  assert.equal((await settle(run, held.clock)).status, "succeeded");
});
