import assert from "node:assert/strict";
import { test } from "node:test";
import { GraphError } from "../errors/graph-errors.ts";
import { custom } from "../state/custom.ts";
import type { StateSpec } from "../state/field.ts";
import { sum } from "../state/number-fields.ts";
import { value } from "../state/value.ts";
import type { MergeHook } from "./conflict-policy.ts";
import type { WorkflowLimits } from "./model.ts";
import { nested } from "./nested.ts";
import type { NodePolicy } from "./node-policy.ts";
import { anyOf } from "./placement.ts";
import { workflow } from "./workflow.ts";
import type { WorkflowBuilder } from "./workflow-builder.ts";
import type { WorkflowOptions } from "./workflow-options.ts";

type Graph = WorkflowBuilder<StateSpec, string, string>;

const nothing = () => undefined;
const fields = { count: sum() };

function graphOf(options: Partial<WorkflowOptions<StateSpec>> = {}, name = "sample"): Graph {
  return workflow<StateSpec>(name, { version: "1", state: fields, ...options }).dynamic();
}

function begun(): Graph {
  return graphOf().start("a", nothing);
}

function problemsOf(graph: Graph, ...exits: string[]): readonly string[] {
  try {
    graph.end(...exits);
  } catch (error) {
    assert.ok(error instanceof GraphError);
    assert.equal(error.code, "AF_GRAPH");
    return error.problems;
  }
  return [];
}

test("a sound graph has no problems", () => {
  const graph = begun()
    .node("b", { after: "a" }, nothing)
    .map("c", { after: "a", over: () => [1], concurrency: 1 }, nothing, {
      timeoutMs: 1,
      retry: { attemptsMax: 2 },
    })
    .node("d", { after: ["b", "c"], join: { when: "all" }, goto: ["a"] }, nothing)
    .route("d", { to: ["b", "e"] }, () => "e")
    .node("e", {}, nothing);
  assert.deepEqual(problemsOf(graph, "e"), []);
});

test("an unknown name in an edge, join, route, goto or exit is named with its place and the likely meaning", () => {
  const graph = begun()
    .node("review", { after: "aa" }, nothing)
    .node("join", { after: ["review", "nowhere"] }, nothing)
    .node("jump", { after: "review", goto: ["reviw", "nowhere"] }, nothing)
    .route("review", { to: ["jmup", "jumpp"] }, () => [])
    .edge("b", "jump");
  assert.deepEqual(problemsOf(graph, "jup"), [
    '`.end(...)` names "jup", which is not declared: did you mean "jump"?',
    'A goto of node "jump" names "reviw", which is not declared: did you mean "review"?',
    'A goto of node "jump" names "nowhere", which is not declared: declare it, or name another node.',
    'The edge from "aa" to "review" names "aa", which is not declared: did you mean "a"?',
    'The edge from "nowhere" to "join" names "nowhere", which is not declared: declare it, or name another node.',
    'The route from "review" names "jmup", which is not declared: did you mean "jump"?',
    'The route from "review" names "jumpp", which is not declared: did you mean "jump"?',
    'The edge from "b" to "jump" names "b", which is not declared: did you mean "a"?',
  ]);
});

test("duplicate names, edges, targets and predecessors are refused", () => {
  const graph = begun()
    .node("b", { after: "a" }, nothing)
    .node("b", { after: "a", goto: ["a", "a"] }, nothing)
    .node("c", { after: ["a", "b", "a"] }, nothing)
    .node("d", { after: anyOf("b", "b", "b") }, nothing)
    .route("d", { to: ["a", "b", "a", "b"] }, () => [])
    .start("e", nothing);
  assert.deepEqual(problemsOf(graph, "c", "d", "e"), [
    'Node "b" declares the goto "a" twice: name it once.',
    'Node "c" names "a" twice in `after`: name it once.',
    'Node "d" names "b" twice in `after`: name it once.',
    'The route from "d" names "a" twice: name it once.',
    'The route from "d" names "b" twice: name it once.',
    'The workflow begins twice, with "a" and "e": use `.start(...)` once.',
    'Node "b" is declared 2 times: give each node a name of its own.',
    'The edge from "a" to "b" is declared twice: declare it once.',
    'The edge from "b" to "d" is declared twice: declare it once.',
  ]);
});

