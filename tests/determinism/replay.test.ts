import assert from "node:assert/strict";
import { test } from "node:test";
import {
  append,
  goto,
  type Json,
  nested,
  ReplayMismatchError,
  sum,
  value,
  type Workflow,
  workflow,
} from "@agentflow/core";
import type { Divergence } from "@agentflow/engine";
import { type OpenedEngine, openEngine } from "./open-engine.ts";
import { recordOf } from "./recorded-run.ts";
import { succeed } from "./settle.ts";

/** What may change between the run and its replay; the structure of the graph stays the same unless it says so. */
interface Change {
  readonly draft?: (topic: string) => Json;
  readonly input?: Json;
  readonly branches?: readonly string[];
  readonly inside?: string;
  readonly items?: readonly string[];
  readonly next?: "again" | "end";
  readonly effect?: () => void | Promise<void>;
  readonly skipsCall?: boolean;
  readonly callsMore?: boolean;
  readonly target?: "aside";
  readonly throws?: boolean;
  readonly writes?: string;
}

const state = { topic: value("tides"), log: append<string>(), rounds: sum(), found: value<Json>(null) };

/** A workflow with a loop, a fan-out, a nested workflow, a goto, calls and an artifact; `change` is what differs. */
function made(change: Change = {}): Workflow {
  const inner = workflow("inner", { version: "1", state: { item: value<string>(), text: value("") } })
    .start("read", async ({ item }, ctx) => ({ text: await ctx.io("read", item, () => `read ${item}`) }))
    .node("trim", { after: "read" }, ({ text }) => ({ text: `${text}${change.inside ?? ""}` }))
    .end("trim");
  let builder = workflow("replayed", { version: "1", state })
    .start("draft", async ({ topic }, ctx) => {
      await change.effect?.();
      if (change.throws === true) throw new Error("now it fails");
      if (change.skipsCall !== true) await ctx.io("search", change.input ?? { topic }, () => ({ hits: 3 }));
      if (change.callsMore === true) await ctx.io("extra", null, () => 1);
      await ctx.safeWrite("draft.md", change.writes ?? "draft");
      return { found: (change.draft?.(topic) ?? { topic, hits: 3 }) as Json, rounds: 1 };
    })
    .dynamic();
  for (const name of change.branches ?? ["left", "right"])
    builder = builder.node(name, { after: "draft" }, () => ({ log: [name] }));
  return builder
    .map(
      "each",
      { after: ["left", "right"], over: () => [...(change.items ?? ["a", "b"])] },
      nested(inner as never, {
        input: (item: string) => ({ item }),
        output: ((ended: { text: string }) => ({ log: [ended.text] })) as never,
      }) as never,
    )
    .node("decide", { after: "each", goto: ["aside"] }, () =>
      change.target === undefined ? { log: ["decided"] } : goto(change.target, { log: ["decided"] }),
    )
    .node("aside", {}, () => ({ log: ["aside"] }))
    .node("end", {}, () => ({ log: ["end"] }))
    .route("decide", { to: ["draft", "end"] }, ({ rounds }) =>
      change.next === "end" || (rounds as number) >= 2 ? "end" : "draft",
    )
    .end("end", "aside") as unknown as Workflow;
}

const original = { now: Date.now, random: Math.random, fetch: globalThis.fetch };

let recorded: { opened: OpenedEngine; runId: string } | undefined;

/** One recorded run that every test replays. */
async function record(): Promise<{ opened: OpenedEngine; runId: string }> {
  if (recorded !== undefined) return recorded;
  const opened = openEngine();
  const run = await opened.engine.start(made(), {});
  await succeed(run, opened.clock);
  recorded = { opened, runId: run.runId };
  return recorded;
}

/** The first divergence that replaying the recorded run on a changed workflow meets; strict replay throws the same. */
async function diverge(change: Change): Promise<Divergence> {
  const { opened, runId } = await record();
  const { matches, divergence } = await opened.engine.replay(runId, made(change));
  assert.equal(matches, false);
  assert.ok(divergence !== undefined);
  await assert.rejects(opened.engine.replay(runId, made(change), { strict: true }), (error) => {
    assert.ok(error instanceof ReplayMismatchError);
    const { stepId, field, expected, actual } = error.context;
    assert.deepEqual({ stepId, field, expected, actual }, divergence);
    return true;
  });
  return divergence;
}

