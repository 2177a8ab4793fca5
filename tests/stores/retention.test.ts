import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { append, createEngine, type Engine, openBackend, value, withRetention, workflow } from "agentflow";
import { temporaryDatabase } from "../mysql-database.ts";
import { temporarySchema } from "../postgres-schema.ts";
import { service } from "../services.ts";

const tenant = "default";
const rounds = 40;
const runCount = 12;

/** Writes inline and large values in each round, and keeps a list that becomes one: snapshots with values of their own. */
const rewriting = workflow("rewriting", {
  version: "1",
  state: { n: value(0), a: value(""), b: value(""), c: value(""), large: value(""), list: append<string>() },
})
  .start("write", async ({ n }, ctx) => {
    const text = await ctx.io("text", n, async (input) => `${input} `.padEnd(4_000, "x"));
    const large = text.padEnd(5_000, "y");
    return { n: n + 1, a: text, b: `${text}b`, c: text, large, list: [text.slice(0, 300)] };
  })
  .route("write", { to: ["write", "done"] }, ({ n }) => (n < rounds ? "write" : "done"))
  .node("done", {}, ({ list }) => ({ a: String(list.length) }))
  .end("done");

async function cleanUp({ retention }: Awaited<ReturnType<typeof openBackend>>): Promise<number> {
  let removed = 0;
  const { items } = await retention.listCompactable({ tenant, limit: 100 });
  for (const runId of items) {
    const request = { tenant, runId, supersededBefore: Number.MAX_SAFE_INTEGER, dryRun: false };
    const removal = await retention.removeSnapshots(request);
    removed += removal.kind === "removed" ? removal.snapshots : 0;
  }
  const rule = {
    tenant,
    part: "run",
    statuses: ["succeeded"],
    keep: runCount / 2,
    unexported: true,
  } as const;
  const going = await retention.listRemovable(rule, { limit: 2 });
  await retention.removeRuns(rule, { runIds: going.items.map(({ runId }) => runId), at: Date.now() });
  for (const { number } of await retention.listRemoved({ tenant, limit: 100 }))
    for (let isDone = false; !isDone; ) ({ isDone } = await retention.purge({ tenant, number, rowsMax: 20 }));
  return removed;
}

type Stores = readonly [Awaited<ReturnType<typeof openBackend>>, Awaited<ReturnType<typeof openBackend>>];

async function workWhileCleanedUp(engine: Engine, stores: Stores): Promise<void> {
  let isWorking = true;
  let removed = 0;
  const cleaners = stores.map(async (store) => {
    for (let last = 0; last < runCount; last += isWorking ? 0 : 1) {
      const found = await cleanUp(store);
      removed += found;
    }
  });
  try {
    const runs = await Promise.all(Array.from({ length: runCount }, () => engine.start(rewriting, {})));
    for (const run of runs) assert.equal((await run.result()).a, String(rounds));
  } finally {
    isWorking = false;
    await Promise.all(cleaners);
  }
  assert.ok(removed > 0, "snapshots were removed");
  const left = await stores[0].runs.listRuns({ tenant, limit: 99 });
  assert.equal(left.length, runCount / 2);
  for (const { runId } of left) {
    assert.equal((await engine.replay(runId, rewriting, { strict: true })).steps, rounds + 1);
    assert.equal((await engine.inspect(runId)).steps.length, rounds + 1);
  }
}

const places = {
  sqlite: async () => {
    const folder = mkdtempSync(join(tmpdir(), "agentflow-cleaned-"));
    return { url: `sqlite:${join(folder, "a.db")}`, drop: async () => rmSync(folder, { recursive: true }) };
  },
  postgres: temporarySchema,
  mariadb: temporaryDatabase,
};

for (const name of ["sqlite", "postgres", "mariadb"] as const) {
  const needed = name === "sqlite" ? {} : await service(name);
  test(`two that clean up while runs commit cost no run anything (${name})`, needed, async (context) => {
    const { url, drop } = await places[name]();
    const engine = await createEngine({ store: url }, withRetention({ background: false }));
    const stores = await Promise.all([openBackend({ store: url }), openBackend({ store: url })]);
    context.after(async () => {
      await engine.close();
      for (const store of stores) await store.runs.close();
      await drop();
    });
    await workWhileCleanedUp(engine, stores);
  });
}
