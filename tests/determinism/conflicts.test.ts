import assert from "node:assert/strict";
import { test } from "node:test";
import {
  append,
  type Conflict,
  ConflictError,
  type ConflictPolicy,
  custom,
  type Json,
  max,
  merge,
  min,
  sum,
  union,
  value,
  type Workflow,
  workflow,
} from "@agentflow/core";
import { type OpenedEngine, openEngine } from "./open-engine.ts";
import { stepRowsOf } from "./recorded-run.ts";
import { fail, settle, succeed } from "./settle.ts";

const state = {
  winner: value("nobody"),
  map: merge<Json>(),
  log: append<string>(),
  count: sum(),
  tags: union<string>(),
  low: min(100),
  high: max(0),
  text: custom<string>({ id: "join@1", initial: "", reduce: (current, delta) => `${current}${delta}` }),
};

/** Two nodes of one superstep, "b" before "a", that return these deltas. */
function writers(b: object, a: object, conflict?: ConflictPolicy): Workflow {
  return workflow("writers", { version: "1", state, ...(conflict === undefined ? {} : { conflict }) })
    .start("begin", () => ({ map: { shared: "before" } }))
    .node("b", { after: "begin" }, () => b)
    .node("a", { after: "begin" }, () => a)
    .end("a", "b") as unknown as Workflow;
}

async function conflictOf(
  workflowOf: Workflow,
): Promise<{ error: Error; opened: OpenedEngine; runId: string }> {
  const opened = openEngine();
  const run = await opened.engine.start(workflowOf, {});
  const { error } = await fail(run, opened.clock);
  return { error, opened, runId: run.runId };
}

test("two writes of one value field fail the seal and name the field, both nodes and both steps", async () => {
  const { error, opened, runId } = await conflictOf(writers({ winner: "b" }, { winner: "a" }));
  assert.ok(error instanceof ConflictError);
  assert.deepEqual(error.context, {
    field: "winner",
    nodes: ["b", "a"],
    steps: ["1.b", "1.a"],
    conflicts: 1,
  });
  assert.match(error.message, /1\.b and 1\.a wrote the field "winner"/);
  const rows = await stepRowsOf(opened.backend, runId);
  assert.deepEqual(rows.map((row) => row.node).sort(), ["a", "b", "begin"], "the staged steps are kept");
  assert.deepEqual((await opened.engine.inspect(runId)).state["winner"], "nobody", "nothing is folded");
  assert.equal(opened.engine.metrics().mergeConflictsTotal, 1);
});

test("equal bytes conflict too", async () => {
  const { error } = await conflictOf(writers({ winner: "same" }, { winner: "same" }));
  assert.ok(error instanceof ConflictError);
});

test("two writes of one key of a merge conflict and name the key; different keys do not", async () => {
  const { error } = await conflictOf(writers({ map: { shared: 1, own: 2 } }, { map: { shared: 3 } }));
  assert.ok(error instanceof ConflictError);
  assert.deepEqual([error.context["field"], error.context["key"]], ["map", "shared"]);
  await using opened = openEngine();
  const run = await opened.engine.start(writers({ map: { b: 1 } }, { map: { a: 2 } }), {});
  const merged = (await succeed(run, opened.clock)) as { map: Json };
  assert.deepEqual(merged.map, { shared: "before", b: 1, a: 2 });
  assert.equal(opened.engine.metrics().mergeConflictsTotal, 0);
});

test("appends, sums, sets, bounds and custom reducers never conflict and fold in order-key order", async () => {
  await using opened = openEngine();
  const delta = (name: string, number: number): object => ({
    ...{ log: [name], count: number, tags: ["both", name], low: number, high: number, text: name },
  });
  const run = await opened.engine.start(writers(delta("b", 2), delta("a", 3)), {});
  assert.deepEqual(await succeed(run, opened.clock), {
    ...{ winner: "nobody", map: { shared: "before" }, log: ["b", "a"], count: 5, tags: ["both", "b", "a"] },
    ...{ low: 2, high: 3, text: "ba" },
  });
  assert.equal(opened.engine.metrics().mergeConflictsTotal, 0);
});

test("lastWriterWins takes the write of the highest order key and counts each conflict", async () => {
  await using opened = openEngine();
  const b = { winner: "b", map: { shared: "b", own: 1 } };
  const run = await opened.engine.start(
    writers(b, { winner: "a", map: { shared: "a" } }, "lastWriterWins"),
    {},
  );
  const ended = (await succeed(run, opened.clock)) as { winner: string; map: Json };
  assert.equal(ended.winner, "a");
  assert.deepEqual(ended.map, { shared: "a", own: 1 });
  assert.equal(opened.engine.metrics().mergeConflictsTotal, 2, "the field and the key");
});

test("a merge hook gets the value before and all writes in order, and its result counts", async () => {
  const met: Conflict[] = [];
  const hook: ConflictPolicy = {
    id: "pair@1",
    merge: (conflict) => {
      met.push(conflict);
      return conflict.writes.map((write) => write.value);
    },
  };
  await using opened = openEngine();
  const b = { winner: "b", map: { shared: "b", own: 1 } };
  const run = await opened.engine.start(writers(b, { winner: "a", map: { shared: "a" } }, hook), {});
  const ended = (await succeed(run, opened.clock)) as { winner: Json; map: Json };
  assert.deepEqual([ended.winner, ended.map], [["b", "a"], { shared: ["b", "a"], own: 1 }]);
  const writes = [
    { node: "b", stepId: "1.b", value: "b" },
    { node: "a", stepId: "1.a", value: "a" },
  ];
  assert.deepEqual(met, [
    { field: "map", key: "shared", before: "before", writes },
    { field: "winner", before: "nobody", writes },
  ]);
  assert.equal(opened.engine.metrics().mergeConflictsTotal, 2);
  assert.equal(
    (await opened.engine.replay(run.runId, writers(b, { winner: "a", map: { shared: "a" } }, hook))).matches,
    true,
  );
});

test("a conflict that failed the run is settled by resuming it under another policy, without executing a step again", async () => {
  const executed: string[] = [];
  const make = (conflict: ConflictPolicy): Workflow =>
    workflow("writers", { version: "1", state: { winner: value("") }, conflict })
      .start("begin", (_state, ctx) => void executed.push(ctx.stepId))
      .node("b", { after: "begin" }, (_state, ctx) => {
        executed.push(ctx.stepId);
        return { winner: "b" };
      })
      .node("a", { after: "begin" }, (_state, ctx) => {
        executed.push(ctx.stepId);
        return { winner: "a" };
      })
      .end("a", "b") as unknown as Workflow;
  await using opened = openEngine();
  const run = await opened.engine.start(make("fail"), {});
  await fail(run, opened.clock);
  const resumed = await opened.engine.resume(run.runId, make("lastWriterWins"), {
    allowVersionMismatch: true,
  });
  assert.equal((await settle(resumed, opened.clock)).status, "succeeded");
  assert.deepEqual(await resumed.result(), { winner: "a" });
  assert.deepEqual(executed, ["0.begin", "1.b", "1.a"]);
  const again = await opened.engine.resume(run.runId, make("lastWriterWins"), { allowVersionMismatch: true });
  assert.deepEqual(await again.result(), { winner: "a" });
});
