import assert from "node:assert/strict";
import { test } from "node:test";
import {
  append,
  canonicalLog,
  ForkPointError,
  interrupt,
  type JsonObject,
  nested,
  type RecordEvent,
  RunExistsError,
  type RunHead,
  type StoreBackend,
  sum,
  ValidationError,
  value,
  workflow,
} from "@agentflow/core";
import type { Engine } from "@agentflow/engine";
import { z } from "zod";
import { openEngine } from "../determinism/open-engine.ts";
import { turns } from "../determinism/settle.ts";
import { embeddedStores, openProcesses } from "./embedded-store.ts";

/** An order in three steps, which counts what it does outside. */
function ordering() {
  const calls: string[] = [];
  const call = (name: string) => async (): Promise<string> => {
    calls.push(name);
    return name;
  };
  const order = workflow("order", {
    version: "1",
    state: { item: value("tea"), cups: sum(), quote: value(""), said: append<string>() },
  })
    .start("price", async ({ item }, ctx) => ({ quote: await ctx.io("price", item, call("price")), cups: 2 }))
    .node("reserve", { after: "price" }, async ({ item, cups }, ctx) => {
      await ctx.io("reserve", item, call("reserve"), { effect: true });
      return { said: [`${cups} cups of ${item}`] };
    })
    .node("ship", { after: "reserve" }, async ({ said }, ctx) => {
      await ctx.io("ship", said, call("ship"), { effect: true });
      await ctx.io("track", said, call("track"));
      return { said: ["shipped"] };
    })
    .end("ship");
  return { order, calls };
}

async function eventsOf(engine: Engine, runId: string): Promise<RecordEvent[]> {
  const events: RecordEvent[] = [];
  for await (const event of engine.events(runId, { modes: ["events"], follow: false }))
    if (event.type !== "truncated") events.push(event);
  return events;
}

/** Every row, blob and head of a run. */
async function rowsOf({ runs, inbox }: StoreBackend, runId: string): Promise<unknown> {
  const run = { tenant: "default", runId };
  const head = (await runs.readHead("default", runId)) as RunHead;
  const records = await runs.readRecords({ ...run, afterEvent: 0, limit: 10_000 });
  const scopes = new Set(records.flatMap(({ kind, row }) => (kind === "step" ? [row.scope] : [])));
  const stored = [];
  for (const scope of scopes) {
    stored.push(await runs.readScope({ ...run, scope, from: "start" }));
    stored.push(await runs.readScope({ ...run, scope, from: "snapshot" }));
  }
  return { head, records, stored, inbox: await inbox.read("default", runId, 0) };
}

for (const name of embeddedStores) {
  test(`${name}: a fork repeats nothing before its seal, and leaves the run as it was, byte by byte (S23)`, async (context) => {
    const [backend] = await openProcesses(context, name, 1);
    assert.ok(backend);
    const { order, calls } = ordering();
    await using held = openEngine({ backend });
    const { engine } = held;
    const run = await engine.start(order, {}, { id: "run" });
    await run.result();
    const before = await rowsOf(backend, "run");
    calls.length = 0;
    const fork = await engine.fork("run", { at: "1.reserve", patch: { item: "milk" }, workflow: order });
    assert.deepEqual(await fork.result(), {
      item: "milk",
      cups: 2,
      quote: "price",
      said: ["2 cups of milk", "shipped"],
    });
    assert.deepEqual(calls, ["reserve", "ship", "track"]);
    assert.deepEqual(await rowsOf(backend, "run"), before);
    const report = await engine.replay(fork.runId, order, { strict: true });
    assert.deepEqual([report.matches, report.steps], [true, 3]);
    const head = await backend.runs.readHead("default", fork.runId);
    assert.equal(head?.seed, "run");
    assert.deepEqual(JSON.parse(head?.labels ?? ""), { forkedFrom: "run" });
    const forked = (await eventsOf(engine, fork.runId)).find(({ type }) => type === "run.forked");
    assert.equal(forked?.data?.["from"], "run");
  });
}

