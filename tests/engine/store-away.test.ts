import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost, FakeProcesses, FaultyStore, interceptBackend } from "@agentflow/contracts";
import {
  append,
  nested,
  type RunStore,
  type StoreBackend,
  StoreUnavailableError,
  sum,
  value,
  workflow,
} from "@agentflow/core";
import { Engine, type EngineParts } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";

/** A store whose commits wait while its server is away. */
class AwayStore implements StoreBackend {
  readonly runs: RunStore;
  readonly owners: StoreBackend["owners"];
  readonly inbox: StoreBackend["inbox"];
  readonly waits: StoreBackend["waits"];
  readonly queues: StoreBackend["queues"];
  readonly schedules: StoreBackend["schedules"];
  readonly retention: StoreBackend["retention"];
  readonly exports: StoreBackend["exports"];
  readonly #clock: FakeClock;
  #since: number | undefined;
  #beforeMs = 0;
  #back = Promise.resolve();
  #comeBack: () => void = () => undefined;

  constructor(backend: StoreBackend, clock: FakeClock) {
    this.#clock = clock;
    const { runs } = backend;
    this.owners = backend.owners;
    this.inbox = backend.inbox;
    this.waits = backend.waits;
    this.queues = backend.queues;
    this.schedules = backend.schedules;
    this.retention = backend.retention;
    this.exports = backend.exports;
    this.runs = {
      capabilities: runs.capabilities,
      commit: async (members) => {
        await this.#back;
        return runs.commit(members);
      },
      transact: (work, finish) => runs.transact(work, finish),
      readHead: (tenant, runId) => runs.readHead(tenant, runId),
      readScope: (request) => runs.readScope(request),
      readRecords: (request) => runs.readRecords(request),
      readBlobs: (tenant, runId, hashes) => runs.readBlobs(tenant, runId, hashes),
      listRuns: (query) => runs.listRuns(query),
      readDefinition: (tenant, fingerprint) => runs.readDefinition(tenant, fingerprint),
      awayMs: () => this.#beforeMs + (this.#since === undefined ? 0 : clock.monotonic() - this.#since),
      close: () => runs.close(),
    };
  }

  goAway(): void {
    this.#since = this.#clock.monotonic();
    this.#back = new Promise((resolve) => {
      this.#comeBack = resolve;
    });
  }

  comeBack(): void {
    this.#beforeMs = this.runs.awayMs?.() ?? 0;
    this.#since = undefined;
    this.#comeBack();
  }
}

/** An engine on a store that can go away, and a run whose step makes two calls; the first is answered on demand. */
async function callingRun(parts: Partial<EngineParts>, timeoutMs?: number) {
  const clock = new FakeClock();
  const store = new AwayStore(openMemory(), clock);
  let answer: () => void = () => undefined;
  const called = new Promise<string>((resolve) => {
    answer = () => resolve("answered");
  });
  const calls = workflow("calls", { version: "1", state: { said: append<string>() } })
    .start(
      "call",
      async (_state, ctx) => {
        const first = await ctx.io("first", null, () => called);
        return { said: [first, await ctx.io("second", null, () => "said")] };
      },
      timeoutMs === undefined ? {} : { timeoutMs },
    )
    .end("call");
  const engine = new Engine({ backend: store, clock, host: new FakeHost(), ...parts });
  const run = await engine.start(calls, {}, { id: "run" });
  return { clock, store, engine, run, answer };
}

const limits: readonly (readonly [string, Partial<EngineParts>, number | undefined])[] = [
  ["a step's timeout", {}, 1_000],
  ["the budget of its run", { limits: { runBudgetMs: 1_000 } }, undefined],
];

for (const [limit, parts, timeoutMs] of limits) {
  test(`${limit} does not count the time in which the store is away`, async () => {
    const { clock, store, engine, run, answer } = await callingRun(parts, timeoutMs);
    await clock.advanceAsync(500);
    store.goAway();
    answer();
    await clock.advanceAsync(600_000);
    store.comeBack();
    await clock.advanceAsync(100);
    assert.deepEqual(await run.result(), { said: ["answered", "said"] });
    await engine.close();
  });

  test(`${limit} counts on when the store is back`, async () => {
    const { clock, store, engine, run } = await callingRun(parts, timeoutMs);
    await clock.advanceAsync(500);
    store.goAway();
    await clock.advanceAsync(600_000);
    store.comeBack();
    await clock.advanceAsync(499);
    assert.equal((await engine.inspect("run")).status, "running");
    await clock.advanceAsync(1);
    assert.equal((await run.settled()).status, "failed");
    await engine.close();
  });
}

test("an engine can be closed while its store is away; its runs are as they were", async () => {
  const { clock, store, engine, run, answer } = await callingRun({});
  store.goAway();
  answer();
  await clock.advanceAsync(1);
  const closed = engine.close();
  await clock.advanceAsync(10_000);
  const outcome = await run.settled();
  assert.ok(outcome.status === "fenced" && outcome.error instanceof StoreUnavailableError);
  await closed;
  assert.equal((await store.runs.readHead("default", "run"))?.status, "running");
});

