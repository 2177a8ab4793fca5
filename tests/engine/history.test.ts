import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import { append, CursorError, nested, sum, value, type Workflow, workflow } from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";

const inner = workflow("inner", { version: "1", state: { x: value<number>(), y: value(0) } })
  .start("double", ({ x }) => ({ y: x * 2 }))
  .end("double");

const outer = workflow("outer", { version: "1", state: { log: append<number>(), total: sum() } })
  .start("plan", () => ({ log: [0] }))
  .map(
    "work",
    { after: "plan", over: () => [1, 2] },
    nested(inner, { input: (x: number) => ({ x }), output: ({ y }) => ({ log: [y] }) }),
  )
  .node("finish", { after: "work" }, ({ log }) => ({ total: log.length }))
  .end("finish");

function open(): Engine {
  return new Engine({ backend: openMemory(), clock: new FakeClock(), host: new FakeHost() });
}

test("history lists every seal with its scope, its superstep and what comes next, oldest first", async () => {
  await using engine = open();
  const run = await engine.start(outer, {});
  await run.result();
  const history = await engine.history(run.runId);
  const shown = history.map(({ scope, superstep, next }) => ({ scope, superstep, next }));
  const inRoot = shown.filter(({ scope }) => scope === "");
  assert.deepEqual(inRoot, [
    { scope: "", superstep: 0, next: ["work"] },
    { scope: "", superstep: 1, next: ["finish"] },
    { scope: "", superstep: 2, next: [] },
  ]);
  const inside = shown.filter(({ scope }) => scope !== "").map(({ scope }) => scope);
  assert.deepEqual(inside.sort(), ["1.work[0]", "1.work[1]"]);
  const events = history.map(({ event }) => event);
  assert.deepEqual(
    events,
    events.toSorted((a, b) => a - b),
  );
});

test("events are read again from any seq without a loss or a repeat, also from within a row", async () => {
  await using engine = open();
  const run = await engine.start(outer, {});
  await run.result();
  const all: number[] = [];
  for await (const event of engine.events(run.runId, { follow: false }))
    if ("seq" in event) all.push(event.seq);
  assert.deepEqual(
    all,
    Array.from({ length: all.length }, (_, index) => index + 1),
  );
  for (const after of all) {
    const rest: number[] = [];
    for await (const event of engine.events(run.runId, { from: after + 1, follow: false })) {
      if ("seq" in event) rest.push(event.seq);
    }
    assert.deepEqual(rest, all.slice(after));
  }
});

test("a cursor past the head is refused", async () => {
  await using engine = open();
  const run = await engine.start(outer, {});
  await run.result();
  const events = engine.events(run.runId, { from: 1_000, follow: false });
  await assert.rejects(async () => {
    for await (const event of events) assert.fail(`shown: ${event.type}`);
  }, CursorError);
});

test("replay covers the scopes that history lists", async () => {
  await using engine = open();
  const run = await engine.start(outer, {});
  await run.result();
  const report = await engine.replay(run.runId, outer as unknown as Workflow, { strict: true });
  assert.equal(report.steps, 1 + 2 + 2 + 1);
});