test("strict replay of unchanged code matches every step and changes nothing", async () => {
  const { opened, runId } = await record();
  const before = await recordOf(opened, runId);
  const report = await opened.engine.replay(runId, made(), { strict: true });
  assert.deepEqual(report, {
    runId,
    matches: true,
    steps: 2 * (1 + 2 + 2 * 3 + 1) + 1,
    unchecked: 0,
    effects: 0,
  });
  assert.deepEqual(await recordOf(opened, runId), before);
});

test("a node that returns something else: the step, the field, the recorded and the new value", async () => {
  assert.deepEqual(await diverge({ draft: (topic) => ({ topic, hits: 4 }) }), {
    stepId: "0.draft",
    field: "delta.found",
    expected: { topic: "tides", hits: 3 },
    actual: { topic: "tides", hits: 4 },
  });
});

test("a step inside a nested workflow that returns something else is named by its path", async () => {
  assert.deepEqual(await diverge({ inside: "!" }), {
    stepId: "2.each[0]/1.trim",
    field: "delta.text",
    expected: "read a",
    actual: "read a!",
  });
});

test("another input of an outside call: the call, what was recorded and what came now; nothing is called", async () => {
  const found = await diverge({ input: { topic: "moons" } });
  assert.deepEqual([found.stepId, found.field], ["0.draft", 'io "search"']);
  assert.equal(typeof (found.expected as { inputHash: string }).inputHash, "string");
  assert.deepEqual((found.actual as { input: Json }).input, { topic: "moons" });
});

test("another order of edges: the first step that another node takes", async () => {
  const found = await diverge({ branches: ["right", "left"] });
  assert.equal(found.stepId, "0.draft");
  assert.equal(found.field, "seal.frontier[0]");
  assert.deepEqual(
    [(found.expected as { node: string }).node, (found.actual as { node: string }).node],
    ["left", "right"],
  );
});

test("other items of a fan-out, another route and another goto diverge at the seal or step that chose them", async () => {
  const items = await diverge({ items: ["a", "c"] });
  assert.deepEqual([items.stepId, items.field], ["1.right", "seal.frontier[0]"]);
  const route = await diverge({ next: "end" });
  assert.deepEqual([route.stepId, route.field], ["3.decide", "seal.frontier[0]"]);
  const jump = await diverge({ target: "aside" });
  assert.deepEqual(jump, { stepId: "3.decide", field: "goto", expected: null, actual: ["aside"] });
});

test("a call that is no longer made, one that is new, a failure and another artifact diverge at their step", async () => {
  const skipped = await diverge({ skipsCall: true });
  assert.deepEqual([skipped.stepId, skipped.field], ["0.draft", "journal"]);
  const extra = await diverge({ callsMore: true });
  assert.deepEqual([extra.stepId, extra.field, extra.expected], ["0.draft", 'io "extra"', "no such call"]);
  const failed = await diverge({ throws: true });
  assert.deepEqual([failed.stepId, failed.field, failed.expected], ["0.draft", "outcome", "succeeded"]);
  const written = await diverge({ writes: "another draft" });
  assert.deepEqual([written.stepId, written.field], ["0.draft", "artifacts"]);
});

test("the clock, chance, random ids and the network outside ctx are trapped and their line is named", async () => {
  const effects: Readonly<Record<string, () => void | Promise<void>>> = {
    "Date.now": () => void Date.now(),
    "Math.random": () => void Math.random(),
    "crypto.randomUUID": () => void crypto.randomUUID(),
    fetch: async () => void (await fetch("http://127.0.0.1:9/")),
  };
  for (const [name, effect] of Object.entries(effects)) {
    const found = await diverge({ effect });
    assert.deepEqual([found.stepId, found.field], ["0.draft", name]);
    assert.match(String(found.actual), /replay\.test\.ts:\d+:\d+/, name);
  }
});

test("a trapped call whose error the step catches is found all the same", async () => {
  const found = await diverge({
    effect: () => {
      try {
        Date.now();
      } catch (error) {
        assert.ok(error instanceof Error);
      }
    },
  });
  assert.equal(found.field, "Date.now");
});

test("with the traps off the clock outside ctx is let pass, and only what it changes diverges", async () => {
  const { opened, runId } = await record();
  const graph = made({ effect: () => void Date.now() });
  assert.equal((await opened.engine.replay(runId, graph, { trap: false })).matches, true);
});

test("the traps are gone after a replay", async () => {
  await diverge({ effect: () => void Date.now() });
  assert.deepEqual({ now: Date.now, random: Math.random, fetch: globalThis.fetch }, original);
  assert.equal(typeof crypto.randomUUID(), "string");
});
