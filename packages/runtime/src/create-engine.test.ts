import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  ConfigError,
  type Emitter,
  EngineClosedError,
  type RecordEvent,
  StoreUnavailableError,
  ValidationError,
  value,
  workflow,
} from "@agentflow/core";
import { defaultLimits } from "@agentflow/engine";
import { prometheusMetrics } from "@agentflow/telemetry/metrics";
import { metricsKeys } from "./configuration/metrics-settings.ts";
import { modelKeys } from "./configuration/model-settings.ts";
import { retentionKeys } from "./configuration/retention-settings.ts";
import { settings } from "./configuration/settings.ts";
import { createEngine } from "./create-engine.ts";
import {
  mergeEngineOptions,
  withArtifactsDirectory,
  withBackpressureTimeout,
  withCacheDirectory,
  withCacheSize,
  withClock,
  withConnectionsMax,
  withDurability,
  withEmitterErrorHandler,
  withEmitters,
  withEngineConcurrency,
  withHost,
  withMaxConcurrent,
  withMaxSteps,
  withMetrics,
  withNodeTimeout,
  withQueueDepth,
  withRecoveriesMax,
  withRetention,
  withRunBudget,
  withRunsDirectory,
  withStore,
  withTenant,
} from "./engine-options.ts";
import { systemClock } from "./host/system-clock.ts";
import { systemHost } from "./host/system-host.ts";
import { openBackend } from "./open-backend.ts";

const folders: string[] = [];

after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "agentflow-runtime-"));
  folders.push(folder);
  return folder;
}

const greet = workflow("greet", { version: "1", state: { name: value<string>(), greeting: value("") } })
  .start("compose", ({ name }, ctx) => ({ greeting: `Hello, ${name} from ${ctx.runId}` }))
  .end("compose");

const stamped = workflow("stamped", { version: "1", state: { path: value("") } })
  .start("write", async (_state, ctx) => ({ path: (await ctx.safeWrite("note.txt", "hi")).path }))
  .end("write");

test("objects and helpers compose, the later wins, and undefined takes nothing back", () => {
  const merged = mergeEngineOptions([
    { maxConcurrent: 4, tenant: "a" },
    withMaxConcurrent(8),
    withTenant("b"),
    { tenant: "c", maxConcurrent: undefined },
  ]);
  assert.deepEqual(merged, { maxConcurrent: 8, tenant: "c" });
});

test("every engine option has its helper", () => {
  const [clock, host] = [systemClock, systemHost()];
  const emitter: Emitter = { name: "none", emit: () => undefined };
  const onEmitterError = (): void => undefined;
  const metrics = prometheusMetrics();
  const merged = mergeEngineOptions([
    withStore("memory:"),
    withDurability("strict"),
    withConnectionsMax(3),
    withTenant("t"),
    withRunsDirectory("r"),
    withArtifactsDirectory("a"),
    withCacheDirectory("c"),
    withCacheSize(1),
    withEmitters(emitter),
    withEmitterErrorHandler(onEmitterError),
    withMetrics(metrics),
    withMaxConcurrent(2),
    withEngineConcurrency(9),
    withQueueDepth(3),
    withBackpressureTimeout(4),
    withNodeTimeout(5),
    withRunBudget(6),
    withMaxSteps(7),
    withRecoveriesMax(8),
    withRetention({ keepRunsDays: 9 }),
    withClock(clock),
    withHost(host),
  ]);
  assert.deepEqual(merged, {
    store: "memory:",
    durability: "strict",
    connectionsMax: 3,
    tenant: "t",
    runsDirectory: "r",
    artifactsDirectory: "a",
    cacheDirectory: "c",
    cacheSizeBytes: 1,
    emitters: [emitter],
    onEmitterError,
    metrics,
    maxConcurrent: 2,
    engineConcurrency: 9,
    queueDepth: 3,
    backpressureTimeoutMs: 4,
    nodeTimeoutMs: 5,
    runBudgetMs: 6,
    maxSteps: 7,
    recoveriesMax: 8,
    retention: { keepRunsDays: 9 },
    clock,
    host,
  });
  const options = new Map<string, string>();
  for (const key of retentionKeys) options.set(key, "retention");
  for (const key of metricsKeys) options.set(key, "metrics");
  // Settings of models are those of the gateway, which is no part of an engine.
  const ofModels: readonly string[] = modelKeys;
  const ofEngine = settings.filter(({ key }) => !ofModels.includes(key));
  const configurable = ofEngine.map(({ key }) => options.get(key) ?? key);
  assert.deepEqual(
    configurable.filter((key) => !Object.hasOwn(merged, key)),
    [],
  );
});

test("engineConcurrency bounds the attempts of all runs of an engine together (S14)", async () => {
  let running = 0;
  let most = 0;
  const crowd = workflow("crowd", { version: "1", state: { items: value([0, 1, 2, 3]) } })
    .start("begin", () => ({}))
    .map("attend", { after: "begin", over: ({ items }) => items }, async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return {};
    })
    .end("attend");
  await using engine = await createEngine(withStore("memory:"), withEngineConcurrency(3));
  const runs = await Promise.all([0, 1].map(() => engine.start(crowd, {})));
  for (const run of runs) await run.result();
  assert.equal(most, 3);
});