test("replay of a fork finds what differs from its patched state", async () => {
  const { order } = ordering();
  await using held = openEngine();
  const run = await held.engine.start(order, {});
  await run.result();
  const fork = await held.engine.fork(run.runId, {
    at: "2.ship",
    patch: { said: ["by hand"] },
    workflow: order,
  });
  assert.deepEqual((await fork.result()).said, ["by hand", "shipped"]);
  const { order: other } = ordering();
  const { divergence } = await held.engine.replay(fork.runId, other);
  assert.equal(divergence, undefined);
});

test("a fork of a fork keeps the patch of the first, at the very place of it too", async () => {
  const { order } = ordering();
  await using held = openEngine();
  const { engine } = held;
  await (await engine.start(order, {}, { id: "a" })).result();
  const options = { at: "1.reserve", workflow: order };
  await (await engine.fork("a", { ...options, id: "b", patch: { item: "milk" } })).result();
  await (await engine.fork("b", { ...options, id: "c", patch: { cups: 9 } })).result();
  const third = await (await engine.fork("c", { at: "2.ship", id: "d", workflow: order })).result();
  assert.deepEqual(third.said, ["9 cups of milk", "shipped"]);
  for (const id of ["b", "c", "d"]) assert.equal((await engine.replay(id, order)).divergence, undefined, id);
  const states = await Array.fromAsync(engine.events("c", { modes: ["values"], workflow: order }));
  const items = states.map((item) => item.type === "value" && (item.state as JsonObject)["item"]);
  assert.deepEqual(items, ["tea", "milk", "milk", "milk", "milk"]);
});

test("a run is forked while it runs", async () => {
  await using held = openEngine();
  const gate = Promise.withResolvers<void>();
  let isFirst = true;
  const gated = workflow("gated", { version: "1", state: { n: sum(), ends: value("") } })
    .start("one", () => ({ n: 1 }))
    .node("wait", { after: "one" }, async ({ n }, ctx) => {
      const held = isFirst;
      isFirst = false;
      await ctx.io("wait", null, async () => (held ? gate.promise : undefined));
      return { ends: `with ${n}` };
    })
    .end("wait");
  const run = await held.engine.start(gated, {});
  await turns();
  const fork = await held.engine.fork(run.runId, { at: "1.wait", patch: { n: 5 }, workflow: gated });
  assert.equal((await fork.result()).ends, "with 5");
  gate.resolve();
  assert.equal((await run.result()).ends, "with 1");
  assert.equal((await held.engine.replay(run.runId, gated, { strict: true })).matches, true);
});

const inner = workflow("inner", { version: "1", state: { x: value<number>(), y: value(0), z: value(0) } })
  .start("double", ({ x }) => ({ y: x * 2 }))
  .node("add", { after: "double" }, ({ y }) => ({ z: y + 1 }))
  .end("add");

const outer = workflow("outer", {
  version: "1",
  state: { items: value([1, 2]), log: append<number>(), all: value("") },
})
  .start("plan", () => ({}))
  .map(
    "work",
    { after: "plan", over: (state) => state.items },
    nested(inner, { input: (x: number) => ({ x }), output: ({ z }) => ({ log: [z] }) }),
  )
  .node("finish", { after: "work" }, ({ log }) => ({ all: log.join() }))
  .end("finish");

