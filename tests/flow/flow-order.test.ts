import assert from "node:assert/strict";
import { test } from "node:test";
import { type Clock, type FlowContext, flow, interrupt, type Json } from "@agentflow/core";
import fc from "fast-check";
import { openEngine } from "../determinism/open-engine.ts";
import { settle, succeed } from "../determinism/settle.ts";

const ask = interrupt<string, string>("ask");

/** A call of a flow, and how many promises deep its caller notes its end. */
interface Noted {
  readonly kind: "step" | "slow" | "failing" | "map" | "io" | "sleep" | "event" | "nested";
  readonly delayMs: number;
  readonly depth: number;
}

const noted: fc.Arbitrary<Noted> = fc.record({
  kind: fc.constantFrom("step", "slow", "failing", "map", "io", "sleep", "event", "nested"),
  delayMs: fc.constantFrom(0, 10, 10, 20, 30),
  depth: fc.integer({ min: 0, max: 6 }),
});

const inner = flow("inner", { version: "1" }, async (delayMs: number, ctx) => {
  await ctx.sleep("inner", delayMs);
  return delayMs;
});

async function deep<T>(work: Promise<T>, depth: number): Promise<T> {
  return depth === 0 ? work : deep(work, depth - 1);
}

function pause(clock: Clock, delayMs: number): Promise<null> {
  return new Promise((resolve) => clock.setTimer(delayMs, () => resolve(null)));
}

function make({ kind, delayMs }: Noted, index: number, ctx: FlowContext, clock: Clock): Promise<unknown> {
  switch (kind) {
    case "step":
      return ctx.step("step", index, (given) => given);
    case "slow":
      return ctx.step("slow", index, (_given, step) => step.io("pause", null, () => pause(clock, delayMs)));
    case "failing":
      return ctx
        .step("failing", index, (): Json => {
          throw new Error("broken");
        })
        .catch(() => "caught");
    case "map":
      return ctx.map("map", [delayMs, index], (given, step) => step.sleep("item", given));
    case "io":
      return ctx.io("io", index, () => pause(clock, delayMs));
    case "sleep":
      return ctx.sleep(`sleep ${index}`, delayMs);
    case "event":
      return ctx.waitFor("news");
    case "nested":
      return ctx.run(inner, delayMs);
  }
}

test("calls of a flow end in one order in every execution, whatever they are (S8, I5)", async () => {
  const property = fc.asyncProperty(fc.array(noted, { minLength: 2, maxLength: 6 }), async (calls) => {
    await using held = openEngine();
    const orders: string[] = [];
    const noting = flow("noting", { version: "1" }, async (_input: Json, ctx) => {
      const order: string[] = [];
      await Promise.all(
        calls.map(async (call, index) => {
          await deep(make(call, index, ctx, held.clock), call.depth);
          order.push(`${call.kind} ${index}`);
          if (call.kind === "event") return;
          await deep(
            ctx.step("next", order.length, (given) => given),
            call.depth,
          );
          order.push(`after ${call.kind} ${index}`);
        }),
      );
      orders.push(order.join());
      return { order: order.join(), answer: await ctx.interrupt(ask, "?") };
    });
    const run = await held.engine.start(noting, null);
    for (const [index] of calls.entries()) {
      await held.clock.advanceAsync(7);
      await held.engine.signal(run.runId, "news", index);
    }
    await settle(run, held.clock);
    // It may have come to rest for an event that came only then.
    const asking = await held.engine.resume(run.runId, noting);
    assert.equal((await settle(asking, held.clock)).status, "waiting");
    await held.engine.answer(run.runId, "0.noting#ask[0]", "yes");
    await succeed(await held.engine.resume(run.runId, noting), held.clock);
    assert.equal((await held.engine.replay(run.runId, noting)).divergence, undefined);
    assert.equal(new Set(orders).size, 1, JSON.stringify(orders, null, 1));
  });
  await fc.assert(property, { numRuns: 80 });
});
