import assert from "node:assert/strict";
import { test } from "node:test";
import { ValidationError } from "../errors/validation-error.ts";
import { append } from "../state/append.ts";
import { sum } from "../state/number-fields.ts";
import type { StandardSchema } from "../state/standard-schema.ts";
import { value } from "../state/value.ts";
import { isWorkflow } from "./define-workflow.ts";
import { nested } from "./nested.ts";
import { anyOf } from "./placement.ts";
import { workflow } from "./workflow.ts";

const state = { topics: value<string[]>([]), notes: append<string>(), count: sum() };
const begun = () => workflow("sample", { version: "1", state }).start("a", () => ({ count: 1 }));
const nothing = () => undefined;

test("edges are numbered per source in the order of their declaration (S3)", () => {
  const { model } = begun()
    .route("a", { to: ["c", "b"] }, () => "b")
    .node("b", { after: "a" }, nothing)
    .node("c", { after: "b" }, nothing)
    .edge("a", "c")
    .edge("b", "a")
    .end("c");
  assert.deepEqual(
    model.edges.map(({ from, ordinal, to, kind }) => `${from}${ordinal} ${kind} ${to}`),
    ["a0 route c", "a1 route b", "a2 plain b", "b0 plain c", "a3 plain c", "b1 plain a"],
  );
});

test("one name in `after` is a plain edge, a list a join, anyOf a plain edge from each (S15)", () => {
  const { model } = begun()
    .node("b", { after: "a" }, nothing)
    .node("c", { after: "a" }, nothing)
    .node("all", { after: ["c", "b"] }, nothing)
    .node("some", { after: ["b", "c"], join: { when: "settled" } }, nothing)
    .node("any", { after: anyOf("c", "b") }, nothing)
    .end("all", "some", "any");
  const byName = new Map(model.nodes.map((node) => [node.name, node]));
  assert.deepEqual([byName.get("b")?.after, byName.get("b")?.join], [["a"], undefined]);
  assert.deepEqual(byName.get("all")?.join, { predecessors: ["b", "c"], when: "all" });
  assert.deepEqual(byName.get("all")?.after, []);
  assert.deepEqual(byName.get("some")?.join, { predecessors: ["b", "c"], when: "settled" });
  assert.deepEqual([byName.get("any")?.after, byName.get("any")?.join], [["c", "b"], undefined]);
  assert.deepEqual(
    model.edges
      .filter((edge) => edge.to === "any" || edge.to === "all")
      .map(({ from, to, kind }) => ({ from, to, kind })),
    [
      { from: "b", to: "all", kind: "join" },
      { from: "c", to: "all", kind: "join" },
      { from: "c", to: "any", kind: "plain" },
      { from: "b", to: "any", kind: "plain" },
    ],
  );
});

test("a placement is frozen, and an exit named twice is one exit", () => {
  const either = anyOf("a", "b");
  assert.ok(Object.isFrozen(either) && Object.isFrozen(either.anyOf));
  assert.deepEqual(begun().end("a", "a").model.exits, ["a"]);
});

test("the model carries what the engine runs: bodies, items, gotos, policies, routes, limits, schemas", () => {
  const schema: StandardSchema<unknown, object> = {
    "~standard": { version: 1, vendor: "test", validate: (given) => ({ value: Object(given) }) },
  };
  const migrate = () => ({});
  const over = ({ topics }: { topics: readonly string[] }) => topics;
  const choose = () => "b" as const;
  const { model } = workflow("full", {
    version: "2",
    state,
    input: schema,
    output: schema,
    conflict: "lastWriterWins",
    migrate,
    limits: { maxSteps: 10 },
  })
    .start("a", nothing, { timeoutMs: 5 })
    .map("b", { after: "a", over, concurrency: 2, goto: ["a"] }, nothing)
    .route("b", { to: ["b"] }, choose)
    .end("b");
  assert.deepEqual([model.name, model.version, model.entry, model.exits], ["full", "2", "a", ["b"]]);
  assert.deepEqual(model.nodes[0], {
    name: "a",
    kind: "node",
    body: { type: "function", run: nothing },
    after: [],
    gotos: [],
    policy: { timeoutMs: 5 },
  });
  assert.deepEqual(model.nodes[1], {
    name: "b",
    kind: "map",
    body: { type: "function", run: nothing },
    after: ["a"],
    gotos: ["a"],
    over,
    concurrency: 2,
    policy: {},
  });
  assert.deepEqual(model.routes, [{ from: "b", to: ["b"], choose }]);
  assert.deepEqual([model.conflict, model.limits], ["lastWriterWins", { maxSteps: 10 }]);
  assert.deepEqual([model.inputSchema, model.outputSchema, model.migrate], [schema, schema, migrate]);
  const { model: plain } = begun().end("a");
  assert.deepEqual([plain.conflict, plain.limits], ["fail", {}]);
  for (const absent of ["inputSchema", "outputSchema", "migrate"]) assert.ok(!Object.hasOwn(plain, absent));
});

