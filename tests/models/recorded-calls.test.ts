import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  append,
  canonicalLog,
  flow,
  type ModelCall,
  ModelError,
  type RecordEvent,
  type RecordRow,
  rowsFromEvents,
  value,
  workflow,
} from "@agentflow/core";
import { ask, CostTotals, type ModelGateway, mockProvider, readLedger } from "@agentflow/models";
import { createEngine, createModelGateway, openBackend } from "@agentflow/runtime";
import {
  beginStream,
  chatAnswer,
  chatUsage,
  endStream,
  modelServer,
  sendJson,
  sendPieces,
} from "../../packages/models/src/model-server.fixture.ts";

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "af-models-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Asks three times: in a first step, and in each item of a fan-out. */
function asking(
  models: () => ModelGateway,
  model: string,
  cache: "off" | "shared" | "run" = "off",
  tokens = false,
) {
  const request = (text: string) => ({ model, messages: [{ role: "user", text }] }) as const;
  return workflow("asking", {
    version: "1",
    state: { topics: value<string[]>(["tides", "winds"]), notes: append<string>() },
  })
    .start("plan", async (_state, ctx) => {
      const { text } = await ask(ctx, models(), request("plan"), { cache, tokens });
      return { notes: [text] };
    })
    .map("read", { after: "plan", over: (state) => state.topics }, async (topic, ctx) => {
      const { text } = await ask(ctx, models(), request(topic), { cache, tokens });
      return { notes: [text] };
    })
    .end("read");
}

async function recordOf(events: AsyncIterable<unknown>): Promise<RecordEvent[]> {
  const found: RecordEvent[] = [];
  for await (const event of events) if ("seq" in (event as object)) found.push(event as RecordEvent);
  return found;
}

test("calls that a fork took over cost once: where they were made (S23)", async () => {
  const answering = mockProvider(() => ({
    text: "fine",
    usage: { input: 1, cached: 0, cacheWrite: 0, output: 1 },
  }));
  const gateway = await createModelGateway({ providers: [answering] }, {});
  const backend = await openBackend({ store: "memory:" });
  await using engine = await createEngine({ store: backend });
  const workflow = asking(() => gateway, "mock:m");
  const run = await engine.start(workflow, {}, { id: "first" });
  await run.result();
  const fork = await engine.fork("first", { at: "1.read[0]", workflow, id: "second" });
  await fork.result();

  const made: string[] = [];
  for await (const { runId, node } of readLedger(backend.runs, { tenant: "default" }))
    made.push(`${runId} ${node}`);
  assert.deepEqual(made.sort(), ["first plan", "first read", "first read", "second read", "second read"]);
});

