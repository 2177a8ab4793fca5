import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, SeededScheduler } from "@agentflow/contracts";
import {
  append,
  BackpressureError,
  interrupt,
  MaxStepsExceededError,
  NodeTimeoutError,
  RunBudgetExceededError,
  sum,
  ValidationError,
  type Workflow,
  type WorkflowLimits,
  workflow,
} from "@agentflow/core";
import { BoundedQueue } from "../../packages/engine/src/schedule/bounded-queue.ts";
import { openEngine } from "./open-engine.ts";
import { Points } from "./points.ts";
import { fail, settle, succeed, turns } from "./settle.ts";

const state = { log: append<string>(), count: sum() };

/** A fan-out of `size` steps that each do `work`. */
function fanOut(
  size: number,
  work: (item: number) => Promise<unknown>,
  limits: WorkflowLimits = {},
): Workflow {
  return workflow("fan-out", { version: "1", state, limits })
    .start("begin", () => ({}))
    .map(
      "each",
      { after: "begin", over: () => Array.from({ length: size }, (_unused, index) => index) },
      async (item) => {
        await work(item);
        return { count: 1 };
      },
    )
    .end("each") as unknown as Workflow;
}

/** Counts how many run at a time. */
class Gauge {
  now = 0;
  most = 0;
  async during(work: Promise<unknown>): Promise<void> {
    this.now++;
    this.most = Math.max(this.most, this.now);
    await work;
    this.now--;
  }
}

test("with queue depth 1, no consumer and three items the second blocks", async () => {
  let blocked = 0;
  const queue = new BoundedQueue<string>({
    depth: 1,
    timeoutMs: undefined,
    clock: new FakeClock(),
    onBlocked: () => blocked++,
  });
  assert.equal(queue.push("first"), undefined);
  const settled: string[] = [];
  const second = queue.push("second");
  assert.ok(second !== undefined, "the second blocks");
  assert.equal(blocked, 1);
  const both = [
    second.then(() => settled.push("second")),
    queue.push("third")?.then(() => settled.push("third")),
  ];
  await turns(2);
  assert.deepEqual([settled, queue.size, blocked], [[], 3, 2]);
  assert.equal(
    queue.take(() => true),
    "first",
  );
  await turns(2);
  assert.deepEqual(settled, ["second"]);
  assert.equal(
    queue.take(() => true),
    "second",
  );
  await Promise.all(both);
  assert.deepEqual(settled, ["second", "third"]);
});

test("a queue that stands still for the timeout refuses its blocked producers with a typed error", async () => {
  const clock = new FakeClock();
  const queue = new BoundedQueue<string>({ depth: 1, timeoutMs: 100, clock });
  void queue.push("first");
  const second = queue.push("second");
  clock.advance(99);
  assert.equal(
    queue.take(() => true),
    "first",
  );
  assert.equal(await second, true, "it moved in time");
  const third = queue.push("third") as Promise<boolean>;
  clock.advance(100);
  await assert.rejects(third, (error) => {
    assert.ok(error instanceof BackpressureError);
    assert.deepEqual(error.context, { queueDepth: 1, backpressureTimeoutMs: 100 });
    return true;
  });
  assert.equal(queue.size, 1);
});

test("the backpressure time counts only while a full queue does not move", () => {
  const clock = new FakeClock();
  const queue = new BoundedQueue<number>({ depth: 1, timeoutMs: 100, clock });
  const pushed = [0, 1, 2, 3].map((item) => queue.push(item));
  let refused = 0;
  for (const one of pushed) one?.catch(() => refused++);
  for (let item = 0; item < 3; item++) {
    clock.advance(90);
    assert.equal(
      queue.take(() => true),
      item,
    );
  }
  clock.advance(1_000);
  assert.equal(refused, 0);
  assert.equal(clock.waiting, 0, "no producer waits, so nothing is timed");
});

test("what a full queue holds up is taken from its blocked producers, so that nothing waits for itself", () => {
  const queue = new BoundedQueue<string>({ depth: 1, timeoutMs: undefined, clock: new FakeClock() });
  void queue.push("held");
  void queue.push("also held");
  void queue.push("free");
  assert.equal(
    queue.take((item) => item === "free"),
    "free",
  );
  assert.deepEqual([queue.take(() => true), queue.take(() => true)], ["held", "also held"]);
});