test("a nested workflow is a body with its own input and output (S1)", () => {
  const child = begun().end("a");
  const parent = workflow("parent", { version: "1", state })
    .start(
      "first",
      nested(child, {
        input: ({ topics }) => ({ topics }),
        output: (inner, outer) => ({ count: inner.count + outer.count }),
      }),
    )
    .end("first");
  const body = parent.model.nodes[0]?.body;
  assert.ok(body?.type === "nested");
  assert.equal(body.child, child);
  assert.deepEqual(body.input({ topics: ["x"] }), { topics: ["x"] });
  assert.deepEqual(body.output({ count: 2 }, { count: 3 }), { count: 5 });
});

test("nested(...) is itself the body: calling it, as in a function that returns it, is an error", () => {
  const child = begun().end("a");
  const body = nested(child, { input: () => ({}), output: () => ({}) });
  assert.ok(Object.isFrozen(body));
  assert.throws(
    () => body({}),
    (error: unknown) => error instanceof ValidationError && error.message.includes('"sample"'),
  );
});

test("one beginning grows into several workflows that do not know of each other", () => {
  const base = begun();
  const left = base.node("left", { after: "a" }, nothing).end("left");
  const right = base.node("right", { after: "a" }, nothing).end("right");
  assert.deepEqual(
    left.model.nodes.map((node) => node.name),
    ["a", "left"],
  );
  assert.deepEqual(
    right.model.nodes.map((node) => node.name),
    ["a", "right"],
  );
});

test("a workflow is frozen, and what was passed in can change without changing it", () => {
  const targets: ("b" | "c")[] = ["b"];
  const predecessors: "a"[] = ["a"];
  const built = begun()
    .node("b", { after: anyOf(...predecessors), goto: targets }, nothing)
    .node("c", { after: "b" }, nothing)
    .route("b", { to: targets }, () => [])
    .end("c");
  targets.push("c");
  const { model } = built;
  assert.deepEqual([model.nodes[1]?.gotos, model.routes[0]?.to], [["b"], ["b"]]);
  const parts = [
    built,
    model,
    model.nodes,
    model.edges,
    model.routes,
    model.exits,
    model.fields,
    model.limits,
  ];
  const inner = [
    model.nodes[1],
    model.nodes[1]?.gotos,
    model.nodes[1]?.after,
    model.nodes[1]?.body,
    model.edges[0],
    model.routes[0],
  ];
  for (const part of [...parts, ...inner, model.routes[0]?.to, model.nodes[1]?.policy])
    assert.ok(Object.isFrozen(part));
});

test("a workflow is known as one, also from another copy of the package", () => {
  assert.ok(isWorkflow(begun().end("a")));
  assert.ok(isWorkflow({ [Symbol.for("agentflow.workflow")]: true }));
  for (const other of [null, undefined, "a", {}, begun()]) assert.ok(!isWorkflow(other));
});

test("10,000 nodes are declared, checked and described without trouble", () => {
  let graph = workflow("long", { version: "1", state }).dynamic().start("n0", nothing);
  for (let index = 1; index < 10_000; index++)
    graph = graph.node(`n${index}`, { after: `n${index - 1}` }, nothing);
  assert.equal(Object.keys(graph.end("n9999").description.nodes).length, 10_000);
});
