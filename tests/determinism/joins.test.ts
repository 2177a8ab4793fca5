import assert from "node:assert/strict";
import { test } from "node:test";
import {
  anyOf,
  append,
  GraphError,
  goto,
  NoProgressError,
  sum,
  value,
  type Workflow,
  workflow,
} from "@agentflow/core";
import { assertReplays, testRun } from "@agentflow/testkit";

const state = { log: append<string>(), rounds: sum(), take: value("both") };
const started = workflow("joins", { version: "1", state }).start("begin", () => ({ log: ["begin"] }));
type Graph = Workflow<typeof state>;

/** A node that says it was there. */
const log = (name: string) => (): { log: string[] } => ({ log: [name] });

/** Executes a graph; returns its log and the ids of its steps in order. */
async function execute(graph: Graph, take = "both"): Promise<{ log: readonly string[]; steps: string[] }> {
  const run = await testRun(graph, { take });
  await assertReplays(run);
  return { log: run.result.log, steps: run.steps.map(({ stepId }) => stepId) };
}

async function failure(graph: Graph, take: string): Promise<Error> {
  const { error, status } = await testRun(graph, { take });
  assert.ok(error, `the run is ${status}`);
  return error;
}

test("plain edges into one node coalesce into one step per seal", async () => {
  const graph = started
    .node("a", { after: "begin" }, log("a"))
    .node("b", { after: "begin" }, log("b"))
    .node("c", { after: "b" }, log("c"))
    .node("sink", { after: anyOf("a", "b", "c") }, log("sink"))
    .end("sink");
  const { steps } = await execute(graph);
  assert.deepEqual(steps, ["0.begin", "1.a", "1.b", "2.sink", "2.c", "3.sink"]);
});

test("items of a fan-out never coalesce, even equal ones", async () => {
  const graph = started
    .map("each", { after: "begin", over: () => ["same", "same", "same"] }, (item) => ({ log: [item] }))
    .node("after", { after: "each" }, log("after"))
    .end("after");
  const { log: lines, steps } = await execute(graph);
  assert.deepEqual(lines, ["begin", "same", "same", "same", "after"]);
  assert.deepEqual(steps, ["0.begin", "1.each[0]", "1.each[1]", "1.each[2]", "2.after"]);
});

test("a fan-out over nothing has completed: plain edges, joins and ends behind it go on", async () => {
  const graph = started
    .map("none", { after: "begin", over: () => [] as string[] }, (item) => ({ log: [item] }))
    .map("none2", { after: "none", over: () => [] as string[] }, (item) => ({ log: [item] }))
    .node("b", { after: "begin" }, log("b"))
    .node("meet", { after: ["none2", "b"] }, log("meet"))
    .end("meet");
  assert.deepEqual((await execute(graph)).steps, ["0.begin", "1.b", "2.meet"]);
  const ending = started
    .map("none", { after: "begin", over: () => [] as string[] }, (item) => ({ log: [item] }))
    .end("none");
  assert.deepEqual((await execute(ending)).log, ["begin"]);
});

test("a join that fans out over nothing lets the join behind it fire in the same seal", async () => {
  const graph = started
    .node("a", { after: "begin" }, log("a"))
    .node("b", { after: "begin" }, log("b"))
    .node("c", { after: "begin" }, log("c"))
    .map("none", { after: ["a", "b"], over: () => [] as string[] }, (item) => ({ log: [item] }))
    .node("meet", { after: ["none", "c"] }, log("meet"))
    .end("meet");
  assert.deepEqual((await execute(graph)).steps, ["0.begin", "1.a", "1.b", "1.c", "2.meet"]);
});

test("what follows a fan-out over nothing takes its place among the edges", async () => {
  const graph = started
    .map("none", { after: "begin", over: () => [] as string[] }, (item) => ({ log: [item] }))
    .node("after1", { after: "none" }, log("after1"))
    .node("after2", { after: "none" }, log("after2"))
    .node("after3", { after: "none" }, log("after3"))
    .node("beside", { after: "begin" }, log("beside"))
    .end("after1", "after2", "after3", "beside");
  assert.deepEqual((await execute(graph)).log, ["begin", "after1", "after2", "after3", "beside"]);
});

test("a join waits for the longest branch and fires once", async () => {
  const graph = started
    .node("short", { after: "begin" }, log("short"))
    .node("long1", { after: "begin" }, log("long1"))
    .node("long2", { after: "long1" }, log("long2"))
    .node("long3", { after: "long2" }, log("long3"))
    .node("meet", { after: ["short", "long3"] }, log("meet"))
    .end("meet");
  const { steps } = await execute(graph);
  assert.deepEqual(steps, ["0.begin", "1.short", "1.long1", "2.long2", "3.long3", "4.meet"]);
});

test("a join in a loop fires once per round, with branches of unequal length", async () => {
  const graph = started
    .node("head", { after: "begin" }, () => ({ rounds: 1 }))
    .node("short", { after: "head" }, log("short"))
    .node("long1", { after: "head" }, log("long1"))
    .node("long2", { after: "long1" }, log("long2"))
    .node("meet", { after: ["short", "long2"] }, log("meet"))
    .node("done", {}, log("done"))
    .route("meet", { to: ["head", "done"] }, ({ rounds }) => (rounds < 3 ? "head" : "done"))
    .end("done");
  const { log: lines } = await execute(graph);
  const round = ["short", "long1", "long2", "meet"];
  assert.deepEqual(lines, ["begin", ...round, ...round, ...round, "done"]);
});