test("maxConcurrent bounds the attempts of a run, and all of it is used", async () => {
  for (const maxConcurrent of [1, 2, 5]) {
    const points = new Points();
    const gauge = new Gauge();
    const opened = openEngine({ limits: { maxConcurrent } });
    const scheduler = new SeededScheduler("newest", { clock: opened.clock });
    points.current = scheduler;
    const run = await opened.engine.start(
      fanOut(12, (item) => gauge.during(points.at(String(item)))),
      {},
    );
    await scheduler.drive(run.settled());
    assert.deepEqual([gauge.most, await run.result()], [maxConcurrent, { log: [], count: 12 }]);
    await opened.engine.close();
  }
});

test("the engine's own total bounds the attempts of all its runs", async () => {
  const points = new Points();
  const gauge = new Gauge();
  await using opened = openEngine({ engineConcurrency: 3, limits: { maxConcurrent: 2 } });
  const scheduler = new SeededScheduler("7", { clock: opened.clock });
  points.current = scheduler;
  const graph = fanOut(6, (item) => gauge.during(points.at(String(item))));
  const runs = await Promise.all([0, 1, 2, 3].map(() => opened.engine.start(graph, {})));
  await scheduler.drive(Promise.all(runs.map((run) => run.settled())));
  assert.equal(gauge.most, 3);
  for (const run of runs) assert.deepEqual(await run.result(), { log: [], count: 6 });
});

test("the concurrency of a fan-out bounds its own steps only", async () => {
  const points = new Points();
  const [one, other] = [new Gauge(), new Gauge()];
  const graph = workflow("two", { version: "1", state })
    .start("begin", () => ({}))
    .map("slow", { after: "begin", over: () => [0, 1, 2, 3, 4], concurrency: 2 }, (item) =>
      one.during(points.at(`slow ${item}`)),
    )
    .map("fast", { after: "begin", over: () => [0, 1, 2, 3, 4] }, (item) =>
      other.during(points.at(`fast ${item}`)),
    )
    .end("slow", "fast");
  await using opened = openEngine();
  const scheduler = new SeededScheduler("newest", { clock: opened.clock });
  points.current = scheduler;
  const run = await opened.engine.start(graph, {});
  await scheduler.drive(run.settled());
  await run.result();
  assert.deepEqual([one.most, other.most], [2, 5]);
});

test("a blocked producer is counted, and a run whose queue moves in time succeeds", async () => {
  await using opened = openEngine({
    limits: { maxConcurrent: 1, queueDepth: 1, backpressureTimeoutMs: 100 },
  });
  const work = (): Promise<void> => new Promise((resolve) => opened.clock.setTimer(90, resolve));
  const run = await opened.engine.start(fanOut(5, work), {});
  await succeed(run, opened.clock);
  assert.equal(
    opened.engine.metrics().backpressureEventsTotal,
    3,
    "one runs, one waits, three are blocked in turn",
  );
});

test("a run whose full queue stands still for the timeout fails with a typed error", async () => {
  await using opened = openEngine({
    limits: { maxConcurrent: 1, queueDepth: 1, backpressureTimeoutMs: 100 },
  });
  const work = (): Promise<void> => new Promise((resolve) => opened.clock.setTimer(101, resolve));
  const { error } = await fail(await opened.engine.start(fanOut(5, work), {}), opened.clock);
  assert.ok(error instanceof BackpressureError);
});

test("a queue that is not full never times out, however long its steps take", async () => {
  await using opened = openEngine({
    limits: { maxConcurrent: 1, queueDepth: 4, backpressureTimeoutMs: 100 },
  });
  const work = (): Promise<void> => new Promise((resolve) => opened.clock.setTimer(5_000, resolve));
  await succeed(await opened.engine.start(fanOut(5, work), {}), opened.clock);
  assert.equal(opened.engine.metrics().backpressureEventsTotal, 0);
});

