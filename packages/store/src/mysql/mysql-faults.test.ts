import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { nextCommit, sampleStep, startCommit, stepCommit } from "@agentflow/contracts";
import {
  ConfigError,
  type RunCommit,
  type StoreBackend,
  StoreFailedError,
  StoreUnavailableError,
} from "@agentflow/core";
import mysql, { type Connection, type RowDataPacket } from "mysql2/promise";
import { type TemporaryDatabase, temporaryDatabase } from "../../../../tests/mysql-database.ts";
import { service } from "../../../../tests/services.ts";
import { lossyProxy } from "../sql/lossy-proxy.fixture.ts";
import { PooledDatabase } from "../sql/pooled-database.ts";
import { MysqlPool } from "./mysql-pool.ts";
import { openMysql } from "./open-mysql.ts";

const needed = await service("mariadb");

async function databaseOf(context: TestContext): Promise<TemporaryDatabase> {
  const database = await temporaryDatabase();
  context.after(() => database.drop());
  return database;
}

async function open(context: TestContext, url: string): Promise<StoreBackend> {
  const backend = await openMysql({ url });
  context.after(() => backend.runs.close());
  return backend;
}

async function rawConnection(context: TestContext, url: string): Promise<Connection> {
  const connection = await mysql.createConnection(url);
  context.after(() => connection.end());
  return connection;
}

async function kinds(results: ReturnType<StoreBackend["runs"]["commit"]>): Promise<string[]> {
  return (await results).map(({ kind }) => kind);
}

/** The server's other connections to the database. */
async function connectionsTo(
  connection: Connection,
  { name }: TemporaryDatabase,
): Promise<readonly number[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT id FROM information_schema.processlist WHERE db = ? AND id <> CONNECTION_ID()",
    [name],
  );
  return rows.map((row) => Number(row["id"]));
}

/** A commit of ten parallel steps. */
function wideCommit(seq: number): RunCommit {
  const [step] = stepCommit(seq).steps;
  const steps = Array.from({ length: 10 }, (_, ordinal) =>
    sampleStep({ ...step, ordinal, event: seq + ordinal }),
  );
  return nextCommit(seq, { steps });
}

test("a commit is stored once, whichever answer of the server is lost", needed, async (context) => {
  const database = await databaseOf(context);
  const proxy = await lossyProxy(context, 3306);
  const backend = await open(context, database.url.replace(":3306", `:${proxy.port}`));
  await backend.runs.commit([startCommit()]);
  await backend.runs.commit([stepCommit(2)]);
  // A usual commit is one answer, one of many rows is two: what its fence found, then the rows with the end. Each comes
  // in one or several parts.
  const told: (string | undefined)[] = [];
  for (const lost of [1, 2, 3, 4, 5, 6]) {
    proxy.loseAnswer(lost);
    told.push(...(await kinds(backend.runs.commit([{ ...stepCommit(2 * lost + 1), inboxSeen: 0 }]))));
    proxy.loseAnswer(lost);
    told.push(...(await kinds(backend.runs.commit([wideCommit(2 * lost + 2)]))));
  }
  proxy.loseAnswer(0);
  assert.deepEqual([...new Set(told)].sort(), ["committed", "duplicate"]);
  assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 14);
  const run = { tenant: "default", runId: "run-1", scope: "", from: "start" } as const;
  assert.equal((await backend.runs.readScope(run)).steps.length, 1 + 6 + 60);
});

