import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import { append, interrupt, type StoreBackend, value, workflow } from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";

const go = interrupt<number, boolean>("go");

/** Appends `sizeBytes` of text in each of `rounds` supersteps, then waits. */
function growing(sizeBytes: number, rounds: number) {
  return workflow("growing", { version: "1", state: { n: value(0), texts: append<string>() } })
    .start("grow", ({ n }) => ({ n: n + 1, texts: [`${n} `.padEnd(sizeBytes, "x")] }))
    .route("grow", { to: ["grow", "wait"] }, ({ n }) => (n < rounds ? "grow" : "wait"))
    .node("wait", {}, async ({ n }, ctx) => {
      await ctx.interrupt(go, n);
    })
    .end("wait");
}

/** Writes `sizeBytes` of text over the last ones in each of `rounds` supersteps, then waits. */
function rewriting(sizeBytes: number, rounds: number) {
  return workflow("rewriting", { version: "1", state: { n: value(0), text: value("") } })
    .start("write", ({ n }) => ({ n: n + 1, text: `${n} `.padEnd(sizeBytes, "x") }))
    .route("write", { to: ["write", "wait"] }, ({ n }) => (n < rounds ? "write" : "wait"))
    .node("wait", {}, async ({ n }, ctx) => {
      await ctx.interrupt(go, n);
    })
    .end("wait");
}

function engineOn(backend: StoreBackend): Engine {
  return new Engine({ backend, clock: new FakeClock(), host: new FakeHost() });
}

async function snapshotOf(backend: StoreBackend, runId: string) {
  return (await backend.runs.readScope({ tenant: "default", runId, scope: "", from: "snapshot" })).snapshot;
}

test("no snapshot is written before the deltas reach 128 kB", async () => {
  const backend = openMemory();
  await using engine = engineOn(backend);
  const run = await engine.start(rewriting(1_000, 100), {});
  assert.equal((await run.settled()).status, "waiting");
  assert.equal(await snapshotOf(backend, run.runId), undefined);
});

test("a snapshot shortens the fold and gives the same state after a resume", async () => {
  const backend = openMemory();
  // A state of 2 kB that is written again and again: 128 kB of deltas are more than 4 times its size.
  const graph = rewriting(2_000, 150);
  let runId: string;
  {
    await using engine = engineOn(backend);
    const run = await engine.start(graph, {});
    assert.equal((await run.settled()).status, "waiting");
    runId = run.runId;
  }
  const snapshot = await snapshotOf(backend, runId);
  assert.ok(snapshot !== undefined && snapshot.superstep > 60);
  const record = await backend.runs.readScope({ tenant: "default", runId, scope: "", from: "snapshot" });
  assert.ok(record.steps.length < 90, `${record.steps.length} rows are folded`);
  await using engine = engineOn(backend);
  await engine.answer(runId, "150.wait#go[0]", true);
  const { n, text } = await (await engine.resume(runId, graph)).result();
  assert.deepEqual({ n, text: text.trimEnd().slice(0, 4) }, { n: 150, text: "149 " });
});

test("a state as large as its deltas is written again only when the deltas are 4 times its size", async () => {
  const backend = openMemory();
  await using engine = engineOn(backend);
  const run = await engine.start(growing(1_000, 400), {});
  assert.equal((await run.settled()).status, "waiting");
  assert.equal(await snapshotOf(backend, run.runId), undefined);
});
