import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { FakeClock, SeededScheduler } from "@agentflow/contracts";
import {
  append,
  type Json,
  nested,
  seededRandom,
  sum,
  value,
  type Workflow,
  workflow,
} from "@agentflow/core";
import { systemClock } from "@agentflow/runtime";
import { openEngine } from "./open-engine.ts";
import { Points } from "./points.ts";
import { recordOf, stepRowsOf } from "./recorded-run.ts";
import { passTime, succeed } from "./settle.ts";

/** Branches declared in an order that is not that of their names; each takes as long as `wait` says. */
function branches(names: readonly string[], wait: (name: string) => Promise<unknown>): Workflow {
  let builder = workflow("branches", { version: "1", state: { log: append<string>() } })
    .start("begin", () => ({ log: [] }))
    .dynamic();
  for (const name of names) {
    builder = builder.node(name, { after: "begin" }, async () => {
      await wait(name);
      return { log: [name] };
    });
  }
  return builder.node("done", { after: names }, () => ({ log: ["done"] })).end("done") as unknown as Workflow;
}

test("three branches with random delays merge in the order of their edges in 100 runs", async () => {
  const names = ["beta", "gamma", "alpha"];
  const finished = new Set<string>();
  for (let seed = 0; seed < 100; seed++) {
    const clock = new FakeClock();
    const random = seededRandom(String(seed), "delays");
    const order: string[] = [];
    const wait = async (name: string): Promise<void> => {
      await new Promise<void>((resolve) => clock.setTimer(random.integer(0, 100), resolve));
      order.push(name);
    };
    await using opened = openEngine({ clock });
    const state = await succeed(await opened.engine.start(branches(names, wait), {}), clock);
    assert.deepEqual(state, { log: [...names, "done"] }, `seed ${seed}, finished ${order.join(", ")}`);
    finished.add(order.join(" "));
  }
  assert.equal(finished.size, 6, "the delays brought about every order of finishing");
});

test("five branches with random delays of 0 to 100 ms merge in the order of their edges in 100 runs", async () => {
  const names = ["e", "c", "a", "d", "b"];
  const finished = new Set<string>();
  for (let seed = 0; seed < 100; seed++) {
    const clock = new FakeClock();
    const random = seededRandom(String(seed), "delays");
    const order: string[] = [];
    const wait = async (name: string): Promise<void> => {
      await new Promise<void>((resolve) => clock.setTimer(random.integer(0, 100), resolve));
      order.push(name);
    };
    await using opened = openEngine({ clock });
    const state = await succeed(await opened.engine.start(branches(names, wait), {}), clock);
    assert.deepEqual(state, { log: [...names, "done"] }, `seed ${seed}, finished ${order.join(", ")}`);
    finished.add(order.join(" "));
  }
  assert.ok(finished.size > 40, `${finished.size} orders of finishing`);
});

test("five branches with real random delays of 0 to 100 ms merge in the order of their edges", async () => {
  const names = ["e", "c", "a", "d", "b"];
  const runs = Array.from({ length: 10 }, async () => {
    const order: string[] = [];
    const wait = async (name: string): Promise<void> => {
      await delay(Math.random() * 100);
      order.push(name);
    };
    await using opened = openEngine({ clock: systemClock });
    const run = await opened.engine.start(branches(names, wait), {});
    assert.deepEqual(await run.result(), { log: [...names, "done"] }, `finished ${order.join(", ")}`);
  });
  await Promise.all(runs);
});

test("100 parallel steps that add 1 to one counter give 100, whatever their order", async () => {
  const points = new Points();
  const counters = workflow("counters", { version: "1", state: { count: sum() } })
    .start("begin", () => ({}))
    .map(
      "add",
      { after: "begin", over: () => Array.from({ length: 100 }, (_unused, index) => index) },
      async (index) => {
        await points.at(String(index));
        return { count: 1 };
      },
    )
    .end("add");
  for (let seed = 0; seed < 20; seed++) {
    await using opened = openEngine({ limits: { maxConcurrent: 1 + seed * 5 } });
    const scheduler = new SeededScheduler(String(seed), { clock: opened.clock });
    points.current = scheduler;
    const run = await opened.engine.start(counters, {});
    await scheduler.drive(run.settled());
    assert.deepEqual(await run.result(), { count: 100 }, `seed ${seed}`);
  }
});

const inner = workflow("inner", { version: "1", state: { topic: value<string>(), lines: append<string>() } })
  .start("draft", async ({ topic }, ctx) => ({ lines: [`${topic} ${ctx.uuid()}`] }))
  .node(
    "polish",
    { after: "draft" },
    async ({ lines }, ctx) => {
      if (ctx.attempt === 1) throw new Error("try again");
      const polished = await ctx.io("polish", lines.length, async (count) => ({ count }));
      return { lines: [`polished ${polished.count}`] };
    },
    { retry: { attemptsMax: 2, backoffMs: 10, retryIf: () => true } },
  )
  .end("polish");

