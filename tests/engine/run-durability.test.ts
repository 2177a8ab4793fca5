import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost } from "@agentflow/contracts";
import {
  CapabilityError,
  type CommitResult,
  canonicalLog,
  type Durability,
  eventsOf,
  type RunCommit,
  type StoreBackend,
  sum,
  workflow,
} from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";

/** A store that says it keeps every level, and tells what was asked of it. `held` keeps the answers of a level back. */
function levelledStore(held?: Durability) {
  const memory = openMemory();
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const commit = (members: readonly RunCommit[]) => {
    for (const { runId, durability } of members) asked.push(`${runId} ${durability}`);
    const results = memory.runs.commit(members) as readonly CommitResult[];
    if (held === undefined || members.every(({ durability }) => durability !== held)) return results;
    return new Promise<typeof results>((resolve) => answers.push(() => resolve(results)));
  };
  const runs = Object.assign(Object.create(memory.runs) as StoreBackend["runs"], {
    capabilities: {
      ...memory.runs.capabilities,
      durability: ["strict", "normal", "batched"],
      defaultDurability: "normal",
    },
    commit,
    readHead: memory.runs.readHead.bind(memory.runs),
    readScope: memory.runs.readScope.bind(memory.runs),
    readRecords: memory.runs.readRecords.bind(memory.runs),
    readBlobs: memory.runs.readBlobs.bind(memory.runs),
    readDefinition: memory.runs.readDefinition.bind(memory.runs),
  });
  const inbox: StoreBackend["inbox"] = {
    put: (request) => {
      asked.push(`inbox of ${request.runId} ${request.durability}`);
      return memory.inbox.put(request);
    },
    refuse: (request) => memory.inbox.refuse(request),
    newest: (...request) => memory.inbox.newest(...request),
    read: (...request) => memory.inbox.read(...request),
  };
  const flush = () => {
    for (const answer of answers.splice(0)) answer();
  };
  return { backend: { ...memory, runs, inbox }, asked, flush };
}

function engineOn(backend: StoreBackend): Engine {
  return new Engine({ backend, clock: new FakeClock(), host: new FakeHost() });
}

const patient = workflow("patient", { version: "1", state: { heard: sum() } })
  .start("first", () => ({ heard: 1 }))
  .node("wait", { after: "first" }, async (_state, ctx) => ({ heard: Number(await ctx.waitFor("go")) }))
  .end("wait");

test("everything that a run stores asks for the run's durability, whoever goes on with it (S5)", async () => {
  const { backend, asked } = levelledStore();
  const engine = engineOn(backend);
  const run = await engine.start(patient, {}, { id: "own", durability: "strict" });
  const plain = await engine.start(patient, {}, { id: "plain" });
  await Promise.all([run.settled(), plain.settled()]);
  await engine.close();
  const next = engineOn(backend);
  await next.signal("own", "go", 2);
  await next.signal("plain", "go", 2);
  const resumed = await next.resume("own", patient);
  await next.resume("plain", patient);
  assert.deepEqual(await resumed.result(), { heard: 3 });
  await next.close();
  assert.ok(asked.length > 8, asked.join("\n"));
  for (const line of asked)
    assert.match(line, /own/.test(line) ? /own strict$/ : /plain undefined$/, asked.join("\n"));
});

test("a batched run goes on before its commits are durable, and no other run of the engine does or waits for it", async () => {
  const { backend, flush } = levelledStore("batched");
  const engine = engineOn(backend);
  const reached: string[] = [];
  const steps = workflow("steps", { version: "1", state: { n: sum() } })
    .start("one", (_state, ctx) => {
      reached.push(`${ctx.runId} one`);
      return { n: 1 };
    })
    .node("two", { after: "one" }, (_state, ctx) => {
      reached.push(`${ctx.runId} two`);
      return { n: 1 };
    })
    .end("two");
  const early = engine.start(steps, {}, { id: "early", durability: "batched" });
  const sure = await engine.start(steps, {}, { id: "sure", durability: "normal" });
  assert.deepEqual(await sure.result(), { n: 2 });
  while (!reached.includes("early two")) await new Promise((resolve) => setImmediate(resolve));
  let isTold = false;
  void early.then(() => {
    isTold = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isTold, false, "it was told to have started before that was durable");
  const flushing = setInterval(flush, 1);
  assert.deepEqual(await (await early).result(), { n: 2 });
  await engine.close();
  clearInterval(flushing);
});

test("a strict run does not go on before its commits are durable", async () => {
  const { backend, flush } = levelledStore("strict");
  const engine = engineOn(backend);
  let entered = false;
  const steps = workflow("steps", { version: "1", state: {} })
    .start("one", () => {
      entered = true;
      return {};
    })
    .end("one");
  const starting = engine.start(steps, {}, { durability: "strict" });
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(entered, false);
  const flushing = setInterval(flush, 1);
  await (await starting).result();
  await engine.close();
  clearInterval(flushing);
});

test("a durability that the store cannot keep is refused with CapabilityError, and nothing is stored or taken", async () => {
  const memory = openMemory();
  const engine = engineOn(memory);
  await assert.rejects(engine.start(patient, {}, { id: "r", durability: "strict" }), CapabilityError);
  assert.equal(await memory.runs.readHead("default", "r"), undefined);
  const { backend } = levelledStore();
  const able = engineOn(backend);
  const run = await able.start(patient, {}, { id: "r", durability: "strict" });
  await run.settled();
  await able.close();
  const levels = ["normal"] as const;
  Object.assign(backend.runs, { capabilities: { ...backend.runs.capabilities, durability: levels } });
  const before = await backend.runs.readHead("default", "r");
  const unable = engineOn(backend);
  await assert.rejects(unable.resume("r", patient), CapabilityError);
  assert.deepEqual(await backend.runs.readHead("default", "r"), before);
  await Promise.all([engine.close(), unable.close()]);
});

test("the start of a run tells its durability, and the canonical log does not (S6)", async () => {
  const logs: string[] = [];
  for (const durability of ["strict", undefined] as const) {
    const { backend } = levelledStore();
    const engine = engineOn(backend);
    await (await engine.start(patient, {}, { id: "r", seed: "s", durability })).settled();
    await engine.close();
    const request = { tenant: "default", runId: "r", afterEvent: 0, limit: 100 };
    const records = await backend.runs.readRecords(request);
    const events = records.flatMap((record) => eventsOf(record, { runId: "r" }));
    assert.equal(events[0]?.data?.["durability"], durability);
    logs.push(canonicalLog(events));
  }
  assert.equal(logs[0], logs[1]);
});
