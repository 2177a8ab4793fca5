import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  append,
  CursorError,
  type LiveEvent,
  nested,
  type RecordRow,
  RunNotFoundError,
  type StoreBackend,
  StreamOverflowError,
  sum,
  ValidationError,
  value,
  workflow,
} from "@agentflow/core";
import type { StreamMode, StreamPlace } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";
import fc from "fast-check";
import { LiveListeners } from "../../packages/engine/src/emit/live-listeners.ts";
import { eventStream } from "../../packages/engine/src/streams/event-stream.ts";
import { streamRequest } from "../../packages/engine/src/streams/stream-options.ts";
import { openEngine } from "../determinism/open-engine.ts";
import { turns } from "../determinism/settle.ts";
import { embeddedStores, openProcesses } from "./embedded-store.ts";

const large = "large ".repeat(2_000);

const inner = workflow("inner", { version: "1", state: { x: value<number>(), y: value(0), text: value("") } })
  .start("double", ({ x }, ctx) => {
    ctx.emit("progress", x);
    return { y: x * 2 };
  })
  .node("tell", { after: "double" }, () => ({ text: large }))
  .end("tell");

const outer = workflow("outer", {
  version: "1",
  state: { log: append<number>(), total: sum(), at: value(0) },
})
  .start("plan", async (_state, ctx) => {
    const at = await ctx.io("look", null, async () => {
      await turns(3);
      return 17;
    });
    ctx.emit("token", "one");
    ctx.emit("token", "two");
    return { log: [0], at };
  })
  .map(
    "work",
    { after: "plan", over: () => [1, 2] },
    nested(inner, { input: (x: number) => ({ x }), output: ({ y }) => ({ log: [y] }) }),
  )
  .node("finish", { after: "work" }, ({ log }, ctx) => {
    ctx.emit("custom", { length: log.length });
    return { total: log.length };
  })
  .end("finish");

const recordModes: readonly StreamMode[] = ["events", "deltas", "values"];

/** What a reader that comes back again and again has in the end. */
async function readInPieces(
  open: (from: number | StreamPlace) => AsyncGenerator<unknown, void, void>,
  pieces: readonly number[],
): Promise<unknown[]> {
  const all: unknown[] = [];
  let from: number | StreamPlace = 1;
  for (let piece = 0; ; piece++) {
    const length = pieces[piece % pieces.length] ?? 1;
    let read = 0;
    for await (const item of open(from)) {
      all.push(item);
      from = item as StreamPlace;
      assert.ok(all.length < 1_000, "the stream begins again and again");
      read++;
      if (read === length) break;
    }
    if (read < length) return all;
  }
}

for (const name of embeddedStores) {
  test(`${name}: readers that leave and come back anywhere have what one that stays has, in each mode`, async (context) => {
    const [mine, other] = await openProcesses(context, name, 2);
    await using held = openEngine({ backend: mine });
    await using reading = openEngine({ backend: other });
    const run = await held.engine.start(outer, {});
    await run.result();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        fc.subarray([...recordModes], { minLength: 1 }),
        async (pieces, modes) => {
          const options = { modes, follow: false, workflow: outer };
          const whole = await Array.fromAsync(run.events(options));
          const again = await readInPieces(
            (from) => reading.engine.events(run.runId, { ...options, from }),
            pieces,
          );
          assert.deepEqual(again, whole);
          assert.ok(whole.length > 2);
        },
      ),
      { numRuns: 25 },
    );
  });
}

test("readers that come and go while the run goes on have what was committed, in order and once", async () => {
  await using held = openEngine();
  const steps = workflow("steps", { version: "1", state: { turns: sum() } })
    .start("turn", async (_state, ctx) => {
      await ctx.io("wait", ctx.stepId, () => turns(2));
      return { turns: 1 };
    })
    .node("shut", {}, () => ({}))
    .route("turn", { to: ["turn", "shut"] }, (state) => (state.turns < 20 ? "turn" : "shut"))
    .end("shut");
  const run = await held.engine.start(steps, {});
  const readers = [[1], [2, 5], [7], [3, 1, 4]].map((pieces) =>
    readInPieces((from) => run.events({ from, modes: ["events"] }), pieces),
  );
  const [first, ...others] = await Promise.all(readers);
  const whole = await Array.fromAsync(run.events({ modes: ["events"] }));
  assert.equal(whole.length, 1 + 21 + 20 + 21 + 1);
  for (const read of [first, ...others]) assert.deepEqual(read, whole);
});