test("a missing entry, a missing exit and an empty `after`, route or anyOf are refused", () => {
  const graph = graphOf()
    .node("b", { after: [] }, nothing)
    .node("c", { after: anyOf() }, nothing)
    .route("c", { to: [] }, () => []);
  assert.deepEqual(problemsOf(graph), [
    'Node "b" comes after an empty list: name a node in `after`, or leave `after` out.',
    'Node "c" comes after an empty list: name a node in `after`, or leave `after` out.',
    'The route from "c" has no targets: name them in `to`.',
    "The workflow has no entry: begin it with `.start(name, ...)`.",
    "The workflow has no exit: name its last nodes in `.end(...)`.",
  ]);
});

test("an unreachable node is named once, not with all that comes after it", () => {
  const graph = begun()
    .node("b", {}, nothing)
    .node("c", { after: "b" }, nothing)
    .node("d", { after: ["a", "c"] }, nothing);
  assert.deepEqual(problemsOf(graph, "a", "d"), [
    'Node "b" is unreachable: nothing leads to it; add it to `after`, an edge, a route or a goto.',
  ]);
});

test("a loop that nothing enters is unreachable", () => {
  const graph = begun()
    .node("b", { goto: ["c"] }, nothing)
    .node("c", { after: "b" }, nothing)
    .edge("c", "b");
  assert.deepEqual(problemsOf(graph, "a", "c"), [
    'Node "b" is unreachable: only "c" leads to it; lead to it from the entry.',
  ]);
});

test("a join that waits for a node that comes only after it can never fire", () => {
  const graph = begun()
    .node("b", { after: ["a", "c"] }, nothing)
    .node("c", { after: "b" }, nothing)
    .node("d", { after: "c" }, nothing);
  assert.deepEqual(problemsOf(graph, "d"), [
    'Join "b" can never fire: "c" comes only after it; leave it out of `after`, or use `anyOf(...)`.',
  ]);
  const self = begun().node("b", { after: ["a", "b"] }, nothing);
  assert.deepEqual(problemsOf(self, "a", "b"), [
    'Join "b" can never fire: "b" comes only after it; leave it out of `after`, or use `anyOf(...)`.',
  ]);
});

test("two joins that wait for each other can never fire", () => {
  const graph = begun()
    .node("b", { after: ["a", "c"] }, nothing)
    .node("c", { after: ["a", "b"] }, nothing);
  assert.deepEqual(problemsOf(graph, "b", "c"), [
    'Join "b" can never fire: "c" comes only after it; leave it out of `after`, or use `anyOf(...)`.',
  ]);
});

test("a join that nothing else can start is refused when none of its predecessors runs", () => {
  const graph = begun()
    .node("b", { after: ["c", "d"], join: { when: "settled" } }, nothing)
    .node("c", { after: "d" }, nothing)
    .node("d", { after: "c" }, nothing);
  assert.deepEqual(problemsOf(graph, "a", "b"), [
    'Join "b" can never fire: "c" never runs, "d" never runs; leave it out of `after`, or use `anyOf(...)`.',
    'Node "c" is unreachable: only "d" leads to it; lead to it from the entry.',
  ]);
});

test("a settled join, a goto and a route can start what an all-join could not (S15)", () => {
  const settled = begun()
    .node("b", { after: ["a", "c"], join: { when: "settled" } }, nothing)
    .node("c", { after: "b" }, nothing);
  assert.deepEqual(problemsOf(settled, "c"), []);
  const entered = graphOf()
    .start("a", nothing)
    .node("b", { after: ["a", "c"] }, nothing)
    .node("c", { after: "b" }, nothing)
    .route("a", { to: ["b"] }, () => "b");
  assert.deepEqual(problemsOf(entered, "c"), []);
});

