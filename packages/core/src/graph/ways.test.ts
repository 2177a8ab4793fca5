import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { GraphError } from "../errors/graph-errors.ts";
import type { StateSpec } from "../state/field.ts";
import { buildModel } from "./build-model.ts";
import { checkGraph } from "./check-graph.ts";
import type { Declaration } from "./declaration.ts";
import type { WorkflowModel } from "./model.ts";
import { reachedFrom, startableNodes, waysOf } from "./ways.ts";

const seed = 20_261_122;
const nothing = () => undefined;
const sizeMax = 8;

interface Shape {
  readonly placements: readonly {
    readonly plain: number[];
    readonly join: number[];
    readonly goto: number[];
    readonly settled: boolean;
  }[];
  readonly exits: readonly number[];
}

const indexes = fc.uniqueArray(fc.nat({ max: sizeMax - 1 }), { maxLength: 3 });
const shapes: fc.Arbitrary<Shape> = fc.record({
  placements: fc.array(fc.record({ plain: indexes, join: indexes, goto: indexes, settled: fc.boolean() }), {
    minLength: sizeMax,
    maxLength: sizeMax,
  }),
  exits: indexes,
});

function declare({ placements }: Shape): Declaration[] {
  const name = (index: number) => `n${index}`;
  return placements.flatMap(({ plain, join, goto, settled }, index): Declaration[] => [
    {
      type: "node",
      kind: "node",
      isEntry: index === 0,
      name: name(index),
      placement: {
        goto: goto.map(name),
        ...(join.length === 0 || index === 0
          ? {}
          : { after: join.map(name), join: { when: settled ? ("settled" as const) : ("all" as const) } }),
      },
      body: nothing,
      policy: undefined,
    },
    ...plain.map((from): Declaration => ({ type: "edge", from: name(from), to: name(index) })),
  ]);
}

function modelOf(shape: Shape): WorkflowModel {
  const state: StateSpec = {};
  return buildModel(
    { name: "made-up", version: "1", state },
    declare(shape),
    shape.exits.map((index) => `n${index}`),
  );
}

/** The definition of "can start", applied over and over until nothing changes. */
function startableByDefinition(model: WorkflowModel): Set<string> {
  const startable = new Set<string>();
  for (let size = -1; size !== startable.size; ) {
    size = startable.size;
    for (const node of model.nodes) {
      const isLedTo =
        model.edges.some(
          (edge) => edge.to === node.name && edge.kind !== "join" && startable.has(edge.from),
        ) || model.nodes.some((source) => source.gotos.includes(node.name) && startable.has(source.name));
      const joined = node.join?.predecessors ?? [];
      const arrived = joined.filter((name) => startable.has(name)).length;
      const fires =
        node.join?.when === "settled" ? arrived > 0 : joined.length > 0 && arrived === joined.length;
      if (node.name === model.entry || isLedTo || fires) startable.add(node.name);
    }
  }
  return startable;
}

test("the nodes that can start are those of the definition, on random graphs with loops and joins (S15)", () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const model = modelOf(shape);
      assert.deepEqual(startableNodes(model), startableByDefinition(model));
    }),
    { seed, numRuns: 500 },
  );
});

test("a random graph is refused exactly when a node cannot start or cannot come to an exit (ENG-3)", () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const model = modelOf(shape);
      const ends = reachedFrom(model.exits, waysOf(model).sources);
      const startable = startableByDefinition(model);
      const isSound =
        model.exits.length > 0 && model.nodes.every(({ name }) => startable.has(name) && ends.has(name));
      const check = () => checkGraph(model, declare(shape));
      if (isSound) check();
      else assert.throws(check, GraphError);
    }),
    { seed, numRuns: 500 },
  );
});