test("modes say what comes, and type it", async () => {
  await using held = openEngine();
  const run = await held.engine.start(outer, {});
  await run.result();
  const values: [string, number][] = [];
  const insides: [string, number][] = [];
  for await (const item of run.events({ modes: ["values"] })) {
    if (item.type === "value") values.push([item.step, item.state.total]);
    else if (item.type === "nestedValue") insides.push([item.scope, item.superstep]);
    // @ts-expect-error: a stream of values has no record events.
    assert.ok(item.type !== "step.succeeded");
  }
  assert.deepEqual(values, [
    ["0.plan", 0],
    ["1.work[1]", 0],
    ["2.finish", 3],
  ]);
  assert.deepEqual(insides.toSorted(), [
    ["1.work[0]", 0],
    ["1.work[0]", 1],
    ["1.work[1]", 0],
    ["1.work[1]", 1],
  ]);
  const deltas = new Map<string, unknown>();
  for await (const item of run.events({ modes: ["deltas"] }))
    if (item.type === "delta") deltas.set(item.step, item.delta);
  assert.deepEqual(deltas.get("0.plan"), { log: [0], at: 17 });
  assert.deepEqual(deltas.get("1.work[0]/1.tell"), { text: large });
  assert.equal(deltas.size, 1 + 2 * 3 + 1);
});

test("values are the states that the run itself had", async () => {
  await using held = openEngine();
  const run = await held.engine.start(outer, {});
  const end = await run.result();
  const last = (await Array.fromAsync(run.events({ modes: ["values"] }))).at(-1);
  assert.deepEqual(last?.type === "value" && last.state, end);
});

test("live events come with the path of their step, after what was committed before them and before its outcome", async () => {
  await using held = openEngine();
  const run = await held.engine.start(outer, {});
  const shown: string[] = [];
  const wanted = new Set(["token", "progress", "custom", "io.succeeded", "step.succeeded"]);
  for await (const { type, step } of run.events())
    if (wanted.has(type) && step !== undefined) shown.push(`${type} ${step}`);
  const inOrder = (...events: string[]): void => {
    const places = events.map((event) => shown.indexOf(event));
    assert.ok(!places.includes(-1), `${events.join(", ")} in ${shown.join(", ")}`);
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
      shown.join(", "),
    );
  };
  inOrder("token 0.plan", "step.succeeded 0.plan", "progress 1.work[0]/0.double");
  inOrder("progress 1.work[1]/0.double", "step.succeeded 1.work[1]/0.double", "custom 2.finish");
  inOrder("custom 2.finish", "step.succeeded 2.finish");
});

test("each mode of live events yields its own alone", async () => {
  await using held = openEngine();
  const run = await held.engine.start(outer, {});
  const read = async (mode: "tokens" | "progress" | "custom") =>
    (await Array.fromAsync(run.events({ modes: [mode] }))).map(({ data }) => data);
  const [tokens, progress, custom] = await Promise.all([read("tokens"), read("progress"), read("custom")]);
  assert.deepEqual([tokens, progress, custom], [["one", "two"], [1, 2], [{ length: 3 }]]);
});

/** A run that shows `count` events in one go, and lets its reader look only then. */
function flooding(count: number, payload = "") {
  return workflow("flooding", { version: "1", state: { done: value(false) } })
    .start("flood", async (_state, ctx) => {
      await ctx.io("begin", null, () => turns(5));
      for (let index = 0; index < count; index++) ctx.emit("token", `${index}${payload}`);
      return { done: true };
    })
    .end("flood");
}

