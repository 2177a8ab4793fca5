import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock, FakeHost, FaultyStore, interceptBackend } from "@agentflow/contracts";
import {
  append,
  canonicalLog,
  HistoryRemovedError,
  interrupt,
  nested,
  type RecordEvent,
  type RemovalRule,
  RunNotFoundError,
  type StoreBackend,
  sum,
  value,
  type Workflow,
  workflow,
} from "@agentflow/core";
import { Engine } from "@agentflow/engine";
import { openMemory } from "@agentflow/store";

const tenant = "default";
const go = interrupt<number, boolean>("go");

const inner = workflow("inner", { version: "1", state: { text: value<string>(), length: sum() } })
  .start("measure", ({ text }) => ({ length: text.length }))
  .end("measure");

function textOf(n: number): string {
  return `${n} `.padEnd(4_000, "x");
}

/**
 * Rewrites 16 kB in each of `rounds` rounds and keeps a list that grows into a large value, so that some snapshots, with
 * values of their own, become redundant. One round in three asks a nested workflow; the middle one waits for an answer.
 */
function rewriting(rounds: number) {
  return workflow("rewriting", {
    version: "1",
    state: {
      n: value(0),
      a: value(""),
      b: value(""),
      c: value(""),
      d: value(""),
      list: append<string>(),
      total: sum(),
    },
  })
    .start("write", async ({ n }, ctx) => {
      const text = await ctx.io("text", n, async (input) => textOf(input));
      return {
        n: n + 1,
        a: text,
        b: `${text}b`,
        c: text,
        d: `${text}${"z".repeat(200)}`,
        list: [`${ctx.rng.next()}`.padEnd(300, "y")],
      };
    })
    .route("write", { to: ["write", "measure", "wait", "done"] }, ({ n }) => {
      if (n >= rounds) return "done";
      if (n === Math.floor(rounds / 2)) return "wait";
      return n % 3 === 0 ? "measure" : "write";
    })
    .node("wait", {}, async ({ n }, ctx) => {
      await ctx.interrupt(go, n);
    })
    .route("wait", { to: ["write"] }, () => "write")
    .node(
      "measure",
      {},
      nested(inner, {
        input: ({ a }: { a: string }) => ({ text: a }),
        output: ({ length }) => ({ total: length }),
      }),
    )
    .route("measure", { to: ["write"] }, () => "write")
    .node("done", {}, ({ list }) => ({ a: `${list.length}`, b: "", c: "", d: "" }))
    .end("done");
}

const graph = rewriting(36);
const question = "23.wait#go[0]";

function engineOn(backend: StoreBackend, host = new FakeHost()): Engine {
  return new Engine({ backend, clock: new FakeClock(), host });
}

/** Removes every redundant snapshot of the tenant. */
async function compact(backend: StoreBackend): Promise<number> {
  const { items } = await backend.retention.listCompactable({ tenant, limit: 100 });
  let removed = 0;
  for (const runId of items) {
    const supersededBefore = Number.MAX_SAFE_INTEGER;
    const removal = await backend.retention.removeSnapshots({
      tenant,
      runId,
      supersededBefore,
      dryRun: false,
    });
    removed += removal.kind === "removed" ? removal.snapshots : 0;
  }
  return removed;
}

async function logOf(engine: Engine, runId: string): Promise<string> {
  const events: RecordEvent[] = [];
  for await (const event of engine.events(runId)) if ("seq" in event) events.push(event);
  return canonicalLog(events);
}

/** Everything there is to say of a run that has ended. */
async function pictureOf(engine: Engine, runId: string): Promise<unknown> {
  const { state, steps, status } = await engine.inspect(runId);
  const history = (await engine.history(runId)).map(({ event: _event, ...checkpoint }) => checkpoint);
  const report = await engine.replay(runId, graph as unknown as Workflow, { strict: true });
  const stepIds = steps.map(({ stepId }) => stepId);
  return { state, stepIds, status, history, log: await logOf(engine, runId), replayed: report.steps };
}

/** Resumes a run until it has ended, with the answer it waits for. */
async function finish(engine: Engine, runId: string): Promise<void> {
  const run = await engine.resume(runId, graph);
  if ((await run.settled()).status !== "waiting") return;
  await engine.answer(runId, question, true);
  const resumed = await engine.resume(runId, graph);
  assert.equal((await resumed.settled()).status, "succeeded");
}

async function undisturbed(): Promise<{ readonly picture: unknown; readonly commits: number }> {
  const store = new FaultyStore(openMemory());
  await using engine = engineOn(store);
  await (await engine.start(graph, {}, { id: "run-1", seed: "seed" })).settled();
  await finish(engine, "run-1");
  const commits = store.calls.filter((method) => method === "commit").length;
  return { picture: await pictureOf(engine, "run-1"), commits };
}