test("a node without a way out that is no exit is refused, and only it", () => {
  const graph = begun()
    .node("b", { after: "a" }, nothing)
    .node("c", { after: "a" }, nothing)
    .node("d", { after: "c" }, nothing);
  assert.deepEqual(problemsOf(graph, "d"), [
    'Node "b" leads nowhere and is no exit: add it to `.end(...)`, or give it a way on.',
  ]);
});

test("a loop without a way to an exit is refused", () => {
  const graph = begun()
    .node("b", { after: "a" }, nothing)
    .node("c", { after: "b" }, nothing)
    .edge("c", "b")
    .node("d", { after: "a" }, nothing);
  assert.deepEqual(problemsOf(graph, "d"), [
    'From "b", "c" no exit can be reached: give the loop a route or goto out of it.',
  ]);
});

test("bad names of workflow, node and field, and a missing version are refused", () => {
  const graph = graphOf(
    { version: "", state: { "a-b": sum(), ["__proto__"]: value(1), ok: sum() } },
    "a/b",
  ).start("a[0]", nothing);
  const [workflowName, version, ...others] = problemsOf(graph, "a[0]");
  assert.match(String(workflowName), /^The workflow name "a\/b" cannot be used: use 1 to 64 letters/);
  assert.equal(version, 'The workflow has no version: give `version: "1"`.');
  assert.equal(others.length, 3);
  assert.match(String(others[0]), /^The field name "a-b" cannot be used/);
  assert.match(String(others[1]), /^The field name "__proto__" cannot be used/);
  assert.match(String(others[2]), /^The node name "a\[0\]" cannot be used/);
});

test("what is no field, and reducers and merge hooks without a version in their id, are refused", () => {
  const plain = { count: 1, none: undefined } as unknown as StateSpec;
  assert.deepEqual(problemsOf(graphOf({ state: plain }).start("a", nothing), "a"), [
    'The field "count" is no field: declare it with value(), append() or another reducer.',
    'The field "none" is no field: declare it with value(), append() or another reducer.',
  ]);
  const votes = custom<number>({ id: "votes", initial: 0, reduce: (current) => current });
  const hook: MergeHook = { id: "latest", merge: () => null };
  assert.deepEqual(problemsOf(graphOf({ state: { votes }, conflict: hook }).start("a", nothing), "a"), [
    'The reducer of the field "votes" has the id "votes": write it as "name@version".',
    'The merge hook has the id "latest": write it as "name@version".',
  ]);
  assert.deepEqual(
    problemsOf(graphOf({ conflict: { ...hook, id: "latest@1" } }).start("a", nothing), "a"),
    [],
  );
});

test("an unknown conflict policy is refused", () => {
  for (const conflict of ["first", {}, 1]) {
    const graph = graphOf({ conflict: conflict as MergeHook }).start("a", nothing);
    assert.deepEqual(problemsOf(graph, "a"), [
      'The conflict policy is unknown: use "fail", "lastWriterWins" or `{ id, merge }`.',
    ]);
  }
});

test("what becomes of siblings is one of two words, of the workflow and of each node", () => {
  const siblings = "stop" as "abort";
  const built = graphOf({ siblings: "finish" }).start("a", nothing, { siblings: "abort" }).end("a");
  assert.deepEqual([built.model.siblings, built.model.nodes[0]?.policy.siblings], ["finish", "abort"]);
  assert.equal(graphOf().start("a", nothing).end("a").model.siblings, "finish");
  assert.deepEqual(problemsOf(graphOf({ siblings }).start("a", nothing, { siblings }), "a"), [
    '`siblings` of the workflow is "stop": use "finish" or "abort".',
    '`siblings` of the node "a" is "stop": use "finish" or "abort".',
  ]);
});

test("limits are whole numbers from 1", () => {
  const limits = {
    maxSteps: 0,
    queueDepth: 1.5,
    maxConcurrent: 1,
    runBudgetMs: undefined,
  } as unknown as WorkflowLimits;
  assert.deepEqual(problemsOf(graphOf({ limits }).start("a", nothing), "a"), [
    "The limit maxSteps is 0: give a whole number from 1.",
    "The limit queueDepth is 1.5: give a whole number from 1.",
  ]);
});

