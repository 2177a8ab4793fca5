import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dateCodec } from "../encoding/codecs.ts";
import { hashOf } from "../encoding/sha256.ts";
import { append } from "../state/append.ts";
import { custom } from "../state/custom.ts";
import type { StateSpec } from "../state/field.ts";
import { value } from "../state/value.ts";
import { compareDefinitions } from "./compare-definitions.ts";
import { describe } from "./describe.ts";
import type { WorkflowDescription } from "./description.ts";
import type { Workflow } from "./model.ts";
import { nested } from "./nested.ts";
import { workflow } from "./workflow.ts";
import type { WorkflowBuilder } from "./workflow-builder.ts";
import type { WorkflowOptions } from "./workflow-options.ts";

type Graph = WorkflowBuilder<StateSpec, string, string>;

const seed = 20_261_121;
const nothing = () => undefined;
const state: StateSpec = { topics: value<string[]>([]), notes: append<string>(), question: value<string>() };

function begun(options: Partial<WorkflowOptions<StateSpec>> = {}, name = "sample"): Graph {
  return workflow<StateSpec>(name, { version: "1", state, ...options })
    .dynamic()
    .start("a", nothing);
}

function sample(options: Partial<WorkflowOptions<StateSpec>> = {}, name = "sample"): Workflow {
  return begun(options, name)
    .node("b", { after: "a" }, nothing)
    .node("c", { after: "a", goto: ["a", "b"] }, nothing)
    .route("b", { to: ["c", "d"] }, () => "d")
    .node("d", { after: ["b", "c"] }, nothing)
    .end("d", "c");
}

function parentOf(child: Workflow): Workflow {
  return begun()
    .node("inner", { after: "a" }, nested(child, { input: () => ({}), output: () => ({}) }))
    .end("inner");
}

/** What a run stores: the description after a trip through JSON. */
function stored(of: Workflow): WorkflowDescription {
  return JSON.parse(JSON.stringify(of.description)) as WorkflowDescription;
}

test("the description is JSON, and its SHA-256 is the fingerprint (ENG-4)", () => {
  const built = sample();
  assert.deepEqual(stored(built), built.description);
  assert.equal(built.fingerprint, hashOf(stored(built) as never));
  assert.deepEqual(describe(built), built.description);
  assert.equal(built.description, built.description);
  assert.ok(Object.isFrozen(built.description) && Object.isFrozen(built.description.nodes.a?.edges[0]));
  assert.deepEqual(built.description.nodes.b, {
    kind: "node",
    edges: [
      { to: "c", kind: "route", route: 0 },
      { to: "d", kind: "route", route: 0 },
      { to: "d", kind: "join" },
    ],
    gotos: [],
  });
  assert.deepEqual(built.description.nodes.d, {
    kind: "node",
    join: { predecessors: ["b", "c"], when: "all" },
    edges: [],
    gotos: [],
  });
  assert.deepEqual(built.description.fields, {
    topics: { kind: "value", presence: "optional", reducer: "value", initial: [] },
    notes: { kind: "append", presence: "optional", reducer: "append", initial: [] },
    question: { kind: "value", presence: "required", reducer: "value" },
  });
  assert.deepEqual([built.description.exits, built.description.conflict], [["c", "d"], "fail"]);
});

test("two routes of one node are told apart", () => {
  const twice = begun()
    .node("b", {}, nothing)
    .node("c", {}, nothing)
    .route("a", { to: ["b"] }, () => "b")
    .route("a", { to: ["c", "b"] }, () => "c")
    .end("b", "c");
  assert.deepEqual(twice.description.nodes.a?.edges, [
    { to: "b", kind: "route", route: 0 },
    { to: "c", kind: "route", route: 1 },
    { to: "b", kind: "route", route: 1 },
  ]);
});

test("the order of declaration means nothing but for the edges of one node (S19)", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (order) => {
      const calls = [
        (graph: Graph) => graph.edge("a", "b").edge("a", "c"),
        (graph: Graph) => graph.edge("b", "d").route("b", { to: ["a", "e"] }, () => "e"),
        (graph: Graph) => graph.node("b", {}, nothing).node("e", { goto: ["b", "c"] }, nothing),
        (graph: Graph) => graph.node("c", {}, nothing).node("d", {}, nothing).edge("c", "e"),
        (graph: Graph) => graph.node("f", { after: ["d", "e"] }, nothing),
      ];
      const declared = calls.reduce((graph, call) => call(graph), begun()).end("f", "d");
      const fields = Object.fromEntries(Object.entries(state).toReversed());
      const shuffled = order.reduce(
        (graph, index) => (calls[index] as (typeof calls)[0])(graph),
        begun({ state: fields }),
      );
      assert.equal(shuffled.end("d", "f").fingerprint, declared.fingerprint);
    }),
    { seed },
  );
});

