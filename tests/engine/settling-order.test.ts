import assert from "node:assert/strict";
import { test } from "node:test";
import { type Clock, interrupt, type NodeContext, value, workflow } from "@agentflow/core";
import fc from "fast-check";
import { openEngine } from "../determinism/open-engine.ts";
import { settle, succeed } from "../determinism/settle.ts";
import { embeddedStores, openProcesses } from "./embedded-store.ts";

const ask = interrupt<string, string>("ask");

type Call = (ctx: NodeContext, clock: Clock) => Promise<string>;

const io =
  (name: string, delayMs: number, calls: string[] = []): Call =>
  (ctx, clock) =>
    ctx.io(name, null, () => {
      calls.push(name);
      return new Promise((resolve) => clock.setTimer(delayMs, () => resolve(name)));
    });

const sleep =
  (name: string, delayMs: number): Call =>
  async (ctx) => {
    await ctx.sleep(name, delayMs);
    return name;
  };

/** A step that races calls, and then asks, so that it is executed once more. */
function racing(calls: readonly Call[], clock: () => Clock, winners: string[]) {
  return workflow("racing", { version: "1", state: { winner: value(""), answer: value("") } })
    .start("step", async (_state, ctx) => {
      const winner = await Promise.race(calls.map((call) => call(ctx, clock())));
      winners.push(winner);
      return { winner, answer: await ctx.interrupt(ask, winner) };
    })
    .end("step");
}

const races: readonly (readonly [string, (made: string[]) => readonly Call[], string])[] = [
  ["a sleep that a call beat", () => [sleep("long", 1_000), io("quick", 500)], "quick"],
  ["a call that a sleep beat", () => [io("slow", 2_000), sleep("short", 1_000)], "short"],
  [
    "a call that ended after a sleep, while another goes on",
    (made) => [io("first", 1_500, made), sleep("short", 1_000), io("second", 5_000, made)],
    "short",
  ],
  ["the longer of two sleeps", () => [sleep("long", 2_000), sleep("short", 1_000)], "short"],
];

for (const name of embeddedStores) {
  for (const [what, calls, winner] of races) {
    test(`${name}: ${what} loses the race in each execution and in a replay (S8, S25)`, async (context) => {
      const [backend] = await openProcesses(context, name, 1);
      await using held = openEngine({ backend });
      const winners: string[] = [];
      const made: string[] = [];
      const graph = racing(calls(made), () => held.clock, winners);
      const run = await held.engine.start(graph, {});
      assert.equal((await settle(run, held.clock)).status, "waiting");
      held.clock.advance(60_000);
      await held.engine.answer(run.runId, "0.step#ask[0]", "yes");
      const again = await held.engine.resume(run.runId, graph);
      assert.deepEqual(await succeed(again, held.clock), { winner, answer: "yes" });
      assert.equal((await held.engine.replay(run.runId, graph)).divergence, undefined);
      assert.deepEqual([...new Set(winners)], [winner]);
      assert.equal(new Set(made).size, made.length, "no call is made twice");
    });
  }
}

/** A call, and how many promises deep its caller notes its end. */
interface Noted {
  readonly kind: "io" | "sleep" | "event" | "instant";
  readonly delayMs: number;
  readonly depth: number;
}

const noted: fc.Arbitrary<Noted> = fc.record({
  kind: fc.constantFrom("io", "io", "sleep", "event", "instant"),
  delayMs: fc.constantFrom(0, 10, 10, 20, 30),
  depth: fc.integer({ min: 0, max: 6 }),
});

async function deep<T>(work: Promise<T>, depth: number): Promise<T> {
  return depth === 0 ? work : deep(work, depth - 1);
}

test("calls are noted in one order by every execution of a step, however deep in promises their callers stand (S8, I5)", async () => {
  const property = fc.asyncProperty(fc.array(noted, { minLength: 2, maxLength: 6 }), async (calls) => {
    await using held = openEngine();
    const orders: string[] = [];
    const graph = workflow("graph", { version: "1", state: { order: value(""), answer: value("") } })
      .start("step", async (_state, ctx) => {
        const order: string[] = [];
        const made = calls.map(async ({ kind, delayMs, depth }, index) => {
          const name = `${kind} ${index}`;
          if (kind === "sleep") await deep(ctx.sleep(name, delayMs), depth);
          else if (kind === "event") await deep(ctx.waitFor("news"), depth);
          else if (kind === "instant")
            await deep(
              ctx.io(name, null, () => index),
              depth,
            );
          else await deep(io(name, delayMs)(ctx, held.clock), depth);
          order.push(name);
          if (kind !== "event")
            order.push(
              await deep(
                ctx.io("next", index, () => `after ${name}`),
                depth,
              ),
            );
        });
        await Promise.all(made);
        orders.push(order.join());
        return { order: order.join(), answer: await ctx.interrupt(ask, "?") };
      })
      .end("step");
    const run = await held.engine.start(graph, {});
    for (const [index] of calls.entries()) {
      await held.clock.advanceAsync(7);
      await held.engine.signal(run.runId, "news", index);
    }
    await settle(run, held.clock);
    // It may have come to rest for an event that came only then.
    const asking = await held.engine.resume(run.runId, graph);
    assert.equal((await settle(asking, held.clock)).status, "waiting");
    await held.engine.answer(run.runId, "0.step#ask[0]", "yes");
    await succeed(await held.engine.resume(run.runId, graph), held.clock);
    assert.equal((await held.engine.replay(run.runId, graph)).divergence, undefined);
    assert.equal(new Set(orders).size, 1, JSON.stringify(orders, null, 1));
  });
  await fc.assert(property, { numRuns: 150 });
});