test("a run compacted after each of its commits, and ended there, goes on to the same bytes", async () => {
  const { picture, commits } = await undisturbed();
  assert.ok(commits > 50, `${commits} commits`);
  let removed = 0;
  for (let call = 1; call < commits; call++) {
    const backend = openMemory();
    const host = new FakeHost();
    const store = new FaultyStore(backend, [{ call, kind: "crashAfter", method: "commit" }]);
    const first = engineOn(store, host);
    // The call that crashes never settles, and neither does what waits for it.
    void first.start(graph, {}, { id: "run-1", seed: "seed" }).then(async (run) => {
      if ((await run.settled()).status === "waiting") await finish(first, "run-1");
    });
    await store.crashed;
    host.die();
    removed += await compact(backend);
    await using engine = engineOn(backend, new FakeHost({ pid: 2_000, processes: host.processes }));
    await finish(engine, "run-1");
    removed += await compact(backend);
    assert.deepEqual(await pictureOf(engine, "run-1"), picture, `compacted after commit ${call}`);
  }
  assert.ok(removed > commits, `${removed} snapshots were removed`);
});

async function ended(backend: StoreBackend): Promise<Engine> {
  const engine = engineOn(backend);
  await (await engine.start(graph, {}, { id: "run-1", seed: "seed" })).settled();
  await finish(engine, "run-1");
  return engine;
}

function ruleOf(part: RemovalRule["part"]): RemovalRule {
  return { tenant, part, statuses: ["succeeded", "failed", "cancelled"], unexported: true };
}

test("a run whose history was removed keeps its result, and says what is gone with the nearest point", async () => {
  const backend = openMemory();
  await using engine = await ended(backend);
  const before = await engine.inspect("run-1");
  await backend.retention.removeRuns(ruleOf("history"), { runIds: ["run-1"], at: 5 });
  const nearestEvent = before.head.events;
  const isNamed = (error: unknown): boolean =>
    error instanceof HistoryRemovedError && error.context["nearestEvent"] === nearestEvent;
  await assert.rejects(engine.replay("run-1", graph as unknown as Workflow), isNamed);
  await assert.rejects(engine.history("run-1"), isNamed);
  await assert.rejects(logOf(engine, "run-1"), isNamed);
  const end: unknown[] = [];
  for await (const event of engine.events("run-1", { from: nearestEvent })) end.push(event.type);
  assert.deepEqual(end, ["run.succeeded"]);
  const { state, steps, status } = await engine.inspect("run-1");
  assert.deepEqual({ state, steps, status }, { state: before.state, steps: [], status: "succeeded" });
  const result = await (await engine.resume("run-1", graph)).result();
  assert.equal(result.a, "36");
});

for (const [part, expected] of [
  ["run", RunNotFoundError],
  ["history", HistoryRemovedError],
] as const) {
  for (const [what, removedAtRead] of [
    ["replay", 1],
    ["replay", 2],
    ["history", 1],
    ["events", 1],
  ] as const) {
    test(`${what} that loses the ${part} before its read ${removedAtRead} fails instead of taking the rest for all`, async () => {
      const backend = openMemory();
      await using _kept = await ended(backend);
      let reads = 0;
      const removing = interceptBackend(backend, (method, work) => {
        if (method !== "readScope" && method !== "readRecords") return work();
        reads += 1;
        if (reads !== removedAtRead) return work();
        return backend.retention.removeRuns(ruleOf(part), { runIds: ["run-1"], at: 5 }).then(work);
      });
      await using engine = engineOn(removing);
      const read = {
        replay: () => engine.replay("run-1", graph as unknown as Workflow),
        history: () => engine.history("run-1"),
        events: () => logOf(engine, "run-1"),
      }[what];
      await assert.rejects(read(), expected);
    });
  }
}

test("a run whose history goes while it is inspected is shown as it is then", async () => {
  const backend = openMemory();
  await using _kept = await ended(backend);
  const removing = interceptBackend(backend, (method, work) =>
    method === "readRecords"
      ? backend.retention.removeRuns(ruleOf("history"), { runIds: ["run-1"], at: 5 }).then(work)
      : work(),
  );
  await using engine = engineOn(removing);
  const view = await engine.inspect("run-1");
  assert.deepEqual([view.head.historyRemovedAt, view.steps.length, view.state["a"]], [5, 0, "36"]);
});

test("a run that was removed is not found, and its id can be used again", async () => {
  const backend = openMemory();
  await using engine = await ended(backend);
  await backend.retention.removeRuns(ruleOf("run"), { runIds: ["run-1"], at: 5 });
  await assert.rejects(engine.resume("run-1", graph), RunNotFoundError);
  await assert.rejects(engine.signal("run-1", "go"), RunNotFoundError);
  const run = await engine.start(graph, {}, { id: "run-1", seed: "other" });
  assert.equal((await run.settled()).status, "waiting");
});

test("an owner whose row was removed while it stood still registers again with its next beat", async () => {
  const backend = openMemory();
  const clock = new FakeClock();
  const engine = new Engine({ backend, clock, host: new FakeHost() });
  await (await engine.start(graph, {}, { id: "run-1" })).settled();
  const [owner] = await backend.owners.listOwners();
  await backend.owners.removeOwner(owner?.ownerId ?? "");
  await clock.advanceAsync(2_000);
  const [again] = await backend.owners.listOwners();
  assert.equal(again?.ownerId, owner?.ownerId);
  await engine.close();
  assert.deepEqual(await backend.owners.listOwners(), []);
});