test("a nested workflow is forked inside, with a patch of its own state", async () => {
  await using held = openEngine();
  const { engine } = held;
  await (await engine.start(outer, {}, { id: "run" })).result();
  const fork = await engine.fork("run", { at: "1.work[0]/1.add", patch: { y: 40 }, workflow: outer });
  assert.equal((await fork.result()).all, "41,5");
  assert.equal((await engine.replay(fork.runId, outer, { strict: true })).matches, true);
  const again = await engine.fork("run", { at: "1.work[1]/0.double", workflow: outer });
  assert.equal((await again.result()).all, "3,5");
  const { point } = await engine.forkPreview("run", { at: "1.work[1]/0.double" });
  assert.deepEqual([point.scope, point.superstep], ["", 0]);
  const states = await Array.fromAsync(engine.events(fork.runId, { modes: ["values"], workflow: outer }));
  assert.ok(states.some((item) => item.type === "nestedValue" && (item.state as JsonObject)["y"] === 40));
});

test("a fan-out that is next lists its items again on the patched state; one left without any is refused", async () => {
  await using held = openEngine();
  const { engine } = held;
  const run = await engine.start(outer, {});
  await run.result();
  const fork = await engine.fork(run.runId, {
    at: "1.work[0]",
    patch: { items: [5, 6, 7] },
    workflow: outer,
  });
  assert.equal((await fork.result()).all, "11,13,15");
  assert.equal((await engine.replay(fork.runId, outer, { strict: true })).matches, true);
  const empty = engine.fork(run.runId, { at: "1.work[0]", patch: { items: [] }, workflow: outer });
  await assert.rejects(empty, /without items/);
  const earlier = await engine.fork(run.runId, { at: "0.plan", patch: { items: [] }, workflow: outer });
  assert.equal((await earlier.result()).all, "");
});

test("a preview says what is kept, and which steps, calls and effects come again", async () => {
  const { order } = ordering();
  await using held = openEngine();
  const run = await held.engine.start(order, {});
  await run.result();
  const preview = await held.engine.forkPreview(run.runId, { at: "1.reserve" });
  const { kept, calls, effects } = preview;
  assert.deepEqual({ kept, calls, effects }, { kept: 1, calls: 3, effects: 2 });
  assert.deepEqual(
    preview.repeated.map(({ stepId, calls, effects }) => [stepId, calls, effects]),
    [
      ["1.reserve", 1, ["reserve"]],
      ["2.ship", 2, ["ship"]],
    ],
  );
  const checkpoints = await held.engine.history(run.runId);
  const [first] = checkpoints;
  assert.deepEqual(await held.engine.forkPreview(run.runId, { at: first?.event ?? 0 }), preview);
});

test("a place that is none is refused with what is near", async () => {
  const { order } = ordering();
  await using held = openEngine();
  const run = await held.engine.start(order, {});
  await run.result();
  const fork = (at: unknown) => held.engine.fork(run.runId, { at: at as string, workflow: order });
  const refused: [unknown, RegExp][] = [
    ["1.reservr", /Did you mean 1.reserve/],
    ["reserve", /has no step reserve/],
    [2, /no checkpoint .* nearest are 1, 4/],
    [99, /no checkpoint/],
    [0, /no checkpoint/],
  ];
  for (const [at, problem] of refused) {
    await assert.rejects(
      fork(at),
      (error) => error instanceof ForkPointError && problem.test(`${error.message} ${error.hint}`),
      String(at),
    );
  }
  const end = (await held.engine.history(run.runId)).at(-1)?.event;
  await assert.rejects(fork(end), /ends a scope/);
  await assert.rejects(fork(undefined), ValidationError);
  const { length } = await held.backend.runs.listRuns({ tenant: "default", limit: 10 });
  assert.equal(length, 1);
});

