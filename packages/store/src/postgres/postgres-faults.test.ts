import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type TestContext, test } from "node:test";
import { nextCommit, sampleStep, startCommit, stepCommit } from "@agentflow/contracts";
import { ConfigError, type StoreBackend, StoreFailedError, StoreUnavailableError } from "@agentflow/core";
import pg from "pg";
import { type TemporarySchema, temporarySchema } from "../../../../tests/postgres-schema.ts";
import { service } from "../../../../tests/services.ts";
import { lossyProxy } from "../sql/lossy-proxy.fixture.ts";
import { PooledDatabase } from "../sql/pooled-database.ts";
import { openPostgres } from "./open-postgres.ts";
import { PostgresPool } from "./postgres-pool.ts";

const needed = await service("postgres");

async function schemaOf(context: TestContext): Promise<TemporarySchema> {
  const schema = await temporarySchema();
  context.after(() => schema.drop());
  return schema;
}

async function open(context: TestContext, url: string): Promise<StoreBackend> {
  const backend = await openPostgres({ url });
  context.after(() => backend.runs.close());
  return backend;
}

async function rawClient(context: TestContext, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  context.after(() => client.end());
  return client;
}

async function kinds(results: ReturnType<StoreBackend["runs"]["commit"]>): Promise<string[]> {
  return (await results).map(({ kind }) => kind);
}

function backendsOf({ name }: TemporarySchema): string {
  return `FROM pg_stat_activity WHERE application_name = '${name}' AND pid <> pg_backend_pid()`;
}

test("a commit whose answer is lost is stored once, and told as a duplicate", needed, async (context) => {
  const schema = await schemaOf(context);
  const proxy = await lossyProxy(context, 5432);
  const backend = await open(context, schema.url.replace(":5432", `:${proxy.port}`));
  await backend.runs.commit([startCommit()]);
  await backend.runs.commit([stepCommit(2)]);
  proxy.loseAnswer(1);
  assert.deepEqual(await kinds(backend.runs.commit([stepCommit(3)])), ["duplicate"]);
  assert.deepEqual(await kinds(backend.runs.commit([stepCommit(4)])), ["committed"]);
  proxy.loseAnswer(1);
  const group = [stepCommit(5), stepCommit(6), startCommit({ runId: "run-2" })];
  assert.deepEqual(await kinds(backend.runs.commit(group)), ["duplicate", "duplicate", "duplicate"]);
  assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 6);
});

test("a run is taken exactly once, whichever answer of the server is lost", needed, async (context) => {
  const schema = await schemaOf(context);
  const proxy = await lossyProxy(context, 5432);
  const backend = await open(context, schema.url.replace(":5432", `:${proxy.port}`));
  await backend.runs.commit([startCommit()]);
  // BEGIN, the update, the read, COMMIT.
  for (const answer of [1, 2, 3, 4]) {
    const head = await backend.runs.readHead("default", "run-1");
    const expected = { expectedEpoch: head?.epoch ?? 0, expectedOwner: head?.owner };
    proxy.loseAnswer(answer);
    const taken = await backend.owners.takeRun({
      tenant: "default",
      runId: "run-1",
      ...expected,
      ownerId: `taker-${answer}`,
      recovery: 1,
    });
    assert.equal(taken?.epoch, expected.expectedEpoch + 1);
    assert.equal(taken.owner, `taker-${answer}`);
    assert.equal(taken.recoveries, answer);
    assert.deepEqual(await backend.runs.readHead("default", "run-1"), taken);
  }
});

test("connections that the server ends lose and double nothing", needed, async (context) => {
  const schema = await schemaOf(context);
  const backend = await open(context, schema.url);
  const killer = await rawClient(context, schema.url);
  const runs = ["a", "b", "c", "d"];
  await backend.runs.commit(runs.map((runId) => startCommit({ runId })));
  let ended = 0;
  const told = new Set<string>();
  for (let seq = 2; seq <= 60; seq++) {
    const commits = runs.map((runId) => kinds(backend.runs.commit([stepCommit(seq, { runId })])));
    if (seq % 3 === 0) {
      const { rows } = await killer.query<{ pid: number }>(
        `SELECT pid, pg_terminate_backend(pid) ${backendsOf(schema)}`,
      );
      ended += rows.length;
    }
    for (const [kind] of await Promise.all(commits)) told.add(String(kind));
  }
  assert.ok(ended > 0, "no connection was ended");
  assert.deepEqual(
    [...told].filter((kind) => kind !== "committed" && kind !== "duplicate"),
    [],
  );
  for (const runId of runs) {
    const scope = await backend.runs.readScope({ tenant: "default", runId, scope: "", from: "start" });
    assert.deepEqual(
      scope.steps.map(({ seq }) => seq),
      Array.from({ length: 59 }, (_, index) => index + 2),
    );
  }
});