test("an attempt over its node's timeout fails with a typed error; the node's own timeout wins over the limit", async () => {
  await using opened = openEngine({ limits: { nodeTimeoutMs: 50 } });
  const after = (ms: number): Promise<void> => new Promise((resolve) => opened.clock.setTimer(ms, resolve));
  const graph = workflow("slow", { version: "1", state })
    .start("patient", () => after(80), { timeoutMs: 100 })
    .node("hasty", { after: "patient" }, () => after(51))
    .end("hasty");
  const { error } = await fail(await opened.engine.start(graph, {}), opened.clock);
  assert.ok(error instanceof NodeTimeoutError);
  assert.deepEqual(error.context, { stepId: "1.hasty", timeoutMs: 50, attempt: 1 });
});

test("maxSteps stops an endless loop with a typed error, and no step past it is executed", async () => {
  let executed = 0;
  const graph = workflow("endless", { version: "1", state })
    .start("turn", () => {
      executed++;
      return { count: 1 };
    })
    .edge("turn", "turn")
    .end("turn");
  await using opened = openEngine({ limits: { maxSteps: 25 } });
  const { error } = await fail(await opened.engine.start(graph, {}), opened.clock);
  assert.ok(error instanceof MaxStepsExceededError);
  assert.equal(error.context["maxSteps"], 25);
  assert.equal(executed, 25);
});

test("the run budget counts time with an attempt running, once for parallel ones, and not the time people take", async () => {
  const ask = interrupt<null, string>("ask");
  await using opened = openEngine({ limits: { runBudgetMs: 250 } });
  const after = (ms: number): Promise<void> => new Promise((resolve) => opened.clock.setTimer(ms, resolve));
  const graph = workflow("budget", { version: "1", state })
    .start("begin", () => after(100))
    .map("each", { after: "begin", over: () => [0, 1, 2] }, () => after(100))
    .node("ask", { after: "each" }, async (_state, ctx) => ({ log: [await ctx.interrupt(ask, null)] }))
    .node("nap", { after: "ask" }, (_state, ctx) => ctx.sleep("nap", 10_000))
    .node("last", { after: "nap" }, () => after(49))
    .node("more", { after: "last" }, () => after(5))
    .end("more");
  const run = await opened.engine.start(graph, {});
  assert.equal((await settle(run, opened.clock)).status, "waiting");
  opened.clock.advance(86_400_000);
  await opened.engine.answer(run.runId, "2.ask#ask[0]", "go on");
  const resumed = await opened.engine.resume(run.runId, graph);
  const { error } = await fail(resumed, opened.clock);
  assert.ok(error instanceof RunBudgetExceededError);
  assert.equal(error.context["runBudgetMs"], 250);
  const { steps } = await opened.engine.inspect(run.runId);
  assert.equal(
    steps.find((step) => step.node === "last")?.status,
    "succeeded",
    "249 ms are within the budget",
  );
});

test("a run, its workflow and its engine may each set a limit, and the run's counts", async () => {
  const gauge = new Gauge();
  const points = new Points();
  await using opened = openEngine({ limits: { maxConcurrent: 2 } });
  const scheduler = new SeededScheduler("1", { clock: opened.clock });
  points.current = scheduler;
  const graph = fanOut(9, (item) => gauge.during(points.at(String(item))), { maxConcurrent: 5 });
  await scheduler.drive((await opened.engine.start(graph, {})).settled());
  assert.equal(gauge.most, 2, "the engine's option wins over the workflow's");
  await scheduler.drive((await opened.engine.start(graph, {}, { limits: { maxConcurrent: 3 } })).settled());
  assert.equal(gauge.most, 3, "the run's wins over the engine's");
});

test("a limit out of range is refused before anything is stored", async () => {
  await using opened = openEngine();
  for (const limits of [
    { maxConcurrent: 0 },
    { queueDepth: 1.5 },
    { nodeTimeoutMs: -1 },
    { maxSteps: Number.NaN },
  ]) {
    await assert.rejects(
      opened.engine.start(
        fanOut(1, async () => undefined),
        {},
        { limits, id: "refused" },
      ),
      ValidationError,
    );
  }
  await assert.rejects(opened.engine.inspect("refused"), { code: "AF_RUN_NOT_FOUND" });
});
