import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { append, type RunCommit, type StoreBackend, sum, workflow } from "@agentflow/core";
import { createEngine } from "@agentflow/runtime";
import { openMemory } from "@agentflow/store";
import { temporaryFolder } from "../cli/spawn-af.ts";
import { service } from "../services.ts";
import { openPlace, type StoreName, temporaryPlace } from "../store-place.ts";

const runCount = 1_000;

/** A store and how it is opened as if by two processes; memory has but one. */
interface Opened {
  readonly backends: readonly StoreBackend[];
  execute(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

async function openTwice(context: TestContext, store: StoreName): Promise<Opened> {
  const place = await temporaryPlace(store, temporaryFolder(context));
  const backends = [await openPlace(place), await openPlace(place)];
  context.after(async () => {
    for (const { runs } of backends) await runs.close();
    await place.drop();
  });
  return { backends, execute: (statement) => place.rows(statement) };
}

const stores = [
  ["memory", undefined, undefined],
  ["SQLite", "sqlite", undefined],
  ["PostgreSQL", "postgres", "postgres"],
  ["MariaDB", "mysql", "mariadb"],
] as const;

/** The backend with a list of the commits that were given to it. */
function noting(backend: StoreBackend, noted: RunCommit[]): StoreBackend {
  const { runs } = backend;
  const commit = (members: readonly RunCommit[]) => {
    noted.push(...members);
    return runs.commit(members);
  };
  const asked = new Proxy(runs, {
    get(_target, name) {
      if (name === "commit") return commit;
      const found = Reflect.get(runs, name, runs);
      return typeof found === "function" ? found.bind(runs) : found;
    },
  });
  return { ...backend, runs: asked };
}

async function stepsOf(backend: StoreBackend, runId: string): Promise<readonly string[]> {
  const request = { tenant: "default", runId, afterEvent: 0, limit: 1_000 };
  const records = await backend.runs.readRecords(request);
  return records
    .flatMap(({ kind, row }) => (kind === "step" ? [`${row.superstep}/${row.ordinal} ${row.node}`] : []))
    .sort();
}

for (const [name, store, needs] of stores) {
  const needed = needs === undefined ? {} : await service(needs);
  const open = async (context: TestContext): Promise<Opened> =>
    store === undefined ? { backends: [openMemory()], execute: async () => [] } : openTwice(context, store);

  test(
    `of ${runCount} runs at once no step is committed twice and no call is made twice (${name})`,
    needed,
    async (context) => {
      const { backends } = await open(context);
      const calls = new Map<string, number>();
      const small = workflow("small", { version: "1", state: { seen: append<string>(), count: sum() } })
        .start("open", () => ({ count: 1 }))
        .map("each", { after: "open", over: () => ["a", "b"] }, async (item, ctx) => {
          const heard = await ctx.io("ask", item, async (input, { idempotencyKey }) => {
            calls.set(idempotencyKey, (calls.get(idempotencyKey) ?? 0) + 1);
            return input;
          });
          return { seen: [heard], count: 1 };
        })
        .node("shut", { after: "each" }, () => ({ count: 1 }))
        .end("shut");
      const noted: RunCommit[] = [];
      const engines = await Promise.all(
        backends.map((backend) => createEngine({ store: noting(backend, noted) })),
      );
      const numbers = Array.from({ length: runCount }, (_each, number) => number);
      const states = await Promise.all(
        numbers.map(async (number) => {
          // Some are started by every process at once.
          const starters = number < 20 ? engines : engines.slice(number % engines.length).slice(0, 1);
          const runs = await Promise.all(
            starters.map((each) => each.start(small, {}, { id: `run-${number}` })),
          );
          const results = await Promise.all(runs.map((run) => run.result()));
          for (const result of results) assert.deepEqual(result, results[0]);
          return results[0];
        }),
      );
      for (const state of states) assert.deepEqual(state, { seen: ["a", "b"], count: 4 });
      assert.equal(calls.size, 2 * runCount);
      assert.ok([...calls.values()].every((count) => count === 1));
      const [backend] = backends as [StoreBackend];
      const expected = ["0/0 open", "1/0 each", "1/1 each", "2/0 shut"];
      for (const number of numbers) assert.deepEqual(await stepsOf(backend, `run-${number}`), expected);

      // Whatever is sent again changes nothing.
      const again = await Promise.all(engines.map((engine) => engine.start(small, {}, { id: "run-0" })));
      for (const run of again) assert.deepEqual(await run.result(), states[0]);
      const repeated = noted.filter(({ create }) => create === undefined).slice(-100);
      const before = await Promise.all(repeated.map(({ runId }) => backend.runs.readHead("default", runId)));
      const results = await backend.runs.commit(repeated);
      assert.deepEqual(new Set(results.map(({ kind }) => kind)), new Set(["duplicate"]));
      const after = await Promise.all(repeated.map(({ runId }) => backend.runs.readHead("default", runId)));
      assert.deepEqual(after, before);
      for (const { runId } of repeated) assert.deepEqual(await stepsOf(backend, runId), expected);
      for (const engine of engines) await engine.close();
    },
  );

  test(`100 parallel updates of one counter give 100 (${name})`, needed, async (context) => {
    const { backends, execute } = await open(context);
    const items = Array.from({ length: 100 }, (_each, number) => number);
    const count = workflow("count", { version: "1", state: { counter: sum() } })
      .start("open", () => ({}))
      .map("add", { after: "open", over: () => items }, async () => ({ counter: 1 }))
      .node("shut", { after: "add" }, () => ({}))
      .end("shut");
    const engines = await Promise.all(backends.map((backend) => createEngine({ store: backend })));
    const [engine] = engines;
    const run = await engine?.start(count, {}, { limits: { maxConcurrent: 100 } });
    assert.deepEqual(await run?.result(), { counter: 100 });
    if (store !== undefined) {
      // One row of the database, by a hundred runs of two engines.
      await execute("CREATE TABLE counters (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)");
      await execute("INSERT INTO counters VALUES (1, 0)");
      const add = workflow("add", { version: "1", state: {} })
        .start("add", async (_state, ctx) => {
          await ctx.tx("add", 1, async (sql) => (await sql.run("UPDATE counters SET n = n + 1")).changes);
          return {};
        })
        .end("add");
      const runs = items.map(async (number) => {
        const each = await engines[number % engines.length]?.start(add, {}, { id: `add-${number}` });
        return each?.result();
      });
      await Promise.all(runs);
      assert.equal(Number((await execute("SELECT n FROM counters"))[0]?.["n"]), 100);
    }
    for (const each of engines) await each.close();
  });
}
