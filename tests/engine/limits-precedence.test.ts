import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import { value, type WorkflowLimits, workflow } from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";

function looping(limits: WorkflowLimits) {
  return workflow("looping", { version: "1", limits, state: { n: value(0) } })
    .start("step", ({ n }) => ({ n: n + 1 }))
    .route("step", { to: ["step", "done"] }, ({ n }) => (n < 5 ? "step" : "done"))
    .node("done", {}, () => ({}))
    .end("done");
}

async function statusOf(given: { workflow: WorkflowLimits; engine?: WorkflowLimits; run?: WorkflowLimits }) {
  await using engine = new Engine({
    backend: openMemory(),
    clock: new FakeClock(),
    host: new FakeHost(),
    limits: given.engine,
  });
  const run = await engine.start(looping(given.workflow), {}, { limits: given.run });
  return (await run.settled()).status;
}

test("a workflow's own limits hold where engine and run say nothing", async () => {
  assert.equal(await statusOf({ workflow: { maxSteps: 3 } }), "failed");
  assert.equal(await statusOf({ workflow: {} }), "succeeded");
});

test("an engine's limits win over a workflow's, and a run's over both", async () => {
  assert.equal(await statusOf({ workflow: { maxSteps: 3 }, engine: { maxSteps: 10 } }), "succeeded");
  assert.equal(await statusOf({ workflow: {}, engine: { maxSteps: 10 }, run: { maxSteps: 3 } }), "failed");
});
