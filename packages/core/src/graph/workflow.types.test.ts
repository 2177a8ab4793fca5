/**
 * What must and what must not compile (ENG-1, ENG-2). The compiler is the judge: it runs over this file with all
 * others, an error in the first part fails it, and so does a missing error under `@ts-expect-error` in the second.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeContext } from "../context.ts";
import { dateCodec } from "../encoding/codecs.ts";
import { append } from "../state/append.ts";
import { custom } from "../state/custom.ts";
import type { InputOf, StateOf, StateSpec } from "../state/field.ts";
import { merge } from "../state/merge.ts";
import { max, min, sum } from "../state/number-fields.ts";
import type { StandardSchema } from "../state/standard-schema.ts";
import { union } from "../state/union.ts";
import { value } from "../state/value.ts";
import { goto } from "./goto.ts";
import { interrupt } from "./interrupt.ts";
import type { Workflow } from "./model.ts";
import { nested } from "./nested.ts";
import { anyOf } from "./placement.ts";
import { workflow } from "./workflow.ts";

interface Note {
  readonly topic: string;
  readonly text: string;
  readonly tags: string[];
}

const options = {
  version: "1",
  state: {
    question: value<string>(),
    due: value<Date>({ codec: dateCodec }),
    topics: value<string[]>([]),
    notes: append<Note>(),
    report: value(""),
    status: value<"open" | "done">("open"),
    targets: union<string>(),
    scores: merge<number>(),
    total: sum(),
    lowest: min(),
    highest: max(0),
    votes: custom<Record<string, number>, string>({
      id: "votes@1",
      initial: {},
      reduce: (votes, name) => ({ ...votes, [name]: (votes[name] ?? 0) + 1 }),
    }),
  },
};

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

function same<A, B>(equal: Equal<A, B>): void {
  assert.equal(equal, true);
}

const approve = interrupt<{ report: string }, { ok: boolean; edit?: string }>("approve");

async function readTopic(topic: string, ctx: NodeContext) {
  return { notes: [{ topic, text: await ctx.io("read", topic, (name) => name), tags: [] }] };
}

async function writeReport({ notes }: { notes: readonly Note[] }) {
  return { report: notes.map((note) => note.text).join("\n") };
}

const research = workflow("research", options)
  .start("plan", async ({ question }, ctx) => ({
    topics: await ctx.io("plan", question, (text) => text.split(" ")),
  }))
  .map("read", { after: "plan", over: (state) => state.topics, concurrency: 8 }, readTopic, {
    retry: { attemptsMax: 3 },
    timeoutMs: 30_000,
    recover: (failure, topic) => ({
      notes: [{ topic: topic.toUpperCase(), text: failure.message, tags: [] }],
    }),
  })
  .node("write", { after: "read" }, writeReport)
  .node("review", { after: "write", goto: ["write"] }, async ({ report }, ctx) => {
    const { ok, edit } = await ctx.interrupt(approve, { report });
    return ok ? { report: edit ?? report } : goto("write");
  })
  .end("review");

const begun = workflow("begun", options).start("plan", () => ({ status: "done" }));
const afterPlan = { after: "plan" } as const;

test("a workflow in the shape of the manual compiles, and its nodes and state are known by type", () => {
  same<typeof research, Workflow<(typeof options)["state"], "plan" | "read" | "write" | "review">>(true);
  type State = StateOf<(typeof options)["state"]>;
  same<State["question"], string>(true);
  same<State["due"], Date>(true);
  same<State["topics"], readonly string[]>(true);
  same<State["notes"], readonly Note[]>(true);
  same<State["lowest"], number | undefined>(true);
  same<State["highest"], number>(true);
  same<State["votes"], Record<string, number>>(true);
  same<State["status"], "open" | "done">(true);
  assert.deepEqual(
    research.model.nodes.map((node) => node.name),
    ["plan", "read", "write", "review"],
  );
});

test("a node may return any fields, nothing, or a goto to a declared target, at once or later", () => {
  begun.node("next", afterPlan, () => undefined);
  begun.node("next", afterPlan, () => void begun);
  begun.node("next", afterPlan, async () => void begun);
  begun.node("next", afterPlan, () => ({}));
  begun.node("next", afterPlan, (state) => (state.report ? { status: "done" } : { report: "x" }));
  begun.node("next", afterPlan, async (state) => (state.report ? { status: "done" } : { report: "x" }));
  begun.node("next", { after: "plan", goto: ["plan", "later"] }, async ({ report }) => {
    if (report === "") return goto("later", { status: "done" });
    if (report === "a") return goto(["plan", "later"]);
    if (report === "b") return;
    return { due: new Date(0) };
  });
  begun.node("next", afterPlan, ({ topics, notes, due, scores, targets }) => ({
    topics,
    notes,
    due,
    scores,
    targets,
  }));
  begun.node("next", afterPlan, () => ({ votes: "yes", total: 1, lowest: 1, highest: 2 }));
  begun.node("next", afterPlan, writeReport, { recover: async () => ({ status: "done" }), timeoutMs: 1 });
});

test("a map's item has the type of the items, also next to the state", () => {
  const pairs = {
    after: "plan",
    over: (state: StateOf<(typeof options)["state"]>) => [...state.topics.entries()],
  } as const;
  begun.map("next", pairs, ([index, topic], _ctx, state) => ({ report: topic.repeat(index) + state.report }));
  begun.map(
    "next",
    { after: "plan", over: ({ topics }) => topics.map((name) => ({ name })) },
    ({ name }) => ({
      report: name.toUpperCase(),
    }),
  );
});

test("a nested workflow takes the state, or the item, and gives a delta", () => {
  begun.node(
    "next",
    afterPlan,
    nested(research, {
      input: ({ question, due }) => ({ question: question.toUpperCase(), due }),
      output: (child, state) => ({ report: child.report + state.report }),
    }),
    { timeoutMs: 1_000 },
  );
  begun.map(
    "next",
    { after: "plan", over: (state) => state.topics },
    nested(research, {
      input: (topic) => ({ question: topic, due: new Date(0) }),
      output: (child, topic) => ({ report: child.report + topic }),
    }),
  );
});

test("routes, edges and gotos may name nodes that are declared later", () => {
  const built = begun
    .route("plan", { to: ["left", "right"] }, (state) => (state.total > 1 ? "left" : ["left", "right"]))
    .edge("plan", "last")
    .node("left", { goto: ["last"] }, () => goto("last"))
    .node("right", {}, () => undefined)
    .node("last", { after: anyOf("left", "right") }, () => undefined)
    .end("last");
  same<typeof built, Workflow<(typeof options)["state"], "plan" | "left" | "right" | "last">>(true);
});

test("a graph built in a loop compiles and is a workflow with names of type string", () => {
  let graph = workflow("loop", { version: "1", state: { count: sum() } })
    .dynamic()
    .start("n0", () => ({ count: 1 }));
  for (let index = 1; index < 10; index++) {
    graph = graph.node(`n${index}`, { after: `n${index - 1}` }, () => ({ count: 1 }));
    graph = graph.route(`n${index}`, { to: [`n${index - 1}`] }, () => []);
  }
  const built: Workflow<{ count: ReturnType<typeof sum> }, string> = graph.end("n9");
  assert.equal(built.model.nodes.length, 10);
});

test("an input needs the fields without a default and takes the others", () => {
  type Input = InputOf<(typeof options)["state"]>;
  const least: Input = { question: "why", due: new Date(0) };
  const more: Input = { ...least, topics: ["a"], notes: [], votes: { yes: 1 } };
  assert.deepEqual(Object.keys(more), ["question", "due", "topics", "notes", "votes"]);
  const anyWorkflow: Workflow = research;
  assert.equal(anyWorkflow, research);
});

function refusedResults(): void {
  const extra = () => ({ report: "", extra: 1 });
  const extraLater = async () => ({ report: "", extra: 1 });
  const extraGoto = () => goto("plan", { report: "", extra: 1 });
  const mistyped = () => ({ report: 1 });
  const mistypedLater = async () => ({ report: 1 });
  const wrong = () => ({ raport: "" });
  const wrongLater = async () => ({ raport: "" });
  const toPlan = { after: "plan", goto: ["plan"] } as const;

  // @ts-expect-error an extra key from a named function
  begun.node("next", afterPlan, extra);
  // @ts-expect-error an extra key from a named async function
  begun.node("next", afterPlan, extraLater);
  // @ts-expect-error an extra key with a goto
  begun.node("next", toPlan, extraGoto);
  // @ts-expect-error a mistyped key from a named function
  begun.node("next", afterPlan, mistyped);
  // @ts-expect-error a mistyped key from a named async function
  begun.node("next", afterPlan, mistypedLater);
  // @ts-expect-error a wrong key from a named function
  begun.node("next", afterPlan, wrong);
  // @ts-expect-error a wrong key from a named async function
  begun.node("next", afterPlan, wrongLater);
  // @ts-expect-error an extra key from an inline function
  begun.node("next", afterPlan, () => ({ report: "", extra: 1 }));
  // @ts-expect-error an extra key from an inline async function
  begun.node("next", afterPlan, async () => ({ report: "", extra: 1 }));
  // @ts-expect-error a mistyped key from an inline async function
  begun.node("next", afterPlan, async () => ({ report: 1 }));
  // @ts-expect-error a wrong key from an inline async function
  begun.node("next", afterPlan, async () => ({ raport: "" }));
  // @ts-expect-error an extra key on one path only
  begun.node("next", afterPlan, ({ report }) => (report ? { report, extra: 1 } : { report }));
  // @ts-expect-error a mistyped key on one path only
  begun.node("next", afterPlan, ({ report }) => (report ? { status: "closed" } : { report }));
  // @ts-expect-error undefined is no value of a field
  begun.node("next", afterPlan, () => ({ report: undefined }));
  // @ts-expect-error a null result
  begun.node("next", afterPlan, () => null);
  // @ts-expect-error a list result
  begun.node("next", afterPlan, () => ["report"]);
  // @ts-expect-error an extra key from the start node
  workflow("begun", options).start("plan", extra);
  // @ts-expect-error an extra key from a map
  begun.map("next", { after: "plan", over: ({ topics }) => topics }, extra);
  // @ts-expect-error an extra key from recover
  begun.node("next", afterPlan, () => undefined, { recover: extra });
  // @ts-expect-error a mistyped key from recover
  begun.node("next", afterPlan, () => undefined, { recover: () => ({ report: 1 }) });
  // @ts-expect-error a goto from recover
  begun.node("next", toPlan, () => undefined, { recover: () => goto("plan") });
}

function refusedFields(): void {
  // @ts-expect-error text for a field of type Date
  begun.node("next", afterPlan, () => ({ due: "2026-01-01" }));
  // @ts-expect-error an item instead of a list for append
  begun.node("next", afterPlan, () => ({ notes: { topic: "", text: "", tags: [] } }));
  // @ts-expect-error a wrong item for append
  begun.node("next", afterPlan, () => ({ notes: [{ topic: "" }] }));
  // @ts-expect-error the value instead of the delta of a custom reducer
  begun.node("next", afterPlan, () => ({ votes: { yes: 1 } }));
  // @ts-expect-error text for a sum
  begun.node("next", afterPlan, () => ({ total: "1" }));
  // @ts-expect-error a wrong value for a key of merge
  begun.node("next", afterPlan, () => ({ scores: { a: "1" } }));
  // @ts-expect-error min has no value before the first
  begun.node("next", afterPlan, ({ lowest }) => ({ total: lowest + 1 }));
  // @ts-expect-error the state is frozen
  begun.node("next", afterPlan, ({ topics }) => ({ total: topics.push("a") }));
  // @ts-expect-error a codec of another type
  value<string>({ codec: dateCodec });
  // @ts-expect-error a default of another type
  value<string>(1);
  // @ts-expect-error a schema of another type
  append<string>({ schema: {} as StandardSchema<unknown, readonly number[]> });
  // @ts-expect-error a missing input field
  const input: InputOf<(typeof options)["state"]> = { question: "why" };
  // @ts-expect-error an unknown input field
  const unknownInput: InputOf<(typeof options)["state"]> = { question: "why", due: new Date(0), deu: 1 };
  // @ts-expect-error a field that is no field
  const state: StateSpec = { question: "" };
  assert.ok(input && unknownInput && state);
}

function refusedNames(): void {
  // @ts-expect-error an unknown node
  begun.node("next", { after: "plane" }, () => undefined);
  // @ts-expect-error an unknown node in a join
  begun.node("next", { after: ["plan", "plane"] }, () => undefined);
  // @ts-expect-error an unknown node in anyOf
  begun.node("next", { after: anyOf("plan", "plane") }, () => undefined);
  // @ts-expect-error an edge from an unknown node
  begun.edge("plane", "plan");
  // @ts-expect-error a route from an unknown node
  begun.route("plane", { to: ["plan"] }, () => "plan");
  // @ts-expect-error a route to an undeclared target
  begun.route("plan", { to: ["plan"] }, () => "plane");
  // @ts-expect-error a goto without a declared target
  begun.node("next", afterPlan, () => goto("plan"));
  // @ts-expect-error a goto to another than the declared target
  begun.node("next", { after: "plan", goto: ["next"] }, async () => goto("plan"));
  // @ts-expect-error an unknown exit
  begun.end("plane");
  // @ts-expect-error a goto target that is never declared
  begun.node("next", { after: "plan", goto: ["never"] }, () => undefined).end("next");
  // @ts-expect-error a route target that is never declared
  begun.route("plan", { to: ["never"] }, () => "never").end("plan");
  // @ts-expect-error an edge to a node that is never declared
  begun.edge("plan", "never").end("plan");
}

function refusedBodies(): void {
  // @ts-expect-error a function of another item
  begun.map("next", { after: "plan", over: ({ topics }) => topics }, (_topic: number) => undefined);
  // @ts-expect-error a map without items
  begun.map("next", { after: "plan" }, () => undefined);
  // @ts-expect-error items that are no list
  begun.map("next", { after: "plan", over: ({ report }) => report }, () => undefined);
  // @ts-expect-error a function of another state
  begun.node("next", afterPlan, (_state: { question: number }) => undefined);
  // @ts-expect-error a nested input that lacks a field
  begun.node("next", afterPlan, nested(research, { input: () => ({ question: "" }), output: () => ({}) }));
  const input = (): InputOf<(typeof options)["state"]> => ({ question: "", due: new Date(0) });
  // @ts-expect-error a nested output with an extra key
  begun.node("next", afterPlan, nested(research, { input, output: () => ({ report: "", extra: 1 }) }));
  begun.node("next", afterPlan, nested(research, { input, output: () => ({}) }), {
    // @ts-expect-error a nested workflow takes no retry (S1)
    retry: { attemptsMax: 2 },
  });
  const ofNumber = nested(research, { input: (_topic: number) => input(), output: () => ({}) });
  // @ts-expect-error a nested workflow of another item
  begun.map("next", { after: "plan", over: ({ topics }) => topics }, ofNumber);
  begun.node("next", afterPlan, async (_state, ctx) => {
    // @ts-expect-error a wrong payload of an interrupt
    await ctx.interrupt(approve, { raport: "" });
    // @ts-expect-error a wrong key of its answer
    return { report: (await ctx.interrupt(approve, { report: "" })).edits };
  });
}

test("what must not compile is refused by the compiler", () => {
  assert.deepEqual(
    [refusedResults, refusedFields, refusedNames, refusedBodies].map((refused) => typeof refused),
    ["function", "function", "function", "function"],
  );
});