for (const store of ["memory", "sqlite"] as const) {
  test(`${store}: every call of a model is in the run's record, and what the record adds up to is what was called`, async (context) => {
    const told: ModelCall[] = [];
    const usage = { input: 1_000, cached: 400, cacheWrite: 0, output: 7 };
    let tries = 0;
    const flaky = mockProvider(
      () => (++tries % 2 === 1 ? new ModelError("AF_MODEL_PROVIDER", "flaky") : { text: "fine", usage }),
      { name: "paid", isFree: false },
    );
    const gateway = await createModelGateway(
      {
        providers: [flaky],
        backoffMs: 0,
        prices: [{ model: "paid:*", input: 3, cached: 0.3, output: 15 }],
        onCall: (call) => told.push(call),
      },
      {},
    );
    const url = store === "memory" ? "memory:" : `sqlite:${join(temporaryFolder(context), "store.db")}`;
    const backend = await openBackend({ store: url });
    context.after(() => backend.runs.close());
    await using engine = await createEngine({ store: backend });
    const run = await engine.start(
      asking(() => gateway, "paid:m"),
      {},
    );
    assert.deepEqual((await run.result()).notes, ["fine", "fine", "fine"]);

    const [all, byNode] = [new CostTotals(), new CostTotals("node")];
    const kept: ModelCall[] = [];
    for await (const entry of readLedger(backend.runs, { tenant: "default" })) {
      kept.push(entry.call);
      all.add(entry);
      byNode.add(entry);
    }
    const sorted = (calls: readonly ModelCall[]) => calls.map((call) => JSON.stringify(call)).sort();
    assert.equal(kept.length, 6);
    assert.deepEqual(
      sorted(kept),
      sorted(told)
        .map((line) => JSON.stringify(sortKeys(JSON.parse(line))))
        .sort(),
    );
    const each = 600 * 3_000 + 400 * 300 + 7 * 15_000;
    const [total] = all.totals();
    assert.deepEqual([total?.calls, total?.failed, total?.costNanos], [6, 3, 3 * each]);
    assert.deepEqual(
      byNode.totals().map(({ key, costNanos }) => [key, costNanos]),
      [
        ["asking/read", 2 * each],
        ["asking/plan", each],
      ],
    );

    const events = await recordOf(engine.events(run.runId, { follow: false }));
    const count = (type: string): number => events.filter((event) => event.type === type).length;
    assert.deepEqual([count("llm.request"), count("llm.response"), count("cost.charged")], [6, 6, 6]);
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, index) => index + 1),
    );
    assert.doesNotMatch(canonicalLog(events), /llm\.|cost\.|latencyMs/);
    const rows: RecordRow[] = [
      ...(await backend.runs.readRecords({
        tenant: "default",
        runId: run.runId,
        afterEvent: 0,
        limit: 1_000,
      })),
    ];
    assert.deepEqual(rowsFromEvents(events).filter(hasCalls), rows.filter(hasCalls));

    const before = flaky.requests.length;
    const replay = await engine.replay(
      run.runId,
      asking(() => gateway, "paid:m"),
      { strict: true },
    );
    assert.ok(replay.matches, JSON.stringify(replay));
    assert.equal(flaky.requests.length, before);
  });
}

