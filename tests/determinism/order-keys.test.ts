import assert from "node:assert/strict";
import { test } from "node:test";
import {
  append,
  canonicalLog,
  compareOrderPath,
  formatStepId,
  orderKey,
  parseStepId,
  type StepRow,
  workflow,
} from "@agentflow/core";
import fc from "fast-check";
import { graphPlan } from "./graph-plan.ts";
import { openEngine } from "./open-engine.ts";
import { Points } from "./points.ts";
import { buildGraph } from "./random-graph.ts";
import { eventsOfRun, stepRowsOf } from "./recorded-run.ts";
import { settle } from "./settle.ts";

function stepIdOf({ scope, superstep, node, item }: StepRow): string {
  return formatStepId({ scope, superstep, node, item: item === -1 ? undefined : item });
}

function keyOf(row: StepRow): string {
  const { scope, superstep, ordinal, node, item, origin, edge } = row;
  const isEntry = origin === "";
  return orderKey({
    ...{ scope, superstep, ordinal, node },
    firstPredecessorId: isEntry ? null : origin,
    edge: isEntry ? null : edge,
    item: item === -1 ? null : item,
  });
}

/** The keys of a step's enclosing steps and its own, from the root. */
function pathOf(stepId: string, keys: ReadonlyMap<string, string>): string[] {
  const { scope } = parseStepId(stepId);
  return [...(scope === "" ? [] : pathOf(scope, keys)), keys.get(stepId) as string];
}

/** By what S3 sorts a frontier: the predecessor's ordinal, then the declared edge. */
function placeOf(row: StepRow, ordinals: ReadonlyMap<string, number>): readonly [number, number] {
  if (row.origin === "") return [0, 0];
  const isFresh = parseStepId(row.origin).superstep === row.superstep - 1;
  // A join whose arrivals all lie further back comes last.
  return isFresh ? [ordinals.get(row.origin) as number, row.edge] : [Number.MAX_SAFE_INTEGER, 0];
}

function checkSuperstep(rows: readonly StepRow[], ordinals: ReadonlyMap<string, number>): void {
  const byKey = [...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  for (const [index, row] of byKey.entries()) {
    const before = byKey[index - 1];
    if (before === undefined) continue;
    const [ordinal, edge] = placeOf(row, ordinals);
    const [ordinalBefore, edgeBefore] = placeOf(before, ordinals);
    const isLater = ordinal > ordinalBefore || (ordinal === ordinalBefore && edge >= edgeBefore);
    assert.ok(isLater, `${stepIdOf(before)} comes before ${stepIdOf(row)}`);
    if (before.node === row.node) assert.equal(row.item, before.item + 1, stepIdOf(row));
  }
}

test("10,000 order keys of random graphs are unique and their ascending order is that of the edges at every depth", async () => {
  let count = 0;
  const points = new Points();
  const graphs = fc.sample(graphPlan, { seed: 4_711, numRuns: 1_500 });
  for (let index = 0; count < 10_000; index++) {
    const plan = graphs[index];
    assert.ok(plan !== undefined, `${count} keys of ${index} graphs`);
    await using opened = openEngine();
    const run = await opened.engine.start(buildGraph(plan, points), {}, { seed: "seed" });
    await settle(run, opened.clock);
    const rows = await stepRowsOf(opened.backend, run.runId);
    const keys = new Map(rows.map((row) => [stepIdOf(row), keyOf(row)]));
    const ordinals = new Map(rows.map((row) => [stepIdOf(row), row.ordinal]));
    assert.equal(keys.size, rows.length, "every step has an id of its own");
    assert.equal(new Set(keys.values()).size, rows.length, "every step has a key of its own");
    const supersteps = Map.groupBy(rows, (row) => `${row.scope}/${row.superstep}`);
    for (const members of supersteps.values()) checkSuperstep(members, ordinals);
    count += keys.size;
  }
});

test("the canonical log ends steps in the order of their key paths, a parent after its children", async () => {
  const points = new Points();
  for (const plan of fc.sample(graphPlan, { seed: 31, numRuns: 40 })) {
    await using opened = openEngine();
    const run = await opened.engine.start(buildGraph(plan, points), {}, { seed: "seed" });
    await settle(run, opened.clock);
    const rows = await stepRowsOf(opened.backend, run.runId);
    const keys = new Map(rows.map((row) => [stepIdOf(row), keyOf(row)]));
    const events = await eventsOfRun(opened.engine, run.runId);
    const lines = canonicalLog(events)
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { type: string; step?: string });
    const ended = lines.flatMap(({ type, step }) => (type === "step.succeeded" ? [step] : []));
    const sorted = [...keys.keys()].sort((a, b) => compareOrderPath(pathOf(a, keys), pathOf(b, keys)));
    assert.deepEqual(ended, sorted);
  }
});

test("the key that a step sees is the one its row gives", async () => {
  const seen = new Map<string, string>();
  const graph = workflow("keys", { version: "1", state: { log: append<string>() } })
    .start("begin", (_state, ctx) => void seen.set(ctx.stepId, ctx.orderKey))
    .map(
      "each",
      { after: "begin", over: () => ["x", "y"] },
      (_item, ctx) => void seen.set(ctx.stepId, ctx.orderKey),
    )
    .node("meet", { after: "each" }, (_state, ctx) => void seen.set(ctx.stepId, ctx.orderKey))
    .end("meet");
  await using opened = openEngine();
  const run = await opened.engine.start(graph, {});
  await settle(run, opened.clock);
  const rows = await stepRowsOf(opened.backend, run.runId);
  assert.deepEqual(seen, new Map(rows.map((row) => [stepIdOf(row), keyOf(row)])));
  assert.deepEqual([...seen.keys()], ["0.begin", "1.each[0]", "1.each[1]", "2.meet"]);
});