const everything = workflow("everything", {
  version: "1",
  state: { topics: value<string[]>(), lines: append<string>(), rounds: sum(), share: sum() },
})
  .start("plan", (_state, ctx) => ({ lines: [`plan ${ctx.rng.integer(1, 1_000)}`] }))
  .map(
    "read",
    { after: "plan", over: (state) => state.topics, concurrency: 2 },
    nested(inner, {
      input: (topic: string) => ({ topic }),
      output: (state) => ({ lines: state.lines, share: 0.1 * state.lines.length }),
    }),
  )
  .node("count", { after: "read" }, () => ({ rounds: 1 }))
  .node("left", { after: "count" }, async (_state, ctx) => ({ lines: [`left ${ctx.orderKey.slice(0, 16)}`] }))
  .node("right", { after: "count" }, async () => ({ lines: ["right"], share: 0.7 }))
  .node("meet", { after: ["left", "right"] }, () => ({}))
  .node("end", {}, () => ({ lines: ["end"] }))
  .route("meet", { to: ["plan", "end"] }, (state) => (state.rounds < 3 ? "plan" : "end"))
  .end("end");

test("100 runs with the same input and seed end in the same bytes of state, rows and canonical log", async () => {
  let first: { log: string } | undefined;
  for (let index = 0; index < 100; index++) {
    await using opened = openEngine({
      clock: new FakeClock(1_000_000 * index),
      limits: { maxConcurrent: 1 + (index % 5), queueDepth: 1 + (index % 3) },
    });
    const options = { id: `run-${index}`, seed: "the seed" };
    const run = await opened.engine.start(everything, { topics: ["tides", "moons", "salt"] }, options);
    await succeed(run, opened.clock);
    const record = await recordOf(opened, run.runId);
    first ??= record;
    assert.deepEqual(record, first, `run ${index}`);
  }
  assert.ok((first?.log.split("\n").length ?? 0) > 50);
});

test("another seed or another input gives other bytes", async () => {
  const logs = new Set<string>();
  for (const [seed, topic] of [
    ["one", "tides"],
    ["two", "tides"],
    ["one", "moons"],
  ] as const) {
    await using opened = openEngine();
    const run = await opened.engine.start(everything, { topics: [topic] }, { seed });
    await succeed(run, opened.clock);
    logs.add((await recordOf(opened, run.runId)).log);
  }
  assert.equal(logs.size, 3);
});

test("steps start in ascending order key, however few may run or wait at a time", async () => {
  const started: string[] = [];
  const points = new Points();
  const note = async (ctx: { stepId: string; orderKey: string }): Promise<Record<string, Json>> => {
    started.push(ctx.orderKey);
    await points.at(ctx.stepId);
    return {};
  };
  const wide = workflow("wide", { version: "1", state: { log: append<string>() } })
    .start("begin", () => ({}))
    .node("z", { after: "begin" }, async (_state, ctx) => void (await note(ctx)))
    .map(
      "m",
      { after: "begin", over: () => [1, 2, 3, 4, 5, 6, 7] },
      async (_item, ctx) => void (await note(ctx)),
    )
    .node("a", { after: "begin" }, async (_state, ctx) => void (await note(ctx)))
    .map("k", { after: "begin", over: () => [1, 2, 3, 4, 5] }, async (_item, ctx) => void (await note(ctx)))
    .end("z", "a", "m", "k");
  for (let seed = 0; seed < 60; seed++) {
    started.length = 0;
    const limits = { maxConcurrent: 1 + (seed % 8), queueDepth: 1 + (seed % 3) };
    await using opened = openEngine({ limits, engineConcurrency: 1 + (seed % 5) });
    const scheduler = new SeededScheduler(String(seed), { clock: opened.clock });
    points.current = scheduler;
    const run = await opened.engine.start(wide, {});
    await scheduler.drive(run.settled());
    assert.deepEqual(started, [...started].sort(), `seed ${seed}`);
    assert.equal(started.length, 14);
    const rows = await stepRowsOf(opened.backend, run.runId);
    assert.deepEqual(
      rows
        .filter((row) => row.superstep === 1)
        .map((row) => row.ordinal)
        .sort((a, b) => a - b),
      [...started.keys()],
    );
  }
});

test("runs that share few slots of the engine keep each the order of its steps", async () => {
  const points = new Points();
  const started = new Map<string, string[]>();
  const wide = workflow("wide", { version: "1", state: { log: append<string>() } })
    .start("begin", () => ({}))
    .map("m", { after: "begin", over: () => [1, 2, 3, 4, 5, 6], concurrency: 2 }, async (_item, ctx) => {
      started.get(ctx.runId)?.push(ctx.orderKey);
      await points.at(`${ctx.runId} ${ctx.stepId}`);
    })
    .end("m");
  for (let seed = 0; seed < 40; seed++) {
    await using opened = openEngine({ engineConcurrency: 1 + (seed % 3) });
    const scheduler = new SeededScheduler(String(seed), { clock: opened.clock });
    points.current = scheduler;
    started.clear();
    for (const runId of ["one", "two", "three"]) started.set(runId, []);
    const runs = await Promise.all(
      [...started.keys()].map((runId) => opened.engine.start(wide, {}, { id: runId })),
    );
    await scheduler.drive(Promise.all(runs.map((run) => run.settled())));
    for (const [runId, keys] of started)
      assert.deepEqual(keys, [...keys].sort(), `seed ${seed}, run ${runId}`);
    assert.deepEqual(
      [...started.values()].map((keys) => keys.length),
      [6, 6, 6],
    );
  }
});

test("passing time gives up where nothing is left to wait for", async () => {
  await using opened = openEngine();
  const stuck = workflow("stuck", { version: "1", state: { log: append<string>() } })
    .start("begin", () => new Promise<{ log: string[] }>(() => undefined))
    .end("begin");
  const run = await opened.engine.start(stuck, {});
  await assert.rejects(passTime(run.settled(), opened.clock), { code: "AF_NO_PROGRESS" });
});