test("a map needs items, only a map has them, and a join needs a list", () => {
  const noItems = { after: "a" } as { after: string; over: () => string[] };
  const graph = begun()
    .map("b", noItems, nothing)
    .map("c", { after: "a", over: () => [1], concurrency: 0 }, nothing)
    .node("d", { after: "a", ...{ over: () => [1] } }, nothing)
    .node("e", { after: "a", join: { when: "all" } }, nothing)
    .node("f", { after: anyOf("a"), join: { when: "settled" } }, nothing)
    .node("g", { after: ["a"], join: { when: "first" as "all" } }, nothing);
  assert.deepEqual(problemsOf(graph, "b", "c", "d", "e", "f", "g"), [
    'Map "b" has no items: give `over: (state) => state.items`.',
    'Map "c" has the concurrency 0: give a whole number from 1.',
    'Node "d" has `over` or `concurrency`: declare it with `.map(...)`.',
    'Node "e" has `join` but waits for no list: write `after: ["a", "b"]`.',
    'Node "f" has `join` but waits for no list: write `after: ["a", "b"]`.',
    'Node "g" joins when "first": use "all" or "settled".',
  ]);
});

test("a missing body, a retry on a nested workflow and a policy out of range are refused", () => {
  const child = nested(workflow("child", { version: "1", state: fields }).start("x", nothing).end("x"), {
    input: () => ({}),
    output: () => ({}),
  });
  const retried: NodePolicy = { retry: { attemptsMax: 2 } };
  const graph = begun()
    .node("b", { after: "a" }, undefined as unknown as () => undefined)
    .node("c", { after: "a" }, {} as () => undefined)
    .node("d", { after: "a" }, child, retried as never)
    .node("e", { after: "a" }, nothing, { timeoutMs: 0, retry: { attemptsMax: 0 } })
    .node("f", { after: "a" }, nothing, { timeoutMs: 2 ** 31 })
    .node("g", { after: "a" }, child, { timeoutMs: 1 });
  const problems = problemsOf(graph, "b", "c", "d", "e", "f", "g");
  assert.deepEqual(problems.slice(0, 4), [
    'Node "b" has no body: give it a function or nested(workflow, ...).',
    'Node "c" has no body: give it a function or nested(workflow, ...).',
    'Node "d" is a nested workflow, which takes no `retry`: retry the nodes inside it (S1).',
    'Node "e" has the timeoutMs 0: give 1 to 2147483647 milliseconds.',
  ]);
  assert.match(String(problems[4]), /^The retry policy of node "e" cannot be used: .*attemptsMax/);
  assert.equal(problems[5], 'Node "f" has the timeoutMs 2147483648: give 1 to 2147483647 milliseconds.');
  assert.equal(problems.length, 6);
});

test("an error that a retry policy throws by itself is not taken for a problem of the graph", () => {
  const retry = {
    get attemptsMax(): number {
      throw new RangeError("broken getter");
    },
  };
  assert.throws(() => begun().node("b", { after: "a" }, nothing, { retry }).end("b"), RangeError);
});

test("the message names the workflow and shows the first problems, the error has all of them", () => {
  const graph = ["b", "c", "d", "e"].reduce((built, name) => built.node(name, {}, nothing), begun());
  assert.throws(
    () => graph.end("a"),
    (error: unknown) => {
      assert.ok(error instanceof GraphError);
      assert.equal(error.problems.length, 4);
      assert.ok(error.message.startsWith('The workflow "sample" cannot run. Node "b" is unreachable'));
      assert.ok(error.message.endsWith("And 1 more."));
      assert.ok(error.message.includes('"d"') && !error.message.includes('"e"'));
      assert.equal(error.context.workflow, "sample");
      return true;
    },
  );
  assert.throws(
    () => begun().node("b", {}, nothing).end("a"),
    (error: unknown) => error instanceof GraphError && !error.message.includes("more."),
  );
});
