import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { append, interrupt, value, workflow } from "@agentflow/core";
import { createEngine, type Engine, type EngineOptions } from "@agentflow/runtime";
import { prometheusMetrics, serveMetrics } from "@agentflow/runtime/observability";
import { engineCatalogue } from "@agentflow/telemetry/metrics";
import { type Scrape, scrape } from "./scrape.ts";

interface Metered {
  readonly engine: Engine;
  scrape(): Promise<Scrape>;
}

/** An engine in memory whose metrics are served. */
async function metered(context: TestContext, options: EngineOptions = {}): Promise<Metered> {
  const metrics = prometheusMetrics();
  const server = await serveMetrics(metrics, { port: 0 });
  const engine = await createEngine({ store: "memory:", metrics }, options);
  context.after(async () => {
    await engine.close();
    await server.close();
  });
  return { engine, scrape: () => scrape(server.url) };
}

const state = { log: append<string>(), x: value(0) };
const own = { tenant: "default", workflow_id: "work" };

test("a scrape has the six metrics of the engine with the types, help and labels of the catalogue", async (context) => {
  const { engine, scrape } = await metered(context);
  const work = workflow("work", { version: "1", state })
    .start("one", () => ({ log: ["one"] }))
    .end("one");
  await (await engine.start(work, {})).result();
  const { families } = await scrape();
  const names = [
    "backpressure_events_total",
    "inflight_nodes",
    "merge_conflicts_total",
    "queue_depth",
    "retries_total",
    "step_latency_ms",
  ];
  assert.deepEqual([...families.keys()].sort(), names);
  for (const { name, type, help, labels } of Object.values(engineCatalogue)) {
    const family = families.get(name);
    assert.equal(family?.type, type, name);
    assert.equal(family?.help, help, name);
    for (const series of family.series) assert.deepEqual(Object.keys(series.labels), [...labels], name);
  }
  const [latency] = families.get("step_latency_ms")?.series ?? [];
  const bounds = engineCatalogue.stepLatency.buckets.map(String);
  assert.deepEqual(Object.keys(latency?.buckets ?? {}).sort(), [...bounds, "+Inf"].sort());
  assert.equal(latency?.buckets["+Inf"], 1);
});

test("inflight_nodes is what runs and queue_depth what waits for a place, and both go back to 0", async (context) => {
  const { engine, scrape } = await metered(context, { maxConcurrent: 2 });
  const open = Promise.withResolvers<void>();
  const full = Promise.withResolvers<void>();
  let begun = 0;
  const work = workflow("work", { version: "1", state })
    .start("plan", () => ({}))
    .map("item", { after: "plan", over: () => [1, 2, 3, 4, 5] }, async () => {
      if (++begun === 2) full.resolve();
      await open.promise;
    })
    .end("item");
  const run = await engine.start(work, {});
  await full.promise;
  const during = await scrape();
  assert.deepEqual([during.value("inflight_nodes", own), during.value("queue_depth", own)], [2, 3]);
  assert.equal(engine.metrics().queueDepth, 3);
  open.resolve();
  await run.result();
  const after = await scrape();
  assert.deepEqual([after.value("inflight_nodes", own), after.value("queue_depth", own)], [0, 0]);
});