test("a branch that goes round a loop of its own is waited for", async () => {
  const graph = started
    .node("short", { after: "begin" }, log("short"))
    .node("turn", { after: "begin" }, () => ({ rounds: 1, log: ["turn"] }))
    .node("out", {}, log("out"))
    .route("turn", { to: ["turn", "out"] }, ({ rounds }) => (rounds < 3 ? "turn" : "out"))
    .node("meet", { after: ["short", "out"] }, log("meet"))
    .end("meet");
  assert.deepEqual((await execute(graph)).log, ["begin", "short", "turn", "turn", "turn", "out", "meet"]);
});

const choosing = (when: "all" | "settled"): Graph =>
  started
    .node("left", {}, log("left"))
    .node("right", {}, log("right"))
    .route("begin", { to: ["left", "right"] }, ({ take }) => (take === "both" ? ["left", "right"] : "left"))
    .node("meet", { after: ["left", "right"], join: { when } }, log("meet"))
    .end("meet");

test("a join whose predecessor can no longer arrive is a typed error that names it", async () => {
  assert.deepEqual((await execute(choosing("all"))).log, ["begin", "left", "right", "meet"]);
  const error = await failure(choosing("all"), "left");
  assert.ok(error instanceof GraphError);
  assert.equal(error.code, "AF_JOIN_UNSATISFIED");
  const { node, missing, arrived } = error.context;
  assert.deepEqual({ node, missing, arrived }, { node: "meet", missing: ["right"], arrived: ["left"] });
});

test("a settled join fires with those present once the others can no longer arrive", async () => {
  assert.deepEqual((await execute(choosing("settled"), "left")).log, ["begin", "left", "meet"]);
  assert.deepEqual((await execute(choosing("settled"))).log, ["begin", "left", "right", "meet"]);
});

test("a settled join waits while a predecessor can still arrive", async () => {
  const graph = started
    .node("left", { after: "begin" }, log("left"))
    .node("gate", { after: "begin" }, log("gate"))
    .node("long", { after: "gate" }, log("long"))
    .node("right", {}, log("right"))
    .route("long", { to: ["right"] }, ({ take }) => (take === "both" ? ["right"] : []))
    .node("meet", { after: ["left", "right"], join: { when: "settled" } }, log("meet"))
    .end("meet");
  assert.deepEqual((await execute(graph)).steps.at(-1), "4.meet");
  assert.deepEqual((await execute(graph, "left")).steps.at(-1), "3.meet");
});

test("a run in which nothing follows and no exit has completed reports that it makes no progress", async () => {
  const graph = started
    .node("on", {}, log("on"))
    .route("begin", { to: ["on"] }, () => [])
    .end("on");
  const error = await failure(graph, "both");
  assert.ok(error instanceof NoProgressError);
  assert.deepEqual(error.context, { scope: "", superstep: 1, exits: ["on"] });
});

test("a goto replaces all edges of its step and of no other", async () => {
  const graph = started
    .node("jump", { after: "begin", goto: ["there", "begin"] }, ({ rounds, take }) => {
      if (take === "again" && rounds === 0) return goto("begin", { rounds: 1, log: ["again"] });
      return take === "both" ? { log: ["stay"] } : goto("there", { log: ["jump"] });
    })
    .node("stay", { after: "jump" }, log("stayed"))
    .node("beside", { after: "begin" }, log("beside"))
    .node("there", {}, log("there"))
    .end("stay", "there", "beside");
  assert.deepEqual((await execute(graph)).log, ["begin", "stay", "beside", "stayed"]);
  assert.deepEqual((await execute(graph, "go")).log, ["begin", "jump", "beside", "there"]);
  const again = ["begin", "again", "beside", "begin", "jump", "beside", "there"];
  assert.deepEqual((await execute(graph, "again")).log, again);
});

test("a goto of one item of a fan-out does not keep the others from going on", async () => {
  const graph = started
    .map("each", { after: "begin", over: () => [0, 1, 2], goto: ["aside"] }, (item) =>
      item === 0 ? goto("aside", { log: ["goes"] }) : { log: [`stays ${item}`] },
    )
    .node("on", { after: "each" }, log("on"))
    .node("aside", {}, log("aside"))
    .end("on", "aside");
  assert.deepEqual((await execute(graph)).steps.slice(4), ["2.aside", "2.on"]);
});

test("a goto or a route to an undeclared target is a typed error that names what is declared", async () => {
  const jumping = started
    .node("jump", { after: "begin", goto: ["there"] }, () => goto("nowhere" as "there"))
    .node("there", {}, log("there"))
    .end("there");
  const jumped = await failure(jumping, "both");
  assert.ok(jumped instanceof GraphError);
  assert.deepEqual([jumped.code, jumped.context["target"]], ["AF_ROUTE_TARGET", "nowhere"]);
  assert.match(jumped.hint, /there/);
  const routing = started
    .node("there", {}, log("there"))
    .route("begin", { to: ["there"] }, () => "nowhere" as "there")
    .end("there");
  const routed = await failure(routing, "both");
  assert.ok(routed instanceof GraphError);
  assert.equal(routed.code, "AF_ROUTE_TARGET");
});
