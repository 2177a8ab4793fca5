import assert from "node:assert/strict";
import { test } from "node:test";
import { interrupt, value, workflow } from "@agentflow/core";
import { openEngine } from "../determinism/open-engine.ts";
import { settle, succeed } from "../determinism/settle.ts";

const ask = interrupt<string, string>("ask");

test("a race of calls has the same winner when its step is executed again, and in a replay", async () => {
  await using held = openEngine();
  const winners: string[] = [];
  const flow = workflow("flow", { version: "1", state: { winner: value(""), answer: value("") } })
    .start("step", async (_state, ctx) => {
      const after = (name: string, delayMs: number): Promise<string> =>
        ctx.io(name, null, () => new Promise((resolve) => held.clock.setTimer(delayMs, () => resolve(name))));
      const calls = [after("slow", 300), after("middle", 200), after("fast", 100)];
      const winner = await Promise.race(calls);
      winners.push(winner);
      await Promise.all(calls);
      return { winner, answer: await ctx.interrupt(ask, "?") };
    })
    .end("step");
  const run = await held.engine.start(flow, {});
  assert.equal((await settle(run, held.clock)).status, "waiting");
  await held.engine.answer(run.runId, "0.step#ask[0]", "yes");
  const again = await held.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(again, held.clock), { winner: "fast", answer: "yes" });
  assert.equal((await held.engine.replay(run.runId, flow)).divergence, undefined);
  assert.deepEqual(winners, ["fast", "fast", "fast"]);
});

test("code that no longer makes a call that ended first does not wait for it for ever", async () => {
  await using held = openEngine();
  let isOld = true;
  const flow = workflow("flow", { version: "1", state: { x: value(0), answer: value("") } })
    .start("step", async (_state, ctx) => {
      const late = ctx.io(
        "late",
        null,
        () => new Promise<number>((resolve) => held.clock.setTimer(50, () => resolve(1))),
      );
      if (isOld) await ctx.io("early", null, () => 2);
      return { x: await late, answer: await ctx.interrupt(ask, "?") };
    })
    .end("step");
  const run = await held.engine.start(flow, {});
  assert.equal((await settle(run, held.clock)).status, "waiting");
  isOld = false;
  await held.engine.answer(run.runId, "0.step#ask[0]", "yes");
  const again = await held.engine.resume(run.runId, flow);
  assert.deepEqual(await succeed(again, held.clock), { x: 1, answer: "yes" });
});