const counting = workflow("counting", { version: "1", state: { turn: sum() } })
  .start("turn", async (_state, ctx) => ({ turn: await ctx.io("add", null, () => 1) }))
  .node("shut", {}, () => ({}))
  .route("turn", { to: ["turn", "shut"] }, ({ turn }) => (turn < 5 ? "turn" : "shut"))
  .end("shut");

test("a run that stopped because its store failed is given back, so that another process can go on", async () => {
  const backend = openMemory();
  const clock = new FakeClock();
  const processes = new FakeProcesses();
  const failing = new FaultyStore(backend, [{ method: "commit", call: 4, kind: "fail" }]);
  const first = new Engine({ backend: failing, clock, host: new FakeHost({ processes, pid: 1 }) });
  const outcome = await (await first.start(counting, {}, { id: "run" })).settled();
  assert.ok(outcome.status === "fenced" && outcome.error instanceof StoreUnavailableError);
  const second = new Engine({ backend, clock, host: new FakeHost({ processes, pid: 2 }) });
  await assert.rejects(second.resume("run", counting), { code: "AF_RUN_OWNED" });
  await clock.advanceAsync(2_000);
  assert.deepEqual(await (await second.resume("run", counting)).result(), { turn: 5 });
  assert.equal((await backend.runs.readHead("default", "run"))?.recoveries, 0);
  await Promise.all([first.close(), second.close()]);
});

test("a process goes on itself with a run that stopped because its store failed, given back or not", async () => {
  // The heartbeat comes before the run is resumed, while it is taken, or after.
  for (const beat of ["before", "while", "after"]) {
    const clock = new FakeClock();
    const failing = new FaultyStore(openMemory(), [{ method: "commit", call: 4, kind: "fail" }]);
    const backend = interceptBackend(failing, async (method, work) => {
      if (method === "takeRun" && beat === "while") await clock.advanceAsync(2_000);
      return work();
    });
    const engine = new Engine({ backend, clock, host: new FakeHost() });
    await (await engine.start(counting, {}, { id: "run" })).settled();
    if (beat === "before") await clock.advanceAsync(2_000);
    const run = await engine.resume("run", counting);
    await clock.advanceAsync(2_000);
    assert.deepEqual(await run.result(), { turn: 5 });
    await engine.close();
  }
});

test("a run that cannot be opened because the store fails is given back, and its first error is told", async () => {
  const backend = openMemory();
  const clock = new FakeClock();
  const processes = new FakeProcesses();
  const failing = new FaultyStore(backend, [{ method: "commit", call: 4, kind: "fail" }]);
  const first = new Engine({ backend: failing, clock, host: new FakeHost({ processes, pid: 1 }) });
  await (await first.start(counting, {}, { id: "run" })).settled();
  await first.close();
  const second = new Engine({
    backend: new FaultyStore(backend, [
      { method: "readScope", call: 1, kind: "loseAcknowledgement" },
      { method: "releaseRun", call: 1, kind: "fail" },
    ]),
    clock,
    host: new FakeHost({ processes, pid: 2 }),
  });
  await assert.rejects(second.resume("run", counting), /answer of the store was lost/);
  const third = new Engine({ backend, clock, host: new FakeHost({ processes, pid: 3 }) });
  await assert.rejects(third.resume("run", counting), { code: "AF_RUN_OWNED" });
  await clock.advanceAsync(2_000);
  assert.deepEqual(await (await third.resume("run", counting)).result(), { turn: 5 });
  await Promise.all([second.close(), third.close()]);
});

test("a nested workflow whose rows cannot be read stops its run, and fails nothing", async () => {
  const child = workflow("child", { version: "1", state: { word: value<string>(), said: append<string>() } })
    .start("say", async ({ word }, ctx) => ({ said: [await ctx.io("say", word, (given) => given)] }))
    .node("wait", { after: "say" }, async (_state, ctx) => ({ said: [await ctx.waitFor<string>("more")] }))
    .end("wait");
  const parent = workflow("parent", { version: "1", state: { said: append<string>() } })
    .start("open", () => ({}))
    .node(
      "inside",
      { after: "open" },
      nested(child, { input: () => ({ word: "hello" }), output: ({ said }) => ({ said: [...said] }) }),
    )
    .end("inside");
  const backend = openMemory();
  const parts = { clock: new FakeClock(), host: new FakeHost() };
  const first = new Engine({ backend, ...parts });
  assert.equal((await (await first.start(parent, {}, { id: "run" })).settled()).status, "waiting");
  await first.close();
  await new Engine({ backend, ...parts }).signal("run", "more", "world");

  const second = new Engine({
    backend: new FaultyStore(backend, [{ method: "readScope", call: 2, kind: "fail" }]),
    ...parts,
  });
  const outcome = await (await second.resume("run", parent)).settled();
  assert.ok(outcome.status === "fenced" && outcome.error instanceof StoreUnavailableError, outcome.status);
  await second.close();
  const third = new Engine({ backend, ...parts });
  assert.deepEqual(await (await third.resume("run", parent)).result(), { said: ["hello", "world"] });
  await third.close();
});
