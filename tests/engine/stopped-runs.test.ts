import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import { EngineClosedError, interrupt, value, workflow } from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";
import { openEngine } from "../determinism/open-engine.ts";
import { passTime, settle } from "../determinism/settle.ts";

const ask = interrupt<string, string>("ask");

const asking = workflow("asking", { version: "1", state: { x: value("") } })
  .start("step", async (_state, ctx) => ({ x: await ctx.interrupt(ask, "?") }))
  .end("step");

test("cancelling a run that has stopped to wait is kept: it ends as cancelled when it is resumed", async () => {
  await using held = openEngine();
  const run = await held.engine.start(asking, {});
  assert.equal((await settle(run, held.clock)).status, "waiting");
  await run.cancel();
  const again = await held.engine.resume(run.runId, asking);
  assert.equal((await settle(again, held.clock)).status, "cancelled");
});

test("an emitter that never answers is reported and does not keep the engine open", async () => {
  const clock = new FakeClock();
  const backend = openMemory();
  const reports: unknown[] = [];
  const engine = new Engine({
    backend,
    clock,
    host: new FakeHost(),
    emitters: [{ name: "stuck", emit: () => new Promise<void>(() => undefined) }],
    onEmitterError: (_name, error) => reports.push(error),
  });
  const run = await engine.start(asking, {});
  await run.settled();
  await passTime(engine.close(), clock);
  assert.ok(reports.at(-1) instanceof EngineClosedError);
  assert.equal((await backend.runs.readHead("default", run.runId))?.emittedSeq, 0);
});