test("step_latency_ms counts each attempt by how it left its place", async (context) => {
  const { engine, scrape } = await metered(context);
  const ask = interrupt<string, string>("ask");
  const stuck = Promise.withResolvers<void>();
  let failures = 1;
  const work = workflow("work", { version: "1", state })
    .start(
      "flaky",
      () => {
        if (failures-- > 0) throw new Error("not yet");
        return {};
      },
      { retry: { attemptsMax: 2, backoffMs: 1 } },
    )
    .node("asks", { after: "flaky" }, async (_state, ctx) => ({ log: [await ctx.interrupt(ask, "well?")] }))
    .node("stuck", { after: "asks" }, () => {
      stuck.resolve();
      return new Promise<never>(() => undefined);
    })
    .end("stuck");
  const run = await engine.start(work, {});
  assert.equal((await run.settled()).status, "waiting");
  const [approval] = await engine.approvals();
  await engine.answer(run.runId, approval?.id ?? "", "yes");
  const resumed = await engine.resume(run.runId, work);
  await stuck.promise;
  await resumed.cancel();
  await resumed.settled();
  const scraped = await scrape();
  const count = (outcome: string): number | undefined =>
    scraped.value("step_latency_ms", { ...own, outcome });
  assert.deepEqual(
    ["succeeded", "failed", "waiting", "cancelled"].map(count),
    [2, 1, 1, 1],
    "flaky and the answered asks; flaky; asks; stuck",
  );
});

test("retries_total counts the attempts that follow a failure, not the failure that ends the run", async (context) => {
  const { engine, scrape } = await metered(context);
  const work = workflow("work", { version: "1", state })
    .start("fails", () => Promise.reject(new Error("never")), { retry: { attemptsMax: 3, backoffMs: 1 } })
    .end("fails");
  const run = await engine.start(work, {});
  assert.equal((await run.settled()).status, "failed");
  assert.equal((await scrape()).value("retries_total", own), 2);
});

test("merge_conflicts_total counts the conflicts of a seal", async (context) => {
  const { engine, scrape } = await metered(context);
  const work = workflow("work", { version: "1", state })
    .start("begin", () => ({}))
    .node("a", { after: "begin" }, () => ({ x: 1 }))
    .node("b", { after: "begin" }, () => ({ x: 2 }))
    .end("a", "b");
  assert.equal((await (await engine.start(work, {})).settled()).status, "failed");
  assert.equal((await scrape()).value("merge_conflicts_total", own), 1);
});

test("backpressure_events_total counts each time that a full queue blocks its producer", async (context) => {
  const { engine, scrape } = await metered(context, { maxConcurrent: 1, queueDepth: 1 });
  const work = workflow("work", { version: "1", state })
    .start("plan", () => ({}))
    .map("item", { after: "plan", over: () => [1, 2, 3, 4, 5] }, () => Promise.resolve({}))
    .end("item");
  await (await engine.start(work, {})).result();
  assert.equal((await scrape()).value("backpressure_events_total", own), 3, "one runs, one waits");
});

test("each run, tenant and engine is counted once, and no series grows with the number of runs", async (context) => {
  const metrics = prometheusMetrics();
  await using server = await serveMetrics(metrics, { port: 0 });
  const work = workflow("work", { version: "1", state })
    .start("one", () => ({}))
    .end("one");
  const counts: number[] = [];
  for (const tenant of ["a", "b"]) {
    const engine = await createEngine({ store: "memory:", tenant, metrics });
    context.after(() => engine.close());
    for (let number = 0; number < 20; number++) await (await engine.start(work, {})).result();
    const text = await (await fetch(server.url)).text();
    const found = text.split("\n").filter((line) => line.includes(`tenant="${tenant}"`)).length;
    counts.push(found);
  }
  assert.equal(counts[0], counts[1]);
  const scraped = await scrape(server.url);
  for (const tenant of ["a", "b"]) assert.equal(scraped.value("step_latency_ms", { tenant }), 20);
});

test("an engine that is closed is not read any more", async () => {
  const metrics = prometheusMetrics();
  const engine = await createEngine({ store: "memory:", metrics });
  const begun = Promise.withResolvers<void>();
  const work = workflow("work", { version: "1", state })
    .start("stuck", () => {
      begun.resolve();
      return new Promise<never>(() => undefined);
    })
    .end("stuck");
  await engine.start(work, {});
  await begun.promise;
  assert.match(await metrics.registry.text(), /inflight_nodes\{[^}]*\} 1\n/);
  await engine.close();
  assert.match(await metrics.registry.text(), /inflight_nodes\{[^}]*\} 0\n/);
});