test("a total that would let nothing run, or never count a crash loop, is refused and leaves no file", async () => {
  const store = `sqlite:${join(temporaryFolder(), "own.db")}`;
  for (const options of [
    withEngineConcurrency(0),
    withEngineConcurrency(1.5),
    withEngineConcurrency(Number.NaN),
    withRecoveriesMax(-1),
    withRecoveriesMax(Number.NaN),
  ]) {
    const [name = ""] = Object.keys(options);
    await assert.rejects(createEngine({ store }, options), (error: unknown) => {
      assert.ok(error instanceof ValidationError);
      assert.equal(error.code, "AF_ARGUMENT_INVALID");
      assert.match(error.message, new RegExp(`^${name} must be a whole number from [01], not `));
      return true;
    });
  }
  assert.equal(existsSync(store.slice("sqlite:".length)), false);
});

test("the defaults that af shows are those of the engine", () => {
  const shown = new Map<string, unknown>(settings.map(({ key, fallback }) => [key, fallback]));
  for (const [key, limit] of Object.entries(defaultLimits)) assert.equal(shown.get(key), limit, key);
});

test("an engine in memory runs a workflow and leaves no file", async () => {
  const before = existsSync("runs");
  await using engine = await createEngine(withStore("memory:"));
  const run = await engine.start(greet, { name: "Ada" }, { id: "r" });
  assert.deepEqual(await run.result(), { name: "Ada", greeting: "Hello, Ada from r" });
  const second = await engine.start(stamped, {});
  assert.deepEqual(await second.result(), { path: "note.txt" });
  assert.equal(existsSync("runs"), before);
});

for (const durability of ["normal", "strict", "batched"] as const) {
  test(`a run on a ${durability} SQLite store is there for the next engine, artifacts beside the store`, async () => {
    const folder = temporaryFolder();
    const store = `sqlite:${join(folder, "deep/agentflow.db")}`;
    {
      await using engine = await createEngine({ store, durability });
      await (await engine.start(stamped, {}, { id: "r" })).result();
    }
    assert.equal(existsSync(join(folder, "deep/artifacts")), true);
    await using engine = await createEngine({ store });
    assert.equal((await engine.inspect("r")).status, "succeeded");
    const report = await engine.replay("r", stamped);
    assert.equal(report.matches, true);
  });
}

test("without options artifacts are kept beside the default store, as durably as the run", async (context) => {
  const [folder, before] = [temporaryFolder(), process.cwd()];
  process.chdir(folder);
  context.after(() => process.chdir(before));
  {
    await using engine = await createEngine();
    await (await engine.start(stamped, {})).result();
  }
  assert.equal(existsSync(join(folder, ".agentflow/agentflow.db")), true);
  assert.equal(existsSync(join(folder, ".agentflow/artifacts")), true);
});

test("with a runs directory the files of a run are complete when the engine is closed", async () => {
  const runsDirectory = join(temporaryFolder(), "runs");
  {
    await using engine = await createEngine({ store: "memory:" }, withRunsDirectory(runsDirectory));
    await (await engine.start(stamped, {}, { id: "r" })).result();
  }
  const manifest = JSON.parse(readFileSync(join(runsDirectory, "r/manifest.json"), "utf8"));
  const events = readFileSync(join(runsDirectory, "r/events.jsonl"), "utf8").trimEnd().split("\n");
  assert.equal(manifest.status, "succeeded");
  assert.equal(JSON.parse(events.at(-1) ?? "").type, "run.succeeded");
  assert.equal(readFileSync(join(runsDirectory, "r/artifacts/note.txt"), "utf8"), "hi");
});

test("a store that was given stays open, one that was opened here is closed", async () => {
  const store = await openBackend({ store: `sqlite:${join(temporaryFolder(), "a.db")}` });
  const engine = await createEngine({ store });
  await (await engine.start(greet, { name: "x" }, { id: "r" })).result();
  await engine.close();
  await engine.close();
  assert.equal((await store.runs.readHead("default", "r"))?.status, "succeeded");
  await store.runs.close();

  const own = await createEngine({ store: `sqlite:${join(temporaryFolder(), "b.db")}` });
  await own.close();
  await assert.rejects(own.start(greet, { name: "x" }), EngineClosedError);
  await assert.rejects(own.inspect("r"), StoreUnavailableError);
});

test("emitters get every record event, one that fails is reported and fails no run", async () => {
  const events: RecordEvent[] = [];
  const failures: string[] = [];
  let flushed = 0;
  const good: Emitter = {
    name: "good",
    emit: (batch) => {
      events.push(...batch);
    },
    flush: async () => {
      flushed += 1;
    },
  };
  const bad: Emitter = {
    name: "bad",
    emit: () => {
      throw new Error("no disk");
    },
    flush: () => Promise.reject(new Error("no disk")),
  };
  {
    await using engine = await createEngine(
      { store: "memory:" },
      withEmitters(good, bad),
      withEmitterErrorHandler((emitter) => failures.push(emitter)),
    );
    await (await engine.start(greet, { name: "x" })).result();
  }
  // At least once, under stable ids: an emitter that kept up may see events again.
  const types = new Map(events.map((event) => [event.seq, event.type]));
  assert.deepEqual([...types.values()], ["run.started", "step.started", "step.succeeded", "run.succeeded"]);
  assert.equal(flushed, 1);
  assert.deepEqual([...new Set(failures)], ["bad"]);
});

test("a store that is unknown and an option out of range are refused, and nothing stays open", async () => {
  await assert.rejects(createEngine({ store: "mongo:x" }), ConfigError);
  await assert.rejects(createEngine({ store: "memory:", maxConcurrent: 0 }), ValidationError);
  await assert.rejects(createEngine({ store: "memory:" }, withMaxSteps(-1)), ValidationError);
});