test("a batch that the server chose to end a deadlock is written again", needed, async (context) => {
  const schema = await schemaOf(context);
  const backend = await open(context, schema.url);
  await backend.runs.commit([startCommit({ runId: "a" }), startCommit({ runId: "b" })]);
  const other = await rawClient(context, schema.url);
  const touch = (runId: string) =>
    other.query(
      `UPDATE af_runs SET updated_at = updated_at
        WHERE rid = (SELECT rid FROM af_origins WHERE run_id = $1)`,
      [runId],
    );
  // The one that looks for deadlocks first is the one that ends.
  await other.query("SET deadlock_timeout = '1min'");
  await other.query("BEGIN");
  await touch("b");
  const results = kinds(backend.runs.commit([stepCommit(2, { runId: "a" }), stepCommit(2, { runId: "b" })]));
  await untilWaiting(other, schema);
  await touch("a");
  await other.query("COMMIT");
  assert.deepEqual(await results, ["committed", "committed"]);
});

/** Resolves when a statement of the store waits for a lock. */
async function untilWaiting(client: pg.Client, schema: TemporarySchema): Promise<void> {
  for (;;) {
    const { rows } = await client.query(`SELECT 1 ${backendsOf(schema)} AND wait_event_type = 'Lock'`);
    if (rows.length > 0) return;
  }
}

test("batches of two processes over the same runs in any order all end", needed, async (context) => {
  const schema = await schemaOf(context);
  const [first, second] = [await open(context, schema.url), await open(context, schema.url)];
  const runs = Array.from({ length: 20 }, (_, index) => `run-${index}`);
  await first.runs.commit(runs.map((runId) => startCommit({ runId })));
  for (let seq = 2; seq <= 20; seq++) {
    const group = runs.map((runId) => stepCommit(seq, { runId }));
    const [one, other] = await Promise.all([
      kinds(first.runs.commit(group)),
      kinds(second.runs.commit([...group].reverse())),
    ]);
    for (const [index, kind] of one.entries())
      assert.deepEqual([kind, other[runs.length - 1 - index]].sort(), ["committed", "duplicate"]);
  }
});

test("a serialization failure is tried again until it is over", needed, async (context) => {
  const schema = await schemaOf(context);
  const backend = await open(context, schema.url);
  await backend.runs.commit([startCommit()]);
  // A sequence counts on when its transaction is undone: the first three updates fail.
  await schema.execute(`CREATE SEQUENCE tries;
    CREATE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF nextval('tries') <= 3 THEN RAISE EXCEPTION 'conflict' USING ERRCODE = 'serialization_failure'; END IF;
      RETURN NEW; END $$;
    CREATE TRIGGER conflict BEFORE UPDATE ON af_runs FOR EACH ROW EXECUTE FUNCTION conflict()`);
  assert.deepEqual(await kinds(backend.runs.commit([stepCommit(2)])), ["committed"]);
  assert.deepEqual(await kinds(backend.runs.commit([stepCommit(3)])), ["committed"]);
});

test("a member that the database refuses does not take the others with it", needed, async (context) => {
  const schema = await schemaOf(context);
  const backend = await open(context, schema.url);
  await backend.runs.commit([startCommit(), startCommit({ runId: "run-2" })]);
  // Longer than an index entry of PostgreSQL may be, and not to be compressed.
  const scope = Array.from({ length: 400 }, () => randomUUID()).join("/");
  const broken = nextCommit(2, { steps: [sampleStep({ scope })] });
  const results = await backend.runs.commit([broken, stepCommit(2, { runId: "run-2" })]);
  assert.deepEqual(
    results.map(({ kind }) => kind),
    ["failed", "committed"],
  );
  assert.ok(results[0]?.kind === "failed" && results[0].error instanceof StoreFailedError);
  assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 1);
});

test("all reads of a snapshot see one state", needed, async (context) => {
  const schema = await schemaOf(context);
  const backend = await open(context, schema.url);
  await backend.runs.commit([startCommit()]);
  const database = new PooledDatabase(
    new PostgresPool(new pg.Pool({ connectionString: schema.url }), 60_000),
    1_000,
  );
  context.after(() => database.close());
  const seqs = await database.snapshot(async (session) => {
    const before = await session.rows("SELECT seq FROM af_runs");
    await backend.runs.commit([stepCommit(2)]);
    return [before, await session.rows("SELECT seq FROM af_runs")];
  });
  assert.deepEqual(seqs[0], seqs[1]);
});

test("a pool of one connection serves everybody in turn", needed, async (context) => {
  const schema = await schemaOf(context);
  const backend = await openPostgres({ url: schema.url, connectionsMax: 1 });
  context.after(() => backend.runs.close());
  await backend.runs.commit([startCommit()]);
  const run = { tenant: "default", runId: "run-1", scope: "", from: "start" } as const;
  const reads = Array.from({ length: 30 }, () => backend.runs.readScope(run));
  const commits = Array.from({ length: 10 }, (_, index) => backend.runs.commit([stepCommit(index + 2)]));
  for (const results of await Promise.all(commits)) assert.deepEqual(results, [{ kind: "committed" }]);
  assert.equal((await Promise.all(reads)).length, 30);
});

test("a server that does not answer is told at once when a store is opened", async () => {
  await assert.rejects(
    openPostgres({ url: "postgres://me:s3cret@127.0.0.1:1/db" }),
    (error) => error instanceof StoreUnavailableError && !String(error.stack).includes("s3cret"),
  );
});

test("a URL that cannot be read, or an unknown durability, opens nothing", async () => {
  await assert.rejects(openPostgres({ url: "postgres://h/d", durability: { batchedMs: 0 } }), ConfigError);
});