test("functions, policies, limits, schemas and concurrency are not part of the fingerprint (S19)", () => {
  const one = begun()
    .map("b", { after: "a", over: () => [1], concurrency: 2 }, () => ({ notes: ["x"] }), { timeoutMs: 5 })
    .end("b");
  const other = begun({ limits: { maxSteps: 5 }, migrate: () => ({}) })
    .map("b", { after: "a", over: () => [2] }, nothing, { retry: { attemptsMax: 3 } })
    .end("b");
  assert.equal(one.fingerprint, other.fingerprint);
});

const votes = (id: string) => custom<number>({ id, initial: 0, reduce: (current) => current });
const changes: Record<string, readonly [Workflow, Workflow]> = {
  name: [sample(), sample({}, "other")],
  version: [sample(), sample({ version: "2" })],
  "a removed field": [sample(), sample({ state: { topics: state.topics as StateSpec[string] } })],
  "a new field without a default": [sample(), sample({ state: { ...state, extra: value<number>() } })],
  "the kind of a field": [sample(), sample({ state: { ...state, topics: append<string>() } })],
  "the default of a field": [sample(), sample({ state: { ...state, topics: value<string[]>(["x"]) } })],
  "the codec of a field": [
    sample({ state: { ...state, due: value("1970-01-01T00:00:00.000Z") } }),
    sample({ state: { ...state, due: value(new Date(0), { codec: dateCodec }) } }),
  ],
  "the id of a reducer": [
    sample({ state: { ...state, votes: votes("votes@1") } }),
    sample({ state: { ...state, votes: votes("votes@2") } }),
  ],
  "the conflict policy": [sample(), sample({ conflict: "lastWriterWins" })],
  "the id of a merge hook": [
    sample({ conflict: { id: "latest@1", merge: () => null } }),
    sample({ conflict: { id: "latest@2", merge: () => null } }),
  ],
  "a new node": [begun().end("a"), begun().node("b", { after: "a" }, nothing).end("a", "b")],
  "a removed node": [begun().node("b", { after: "a" }, nothing).end("a", "b"), begun().end("a")],
  "the entry": [
    begun().node("b", { after: "a" }, nothing).edge("b", "a").end("a", "b"),
    workflow("sample", { version: "1", state })
      .dynamic()
      .start("b", nothing)
      .node("a", {}, nothing)
      .edge("a", "b")
      .edge("b", "a")
      .end("a", "b"),
  ],
  "the exits": [
    begun().node("b", { after: "a" }, nothing).end("b"),
    begun().node("b", { after: "a" }, nothing).end("a", "b"),
  ],
  "the kind of a node": [
    begun().node("b", { after: "a" }, nothing).end("b"),
    begun()
      .map("b", { after: "a", over: () => [] }, nothing)
      .end("b"),
  ],
  "the order of edges": [
    begun().node("b", {}, nothing).node("c", {}, nothing).edge("a", "b").edge("a", "c").end("b", "c"),
    begun().node("b", {}, nothing).node("c", {}, nothing).edge("a", "c").edge("a", "b").end("b", "c"),
  ],
  "an edge instead of a route": [
    begun().node("b", { after: "a" }, nothing).end("b"),
    begun()
      .node("b", {}, nothing)
      .route("a", { to: ["b"] }, () => "b")
      .end("b"),
  ],
  "when a join fires": [
    begun()
      .node("b", { after: ["a"] }, nothing)
      .end("b"),
    begun()
      .node("b", { after: ["a"], join: { when: "settled" } }, nothing)
      .end("b"),
  ],
  "the order of gotos": [
    begun()
      .node("b", { after: "a", goto: ["a", "b"] }, nothing)
      .end("b"),
    begun()
      .node("b", { after: "a", goto: ["b", "a"] }, nothing)
      .end("b"),
  ],
  "a nested workflow": [parentOf(sample()), parentOf(sample({ version: "2" }))],
  "a nested workflow instead of a function": [
    begun().node("inner", { after: "a" }, nothing).end("inner"),
    parentOf(sample()),
  ],
};

for (const [change, [before, after]] of Object.entries(changes)) {
  test(`a change of ${change} changes the fingerprint and is incompatible (S19)`, () => {
    assert.notEqual(before.fingerprint, after.fingerprint);
    const { compatible, differences } = compareDefinitions(stored(before), after.description);
    assert.equal(compatible, false);
    assert.ok(differences.length > 0);
  });
}