test("100,000 live events take a slow reader no more memory than its buffer; what it missed is counted", async () => {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  await using held = openEngine();
  const payload = "x".repeat(500);
  const run = await held.engine.start(flooding(100_000, payload), {});
  const stream = run.events({ modes: ["tokens"] });
  const first = stream.next();
  await run.result();
  gc();
  const keptBytes = process.memoryUsage().heapUsed;
  const items = [(await first).value, ...(await Array.fromAsync(stream))] as LiveEvent[];
  gc();
  assert.ok(keptBytes - process.memoryUsage().heapUsed < 20e6, `${keptBytes} bytes`);
  const dropped = items.filter(({ type }) => type === "dropped");
  const tokens = items.filter(({ type }) => type === "token");
  assert.deepEqual(
    dropped.map(({ data }) => data),
    [{ count: 100_000 - tokens.length }],
  );
  assert.equal(tokens.length, 1_024);
  assert.equal(tokens.at(-1)?.data, `99999${payload}`);
});

test("a slow reader may keep the oldest instead, and the count stands where the others were", async () => {
  await using held = openEngine();
  const run = await held.engine.start(flooding(10), {});
  const options = { modes: ["tokens"], buffer: 4, overflow: "dropNewest" } as const;
  const items = await Array.fromAsync(run.events(options));
  assert.deepEqual(
    items.map(({ type, data }) => (type === "dropped" ? data : `${type} ${String(data)}`)),
    ["token 0", "token 1", "token 2", "token 3", { count: 6 }],
  );
});

test("a reader that must miss nothing live is told that it would, and the run goes on", async () => {
  await using held = openEngine();
  const run = await held.engine.start(flooding(10), {});
  const stream = run.events({ modes: ["tokens"], buffer: 4, overflow: "error" });
  await assert.rejects(Array.fromAsync(stream), StreamOverflowError);
  assert.deepEqual(await run.result(), { done: true });
});

test("a reader that leaves frees all it held, also while it waits for what comes next", async () => {
  const backend = openMemory();
  await using held = openEngine({ backend });
  const waiting = workflow("waiting", { version: "1", state: { said: value("") } })
    .start("wait", async (_state, ctx) => ({ said: await ctx.waitFor<string>("word") }))
    .end("wait");
  const run = await held.engine.start(waiting, {});
  await run.settled();
  const listeners = new LiveListeners();
  const source = { tenant: "default", runId: run.runId, runs: backend.runs, clock: held.clock, listeners };
  const request = streamRequest({ modes: ["events"] });
  for (const hasStopped of [() => undefined, () => false]) {
    const stream = eventStream(request, { ...source, hasStopped, workflow: undefined });
    assert.equal(listeners.has(run.runId), false, "nobody has read yet");
    for (let seq = 1; seq <= 4; seq++) await stream.next();
    assert.equal(listeners.has(run.runId), true);
    const timers = held.clock.waiting;
    const next = stream.next();
    await turns();
    assert.deepEqual(await stream.return(), { done: true, value: undefined });
    assert.deepEqual(await next, { done: true, value: undefined });
    assert.equal(listeners.has(run.runId), false);
    assert.equal(held.clock.waiting, timers);
  }
});

test("a cursor past the head, or of an epoch that the run has not had, is refused; the one at the head waits", async () => {
  await using held = openEngine();
  const run = await held.engine.start(outer, {});
  await run.result();
  const head = (await Array.fromAsync(run.events({ modes: ["events"] }))).length;
  const read = (from: number | StreamPlace) =>
    Array.fromAsync(held.engine.events(run.runId, { from, modes: ["events"] }));
  assert.deepEqual(await read(head + 1), []);
  await assert.rejects(read(head + 2), CursorError);
  await assert.rejects(read({ seq: 2, epoch: 2, type: "step.started" }), CursorError);
  await assert.rejects(Array.fromAsync(held.engine.events("nobody")), RunNotFoundError);
});

test("options of a stream that cannot be are refused at once, with what they may be", async () => {
  await using held = openEngine();
  const run = await held.engine.start(outer, {});
  const refused: [object, RegExp][] = [
    [{ from: 0 }, /from/],
    [{ from: 1.5 }, /from/],
    [{ from: "5" }, /from/],
    [{ from: { seq: 5 } }, /epoch/],
    [{ buffer: 0 }, /buffer/],
    [{ modes: [] }, /modes/],
    [{ modes: "events" }, /modes/],
    [{ modes: ["token"] }, /Did you mean tokens/],
    [{ overflow: "block" }, /never holds up a run/],
  ];
  for (const [options, problem] of refused) {
    assert.throws(
      () => run.events(options),
      (error) =>
        error instanceof ValidationError &&
        error.code === "AF_ARGUMENT_INVALID" &&
        problem.test(`${error.message} ${error.hint}`),
      JSON.stringify(options),
    );
  }
  const { runId } = run;
  assert.throws(() => held.engine.events(runId, { modes: ["values"] }), /without its workflow/);
  await run.result();
});