test("a patch that does not fit the state is refused, and nothing is made of it", async () => {
  const { order } = ordering();
  const checked = workflow("checked", {
    version: "1",
    state: { age: value(3, { schema: z.number().min(0) }), done: value(false) },
  })
    .start("one", () => ({}))
    .node("two", { after: "one" }, () => ({ done: true }))
    .end("two");
  await using held = openEngine();
  const { engine } = held;
  const [first, second] = [await engine.start(order, {}), await engine.start(checked, {})];
  await Promise.all([first.result(), second.result()]);
  for (const [patch, problem] of [
    [{ itme: "milk" }, /"itme"/],
    [{ said: "milk" }, /no list/],
    [{ cups: "two" }, /no number/],
    [{ item: () => 1 }, /item/],
    [[], /a list/],
  ] as const) {
    const fork = engine.fork(first.runId, { at: "1.reserve", patch: patch as JsonObject, workflow: order });
    await assert.rejects(
      fork,
      (error) => error instanceof ValidationError && problem.test(error.message),
      JSON.stringify(patch),
    );
  }
  await assert.rejects(
    engine.fork(second.runId, { at: "1.two", patch: { age: -1 }, workflow: checked }),
    /age/,
  );
  assert.equal((await held.backend.runs.listRuns({ tenant: "default", limit: 10 })).length, 2);
});

test("forking again under an id gives the same run; another fork under it is refused", async () => {
  const { order, calls } = ordering();
  await using held = openEngine();
  const { engine } = held;
  const run = await engine.start(order, {});
  await run.result();
  const options = { at: "1.reserve", id: "fork", patch: { item: "milk" }, workflow: order };
  const state = await (await engine.fork(run.runId, options)).result();
  calls.length = 0;
  assert.deepEqual(await (await engine.fork(run.runId, options)).result(), state);
  assert.deepEqual(calls, []);
  for (const other of [
    { ...options, patch: { item: "beer" } },
    { ...options, at: "2.ship" },
  ]) {
    await assert.rejects(engine.fork(run.runId, other), RunExistsError);
  }
  await assert.rejects(engine.fork(run.runId, { ...options, id: run.runId }), RunExistsError);
});

test("a failed run is forked before the step that failed, with fresh attempts", async () => {
  await using held = openEngine();
  const fragile = workflow("fragile", { version: "1", state: { word: value("bad"), said: value("") } })
    .start("one", () => ({}))
    .node("two", { after: "one" }, ({ word }) => {
      if (word === "bad") throw new Error("bad word");
      return { said: word };
    })
    .end("two");
  const run = await held.engine.start(fragile, {});
  await assert.rejects(run.result());
  const fork = await held.engine.fork(run.runId, { at: "1.two", patch: { word: "good" }, workflow: fragile });
  assert.equal((await fork.result()).said, "good");
});

test("a fork inside a nested workflow gives a step that had failed beside it fresh attempts (S11)", async () => {
  await using held = openEngine();
  const failed = Promise.withResolvers<void>();
  let isMended = false;
  const child = workflow("child", { version: "1", state: { x: value<number>(), y: value(0) } })
    .start("first", async ({ x }, ctx) => {
      if (x === 2 && !isMended) throw new Error("broken");
      await ctx.io("wait", x, async () => (isMended ? undefined : failed.promise));
      return { y: x * 10 };
    })
    .node("second", { after: "first" }, ({ y }) => ({ y: y + 1 }))
    .end("second");
  const parent = workflow("parent", { version: "1", state: { sum: sum() } })
    .start("open", () => ({}))
    .map(
      "each",
      { after: "open", over: () => [1, 2] },
      nested(child, { input: (x: number) => ({ x }), output: ({ y }) => ({ sum: y }) }),
    )
    .end("each");
  const run = await held.engine.start(parent, {}, { id: "run" });
  await turns();
  failed.resolve();
  await assert.rejects(run.result());
  isMended = true;
  const fork = await held.engine.fork("run", { at: "1.each[0]/1.second", workflow: parent });
  assert.equal((await fork.result()).sum, 11 + 21);
});

const ask = interrupt<string, string>("ask");