function sortKeys(call: ModelCall): object {
  return Object.fromEntries(Object.entries(call).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function hasCalls(record: RecordRow): boolean {
  return record.kind === "journal" && record.row.entry.kind === "model";
}

test("a second run finds every answer in the cache and asks no server; another place or parameter is asked anew", async (context) => {
  const folder = temporaryFolder(context);
  await using server = await modelServer((response) =>
    sendJson(response, chatAnswer({ content: "fine" }, chatUsage(10, 2))),
  );
  await using other = await modelServer((response) => sendJson(response, chatAnswer({ content: "other" })));
  await using engine = await createEngine({ store: `sqlite:${join(folder, "store.db")}` });
  let gateway = await createModelGateway({}, { OPENAI_API_KEY: "k", OPENAI_BASE_URL: server.baseUrl });
  const flow = asking(() => gateway, "openai:m", "shared");
  const toldBy = async (
    workflow = flow,
  ): Promise<{ cache: string[]; calls: number; notes: readonly string[] }> => {
    const run = await engine.start(workflow, {});
    const { notes } = await run.result();
    const events = await recordOf(engine.events(run.runId, { follow: false }));
    const cache = events.map(({ type }) => type).filter((type) => type.startsWith("cache."));
    return { cache, calls: events.filter(({ type }) => type === "cost.charged").length, notes };
  };
  const miss = ["cache.miss", "cache.miss", "cache.miss"];
  assert.deepEqual(await toldBy(), { cache: miss, calls: 3, notes: ["fine", "fine", "fine"] });
  const hit = ["cache.hit", "cache.hit", "cache.hit"];
  assert.deepEqual(await toldBy(), { cache: hit, calls: 0, notes: ["fine", "fine", "fine"] });
  assert.equal(server.requests.length, 3);
  gateway = await createModelGateway({}, { OPENAI_API_KEY: "k", OPENAI_BASE_URL: other.baseUrl });
  assert.deepEqual(await toldBy(), { cache: miss, calls: 3, notes: ["other", "other", "other"] });
  assert.equal(server.requests.length, 3);
  assert.deepEqual((await toldBy(asking(() => gateway, "openai:larger", "shared"))).cache, miss);
});

test("a replay asks nobody: not where the server is gone, and not where models are switched off", async (context) => {
  const folder = temporaryFolder(context);
  await using server = await modelServer((response) => {
    beginStream(response);
    sendPieces(response, ["al", "right"]);
    endStream(response);
  });
  await using engine = await createEngine({ store: `sqlite:${join(folder, "store.db")}` });
  let gateway = await createModelGateway({}, { OPENAI_API_KEY: "k", OPENAI_BASE_URL: server.baseUrl });
  const flow = asking(() => gateway, "openai:m", "off", true);
  const run = await engine.start(flow, {});
  assert.deepEqual((await run.result()).notes, ["alright", "alright", "alright"]);
  const asked = server.requests.length;
  gateway = await createModelGateway({}, { AF_MODELS: "off" });
  const replay = await engine.replay(run.runId, flow, { strict: true });
  assert.ok(replay.matches, JSON.stringify(replay));
  assert.equal(server.requests.length, asked);
});

test("tokens are shown while a streamed answer is made", async (context) => {
  await using server = await modelServer((response) => {
    beginStream(response);
    sendPieces(response, ["al", "right"]);
    endStream(response);
  });
  const gateway = await createModelGateway({}, { OPENAI_API_KEY: "k", OPENAI_BASE_URL: server.baseUrl });
  await using engine = await createEngine({ store: "memory:" });
  context.diagnostic(server.baseUrl);
  const run = await engine.start(
    asking(() => gateway, "openai:m", "off", true),
    { topics: [] },
  );
  const shown: unknown[] = [];
  for await (const event of run.events()) if (event.type === "token") shown.push(event.data);
  assert.deepEqual(shown, ["al", "right"]);
});

test("a step that fails keeps what its calls cost, and the next attempt adds its own", async (context) => {
  const usage = { input: 10, cached: 0, cacheWrite: 0, output: 0 };
  const paid = mockProvider(() => ({ text: "fine", usage }), { name: "paid", isFree: false });
  const gateway = await createModelGateway(
    { providers: [paid], prices: [{ model: "paid:*", input: 1, output: 1 }] },
    {},
  );
  const doubting = workflow("doubting", { version: "1", state: { note: value("") } })
    .start(
      "ask",
      async (_state, ctx) => {
        const messages = [{ role: "user", text: `attempt ${ctx.attempt}` }] as const;
        const { text } = await ask(ctx, gateway, { model: "paid:m", messages });
        if (ctx.attempt === 1) throw new Error("not convinced");
        return { note: text };
      },
      { retry: { attemptsMax: 2, backoffMs: 0 } },
    )
    .end("ask");
  const backend = await openBackend({ store: `sqlite:${join(temporaryFolder(context), "store.db")}` });
  context.after(() => backend.runs.close());
  await using engine = await createEngine({ store: backend });
  const run = await engine.start(doubting, {});
  await run.result();
  const totals = new CostTotals();
  for await (const entry of readLedger(backend.runs, { tenant: "default", runId: run.runId }))
    totals.add(entry);
  assert.deepEqual([totals.totals()[0]?.calls, totals.totals()[0]?.costNanos], [2, 20_000]);
});

test("calls at once in a flow are recorded and replayed in the order in which they ended", async () => {
  const gateway = await createModelGateway(
    { providers: [mockProvider(({ messages }) => JSON.stringify(messages).slice(-8))] },
    {},
  );
  const debate = flow("debate", { version: "1" }, async (topics: readonly string[], ctx) => {
    const asked = topics.map((text) =>
      ask(ctx, gateway, { model: "mock:m", messages: [{ role: "user", text }] }),
    );
    const order: string[] = [];
    await Promise.all(asked.map(async (answer) => order.push((await answer).text)));
    return order;
  });
  await using engine = await createEngine({ store: "memory:" });
  const run = await engine.start(debate, ["pro", "con", "pro"]);
  const order = await run.result();
  assert.equal(order.length, 3);
  const events = await recordOf(engine.events(run.runId, { follow: false }));
  assert.equal(events.filter(({ type }) => type === "cost.charged").length, 3);
  const replay = await engine.replay(run.runId, debate, { strict: true });
  assert.ok(replay.matches, JSON.stringify(replay));
});