const twice = workflow("twice", { version: "1", state: { turns: sum() } })
  .start("turn", (_state, ctx) => ctx.io("one", ctx.stepId, async () => ({ turns: 1 })))
  .node("shut", {}, () => ({}))
  .route("turn", { to: ["turn", "shut"] }, (state) => (state.turns < 6 ? "turn" : "shut"))
  .end("shut");

/** One run in two stores: in the second another owner took it over from its third event on. */
async function twoHistories(): Promise<readonly [StoreBackend, StoreBackend]> {
  const stores = [openMemory(), openMemory()] as const;
  for (const [index, backend] of stores.entries()) {
    await using held = openEngine({ backend });
    const run = await held.engine.start(twice, {}, { id: "run" });
    if (index === 1) await run.park();
    await (await held.engine.resume("run", twice)).result();
  }
  return stores;
}

test("what a newer epoch has replaced is taken back, and what replaced it follows (S7)", async () => {
  const [before, after] = await twoHistories();
  const firstOf = async (backend: StoreBackend, epoch: number): Promise<number> => {
    const rows = await backend.runs.readRecords({
      tenant: "default",
      runId: "run",
      afterEvent: 0,
      limit: 100,
    });
    return rows.find(({ row }) => row.epoch === epoch)?.row.event ?? assert.fail();
  };
  assert.equal(await firstOf(before, 1), 1);
  const replacedFrom = await firstOf(after, 2);
  await using held = openEngine({ backend: after });
  const read = (seq: number) =>
    Array.fromAsync(
      held.engine.events("run", { from: { seq, epoch: 1, type: "step.started" }, modes: ["events"] }),
    );
  const [kept] = await read(replacedFrom - 1);
  assert.equal(kept !== undefined && "seq" in kept && kept.seq, replacedFrom);
  const [notice, next] = await read(replacedFrom + 2);
  assert.deepEqual([notice?.type, notice?.data], ["truncated", { after: replacedFrom - 1 }]);
  assert.equal(next !== undefined && "seq" in next && next.seq, replacedFrom);
});

test("a reader that is reading is told likewise", async () => {
  const [before, after] = await twoHistories();
  let now = before;
  const readRecords: StoreBackend["runs"]["readRecords"] = (request) =>
    now.runs.readRecords({ ...request, limit: Math.min(request.limit, 4) });
  const runs = { ...reading(before), readRecords } as StoreBackend["runs"];
  await using held = openEngine({ backend: { ...before, runs } });
  const seqs: (number | string)[] = [];
  for await (const item of held.engine.events("run", { modes: ["events"], follow: false })) {
    seqs.push("seq" in item ? item.seq : item.type);
    if (seqs.length === 6) now = after;
  }
  const cut = seqs.indexOf("truncated");
  assert.ok(cut >= 6, seqs.join(" "));
  const rows: readonly RecordRow[] = await after.runs.readRecords({
    tenant: "default",
    runId: "run",
    afterEvent: 0,
    limit: 100,
  });
  const replacedFrom = rows.find(({ row }) => row.epoch === 2)?.row.event;
  assert.equal(seqs[cut + 1], replacedFrom);
});

/** The methods of a store, which may be those of a class, as members of their own. */
function reading({
  runs,
}: StoreBackend): Pick<StoreBackend["runs"], "capabilities" | "readHead" | "readScope" | "readBlobs"> {
  return {
    capabilities: runs.capabilities,
    readHead: (tenant, runId) => runs.readHead(tenant, runId),
    readScope: (request) => runs.readScope(request),
    readBlobs: (tenant, runId, hashes) => runs.readBlobs(tenant, runId, hashes),
  };
}