test("a fork asks again what was answered after its seal, and hears its own inbox alone", async () => {
  await using held = openEngine();
  const { engine } = held;
  const waiting = workflow("waiting", { version: "1", state: { said: append<string>() } })
    .start("first", async (_state, ctx) => ({ said: [await ctx.waitFor<string>("word")] }))
    .node("second", { after: "first" }, async (_state, ctx) => ({ said: [await ctx.interrupt(ask, "?")] }))
    .node("third", { after: "second" }, async (_state, ctx) => ({
      said: [await ctx.waitFor<string>("word")],
    }))
    .end("third");
  const run = await engine.start(waiting, {}, { id: "run" });
  await engine.signal("run", "word", "one");
  await run.settled();
  const asked = await engine.resume("run", waiting);
  await asked.settled();
  await engine.answer("run", "1.second#ask[0]", "yes");
  await engine.signal("run", "word", "two");
  assert.deepEqual((await (await engine.resume("run", waiting)).result()).said, ["one", "yes", "two"]);
  const fork = await engine.fork("run", { at: "1.second", id: "fork", workflow: waiting });
  assert.equal((await fork.settled()).status, "waiting");
  // The first rows of its own inbox have the numbers of rows that the other run took.
  await engine.signal("fork", "word", "zwei");
  await engine.answer("fork", "1.second#ask[0]", "no");
  assert.deepEqual((await (await engine.resume("fork", waiting)).result()).said, ["one", "no", "zwei"]);
});

test("a diff names the first divergence, each step and each field; equal runs have none", async () => {
  const { order } = ordering();
  await using held = openEngine();
  const { engine } = held;
  await (await engine.start(order, {}, { id: "a", seed: "s" })).result();
  await (await engine.start(order, {}, { id: "b", seed: "s" })).result();
  await (
    await engine.fork("a", { at: "1.reserve", id: "c", patch: { item: "milk" }, workflow: order })
  ).result();
  const none = await engine.diff("a", "b");
  assert.deepEqual([none.divergence, none.steps, none.state, none.same], [undefined, [], [], 3]);
  const { divergence, steps, state, same, statuses } = await engine.diff("a", "c");
  assert.deepEqual(statuses, ["succeeded", "succeeded"]);
  assert.equal(divergence?.stepId, "1.reserve");
  assert.equal(same, 1);
  assert.deepEqual(
    steps.map(({ stepId, kind }) => [stepId, kind]),
    [
      ["1.reserve", "changed"],
      ["2.ship", "changed"],
    ],
  );
  const reserved = steps[0]?.changes.map(({ path }) => path) ?? [];
  assert.ok(reserved.includes("delta.said[0]"), reserved.join());
  assert.deepEqual(state, [
    { path: "item", before: "tea", after: "milk" },
    { path: "said[0]", before: "2 cups of tea", after: "2 cups of milk" },
  ]);
  const at = { runId: "a", workflow: order };
  assert.deepEqual(await engine.diff({ ...at, at: "1.reserve" }, { ...at, at: "2.ship" }), [
    { path: "said[0]", after: "2 cups of tea" },
  ]);
  await assert.rejects(engine.diff("a", { ...at, at: "2.ship" } as never), /compared with a run/);
  const shorter = workflow("order", { version: "1", state: { item: value("tea") } })
    .start("price", () => ({ item: "nothing" }))
    .end("price");
  await (await engine.start(shorter, {}, { id: "d" })).result();
  const kinds = (await engine.diff("a", "d")).steps.map(({ stepId, kind }) => `${stepId} ${kind}`);
  assert.deepEqual(kinds, ["0.price changed", "1.reserve removed", "2.ship removed"]);
});

test("a fork without a patch has the same canonical log, but for its own mark", async () => {
  await using held = openEngine();
  const { engine } = held;
  await (await engine.start(outer, {}, { id: "a", seed: "s" })).result();
  await (await engine.fork("a", { at: "2.finish", id: "b", workflow: outer })).result();
  const [mine, other] = [await eventsOf(engine, "a"), await eventsOf(engine, "b")];
  assert.equal(canonicalLog(other.filter(({ type }) => type !== "run.forked")), canonicalLog(mine));
});
