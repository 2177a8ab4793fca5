import assert from "node:assert/strict";
import { test } from "node:test";
import { type NodeContext, ValidationError, value, workflow } from "@agentflow/core";
import { openEngine } from "../determinism/open-engine.ts";
import { fail } from "../determinism/settle.ts";

const wrong: Readonly<Record<string, (ctx: NodeContext) => Promise<unknown>>> = {
  "a sleep of NaN": (ctx) => ctx.sleep("s", Number.NaN),
  "a sleep below 0": (ctx) => ctx.sleep("s", -1),
  "an endless sleep": (ctx) => ctx.sleep("s", Number.POSITIVE_INFINITY),
  "a sleep of a text": (ctx) => ctx.sleep("s", "5" as unknown as number),
  "a sleep without a name": (ctx) => ctx.sleep(undefined as unknown as string, 5),
  "a call without a name": (ctx) => ctx.io(undefined as unknown as string, null, () => 1),
  "a call with an empty name": (ctx) => ctx.io("", null, () => 1),
  "a call without a function": (ctx) => ctx.io("call", null, undefined as unknown as () => number),
  "a call whose name no database gives back": (ctx) => ctx.io("half \ud800", null, () => 1),
  "a wait for a key that no database gives back": (ctx) => ctx.waitFor("half \ud800"),
  "a wait for a key that is too long": (ctx) => ctx.waitFor("k".repeat(501)),
  "a wait without a key": (ctx) => ctx.waitFor(7 as unknown as string),
  "an effect without a name": (ctx) => ctx.tx(undefined as unknown as string, null, async () => 1),
  "a question that is not declared": (ctx) => ctx.interrupt({} as never, null),
};

for (const [what, call] of Object.entries(wrong)) {
  test(`${what} is refused with a typed error, and nothing of it is recorded`, async () => {
    await using held = openEngine();
    const flow = workflow("flow", { version: "1", state: { x: value(0) } })
      .start("step", async (_state, ctx) => {
        await call(ctx);
      })
      .end("step");
    const run = await held.engine.start(flow, {});
    const { error } = await fail(run, held.clock);
    assert.ok(error instanceof ValidationError);
    assert.equal(error.code, "AF_ARGUMENT_INVALID");
    const { eventsByType } = await held.engine.inspect(run.runId);
    assert.deepEqual(Object.keys(eventsByType).sort(), [
      "run.failed",
      "run.started",
      "step.failed",
      "step.started",
    ]);
  });
}

test("a seed, a sender or a key that no database gives back is refused with a typed error", async () => {
  await using held = openEngine();
  const { engine } = held;
  const flow = workflow("flow", { version: "1", state: {} })
    .start("wait", async (_state, ctx) => {
      await ctx.waitFor("go");
    })
    .end("wait");
  const isRefused = (error: unknown) =>
    error instanceof ValidationError && error.code === "AF_ARGUMENT_INVALID";
  await assert.rejects(engine.start(flow, {}, { seed: "half \ud800" }), isRefused);
  const run = await engine.start(flow, {});
  for (const key of ["half \ud800", "", "k".repeat(501), undefined as unknown as string])
    await assert.rejects(engine.signal(run.runId, key), isRefused);
  await assert.rejects(engine.signal(run.runId, "go", null, { by: "half \udc00" }), isRefused);
  await assert.rejects(engine.request(run.runId, "cancel", { by: "half \udc00" }), isRefused);
  await engine.signal(run.runId, "go", null, { by: "k".repeat(500) });
  await run.result();
});
