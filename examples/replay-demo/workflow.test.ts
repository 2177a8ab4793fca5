import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine, ReplayMismatchError } from "agentflow";
import { invoiceWorkflow, readPrice } from "./workflow.ts";

const names = ["lamp", "clockwork", "lens"];

async function storedRun() {
  let asked = 0;
  const prices = async (name: string): Promise<number> => {
    asked += 1;
    return readPrice(name);
  };
  const engine = await createEngine({ store: "memory:" });
  const original = invoiceWorkflow({ roundTo: 1, prices });
  const run = await engine.start(original, { names });
  await run.result();
  return { engine, original, prices, runId: run.runId, asked: () => asked };
}

test("the same code replays strictly to the same bytes and asks for no price again", async () => {
  const { engine, original, runId, asked } = await storedRun();
  await using _engine = engine;
  assert.equal(asked(), 3);
  const { matches, steps } = await engine.replay(runId, original, { strict: true });
  assert.deepEqual({ matches, steps, asked: asked() }, { matches: true, steps: 5, asked: 3 });
});

test("changed code stops at the first step that gives something else, named with field, expected and actual", async () => {
  const { engine, prices, runId } = await storedRun();
  await using _engine = engine;
  const changed = invoiceWorkflow({ roundTo: 50, prices });
  const { matches, divergence } = await engine.replay(runId, changed);
  assert.equal(matches, false);
  assert.deepEqual(divergence, {
    stepId: "2.total",
    field: "delta.text",
    expected: "3 lines, 920 cents",
    actual: "3 lines, 950 cents",
  });
  await assert.rejects(engine.replay(runId, changed, { strict: true }), (error) => {
    assert.ok(error instanceof ReplayMismatchError);
    return error.context["stepId"] === "2.total" && error.context["field"] === "delta.text";
  });
});