test("connections that the server ends lose and double nothing", needed, async (context) => {
  const database = await databaseOf(context);
  const backend = await open(context, database.url);
  const killer = await rawConnection(context, database.url);
  const runs = ["a", "b", "c", "d"];
  await backend.runs.commit(runs.map((runId) => startCommit({ runId })));
  let ended = 0;
  const told = new Set<string>();
  for (let seq = 2; seq <= 60; seq++) {
    const commits = runs.map((runId) => kinds(backend.runs.commit([stepCommit(seq, { runId })])));
    for (const id of seq % 3 === 0 ? await connectionsTo(killer, database) : []) {
      // One that has ended by itself meanwhile is no trouble.
      const hasEnded = await killer.query(`KILL ${id}`).then(
        () => true,
        (error: { code?: string }) => error.code !== "ER_NO_SUCH_THREAD",
      );
      if (hasEnded) ended += 1;
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
  const database = await databaseOf(context);
  const backend = await open(context, database.url);
  await backend.runs.commit([startCommit({ runId: "a" }), startCommit({ runId: "b" })]);
  const other = await rawConnection(context, database.url);
  await other.query("CREATE TABLE weight (n INT PRIMARY KEY)");
  const touch = (runId: string) =>
    other.query(
      "UPDATE af_runs SET updated_at = updated_at + 1 WHERE rid = (SELECT rid FROM af_origins WHERE run_id = ?)",
      [runId],
    );
  await other.query("BEGIN");
  // The server ends the transaction that changed less.
  await other.query(`INSERT INTO weight VALUES ${Array.from({ length: 50 }, (_, n) => `(${n})`).join(", ")}`);
  await touch("b");
  const results = kinds(backend.runs.commit([stepCommit(2, { runId: "a" }), stepCommit(2, { runId: "b" })]));
  await untilWaiting(await rawConnection(context, database.url), database);
  await touch("a");
  await other.query("COMMIT");
  assert.deepEqual(await results, ["committed", "committed"]);
});

/** Resolves when the store waits for a lock of another transaction. */
async function untilWaiting(connection: Connection, database: TemporaryDatabase): Promise<void> {
  for (;;) {
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT 1 FROM information_schema.innodb_trx t JOIN information_schema.processlist p
        ON p.id = t.trx_mysql_thread_id WHERE p.db = ? AND t.trx_state = 'LOCK WAIT'`,
      [database.name],
    );
    if (rows.length > 0) return;
    // The server looks again only when nobody asked for 100 ms.
    await setTimeout(150);
  }
}

test("batches of two processes over the same runs in any order all end", needed, async (context) => {
  const database = await databaseOf(context);
  const [first, second] = [await open(context, database.url), await open(context, database.url)];
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

test(
  "a workflow's transaction that the server undid to end a deadlock is executed again, as if it had not been",
  needed,
  async (context) => {
    const database = await databaseOf(context);
    const backend = await open(context, database.url);
    await backend.runs.commit([startCommit()]);
    await database.execute("CREATE TABLE a (n INT PRIMARY KEY)", "INSERT INTO a VALUES (1), (2), (3)");
    const other = await rawConnection(context, database.url);
    await other.query("BEGIN");
    await other.query("UPDATE a SET n = n + 10 WHERE n IN (2, 3)");
    let executions = 0;
    const result = await backend.runs.transact(
      async (sql) => {
        executions += 1;
        await sql.run("UPDATE a SET n = 100 WHERE n = 1");
        if (executions === 1) {
          const caught = assert.rejects(sql.run("UPDATE a SET n = 200 WHERE n = 2"));
          await untilWaiting(await rawConnection(context, database.url), database);
          await other.query("UPDATE a SET n = 50 WHERE n = 1");
          await caught;
          await other.query("ROLLBACK");
        }
        await sql.run("INSERT INTO a VALUES (4)");
        return null;
      },
      () => stepCommit(2),
    );
    assert.deepEqual(result, { kind: "committed" });
    assert.equal(executions, 2);
    const [rows] = await other.query<RowDataPacket[]>("SELECT n FROM a ORDER BY n");
    assert.deepEqual(
      rows.map((row) => row["n"]),
      [2, 3, 4, 100],
    );
    assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 2);
  },
);

test("a member that the database refuses does not take the others with it", needed, async (context) => {
  const database = await databaseOf(context);
  const backend = await open(context, database.url);
  await backend.runs.commit([startCommit(), startCommit({ runId: "run-2" })]);
  const broken = nextCommit(2, { steps: [sampleStep({ scope: "s".repeat(2_001) })] });
  const results = await backend.runs.commit([broken, stepCommit(2, { runId: "run-2" })]);
  assert.deepEqual(
    results.map(({ kind }) => kind),
    ["failed", "committed"],
  );
  assert.equal((await backend.runs.readHead("default", "run-1"))?.seq, 1);
});

test("all reads of a snapshot see one state", needed, async (context) => {
  const database = await databaseOf(context);
  const backend = await open(context, database.url);
  await backend.runs.commit([startCommit()]);
  const pooled = new PooledDatabase(new MysqlPool(mysql.createPool(database.url), [], 60_000), 1_000);
  context.after(() => pooled.close());
  const seqs = await pooled.snapshot(async (session) => {
    const before = await session.rows("SELECT seq FROM af_runs");
    await backend.runs.commit([stepCommit(2)]);
    return [before, await session.rows("SELECT seq FROM af_runs")];
  });
  assert.deepEqual(seqs[0], seqs[1]);
});

test("a value that the server does not take is told with the setting to raise", needed, async (context) => {
  const database = await databaseOf(context);
  const backend = await open(context, database.url);
  const [rows] = await (await rawConnection(context, database.url)).query<RowDataPacket[]>(
    "SELECT @@max_allowed_packet AS bytes",
  );
  await backend.runs.commit([startCommit()]);
  const [result] = await backend.runs.commit([
    stepCommit(2, { delta: "x".repeat(Number(rows[0]?.["bytes"])) }),
  ]);
  assert.ok(result?.kind === "failed" && result.error instanceof StoreFailedError);
  assert.match(result.error.hint, /max_allowed_packet/);
  assert.deepEqual(await kinds(backend.runs.commit([stepCommit(2)])), ["committed"]);
});

test("a server that does not answer is told at once when a store is opened", async () => {
  await assert.rejects(
    openMysql({ url: "mysql://me:s3cret@127.0.0.1:1/db" }),
    (error) => error instanceof StoreUnavailableError && !String(error.stack).includes("s3cret"),
  );
});

test("a URL without a database, or an unknown durability, opens nothing", async () => {
  await assert.rejects(openMysql({ url: "mysql://me:s3cret@127.0.0.1" }), ConfigError);
  await assert.rejects(openMysql({ url: "mysql://h/d", durability: { batchedMs: 0 } }), ConfigError);
});
