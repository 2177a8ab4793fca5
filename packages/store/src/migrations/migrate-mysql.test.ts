import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { startCommit } from "@agentflow/contracts";
import { InvariantError, StoreFailedError, StoreNewerError } from "@agentflow/core";
import mysql, { type Connection, type RowDataPacket } from "mysql2/promise";
import { type TemporaryDatabase, temporaryDatabase } from "../../../../tests/mysql-database.ts";
import { service } from "../../../../tests/services.ts";
import { openMysql } from "../mysql/open-mysql.ts";
import { migrateMysql, mysqlMigrations, mysqlSchemaVersion, readMysqlVersion } from "./migrate-mysql.ts";

const needed = await service("mariadb");

async function connected(
  context: TestContext,
): Promise<{ database: TemporaryDatabase; connection: Connection }> {
  const database = await temporaryDatabase();
  const connection = await mysql.createConnection(database.url);
  context.after(async () => {
    await connection.end();
    await database.drop();
  });
  return { database, connection };
}

async function schemaOf(connection: Connection): Promise<string[]> {
  const [tables] = await connection.query<RowDataPacket[]>("SHOW TABLES");
  const texts: string[] = [];
  for (const table of tables) {
    const [rows] = await connection.query<RowDataPacket[]>(`SHOW CREATE TABLE ${Object.values(table)[0]}`);
    texts.push(String(rows[0]?.["Create Table"]).replace(/ AUTO_INCREMENT=\d+/, ""));
  }
  return texts;
}

test("the MySQL schema after up, down and up is the schema after up", needed, async (context) => {
  const { connection } = await connected(context);
  await connection.query("CREATE TABLE payments (id INT)");
  const before = await schemaOf(connection);
  await migrateMysql(connection);
  const after = await schemaOf(connection);
  assert.ok(after.length > before.length);
  await connection.query("INSERT INTO af_owners VALUES ('owner-1', 'host', 1, '1', 0)");
  for (let version = mysqlSchemaVersion - 1; version >= 0; version--) {
    await migrateMysql(connection, version);
    assert.equal(await readMysqlVersion(connection), version);
  }
  assert.deepEqual(await schemaOf(connection), before);
  await migrateMysql(connection);
  assert.deepEqual(await schemaOf(connection), after);
  assert.equal(await readMysqlVersion(connection), mysqlSchemaVersion);
});

test("a migration that ended anywhere is repaired by the next attempt", needed, async (context) => {
  const { connection } = await connected(context);
  await migrateMysql(connection);
  const whole = await schemaOf(connection);
  const [{ up }] = [mysqlMigrations[0] ?? { up: [] }];
  for (const done of [0, 1, 5, up.length]) {
    await migrateMysql(connection, 0);
    // What a process leaves that ends after so many statements.
    await connection.query(
      "CREATE TABLE af_meta (name VARCHAR(64) PRIMARY KEY, value BIGINT NOT NULL) COMMENT = 'AgentFlow'",
    );
    for (const statement of up.slice(0, done)) await connection.query(statement);
    await migrateMysql(connection);
    assert.deepEqual(await schemaOf(connection), whole);
    assert.equal(await readMysqlVersion(connection), mysqlSchemaVersion);
  }
});

test("a way back that ended anywhere is repaired by the next attempt", needed, async (context) => {
  const { connection } = await connected(context);
  const before = await schemaOf(connection);
  const [{ down }] = [mysqlMigrations[0] ?? { down: [] }];
  for (const done of [1, 5, down.length]) {
    await migrateMysql(connection);
    for (const statement of down.slice(0, done)) await connection.query(statement);
    await migrateMysql(connection, 0);
    assert.deepEqual(await schemaOf(connection), before);
  }
});

test("every column that identifies is kept as bytes", needed, async (context) => {
  const { connection } = await connected(context);
  await migrateMysql(connection);
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT DISTINCT s.table_name, s.column_name FROM information_schema.statistics s
      JOIN information_schema.columns c USING (table_schema, table_name, column_name)
      WHERE s.table_schema = DATABASE() AND c.collation_name IS NOT NULL AND s.table_name <> 'af_meta'`,
  );
  assert.deepEqual(rows, []);
});

test("every statement of a MySQL migration can be repeated", () => {
  for (const [index, migration] of mysqlMigrations.entries()) {
    assert.equal(migration.version, index + 1);
    assert.match(migration.name, /^[a-z][a-z-]*$/);
    assert.ok(migration.up.length > 0 && migration.down.length > 0);
    for (const statement of [...migration.up, ...migration.down])
      assert.match(statement, /^(CREATE TABLE IF NOT EXISTS|DROP TABLE IF EXISTS) af_/);
  }
});

test("processes that open one empty database at once make its tables once", needed, async (context) => {
  const { database, connection } = await connected(context);
  const opened = await Promise.all(Array.from({ length: 8 }, () => openMysql({ url: database.url })));
  assert.equal(await readMysqlVersion(connection), mysqlSchemaVersion);
  await opened[0]?.runs.commit([startCommit()]);
  assert.equal((await opened[7]?.runs.readHead("default", "run-1"))?.seq, 1);
  await Promise.all(opened.map(({ runs }) => runs.close()));
});

test("a process that migrates keeps the others waiting", needed, async (context) => {
  const { database, connection } = await connected(context);
  await connection.query("DO GET_LOCK(CONCAT('af_migrate_', MD5(DATABASE())), 0)");
  const opened = openMysql({ url: database.url });
  let waiting = 0;
  while (waiting === 0) {
    const [rows] = await connection.query<RowDataPacket[]>(
      "SELECT 1 FROM information_schema.processlist WHERE db = DATABASE() AND state = 'User lock'",
    );
    waiting = rows.length;
  }
  assert.deepEqual(await schemaOf(connection), []);
  await connection.query("DO RELEASE_ALL_LOCKS()");
  await (await opened).runs.close();
  assert.equal(await readMysqlVersion(connection), mysqlSchemaVersion);
});

test("a newer MySQL schema is refused and left as it is", needed, async (context) => {
  const { database, connection } = await connected(context);
  await migrateMysql(connection);
  await connection.query("UPDATE af_meta SET value = 99 WHERE name = 'schema'");
  const before = await schemaOf(connection);
  await assert.rejects(
    openMysql({ url: database.url }),
    (error) => error instanceof StoreNewerError && error.context["version"] === 99,
  );
  await assert.rejects(migrateMysql(connection, mysqlSchemaVersion + 1), InvariantError);
  assert.deepEqual(await schemaOf(connection), before);
});

test("a table of another program is neither used nor removed", needed, async (context) => {
  const { database, connection } = await connected(context);
  await connection.query("CREATE TABLE af_steps (mine INT)");
  const before = await schemaOf(connection);
  await assert.rejects(
    openMysql({ url: database.url }),
    (error) => error instanceof StoreFailedError && error.message.includes("af_steps"),
  );
  assert.deepEqual(await schemaOf(connection), before);
});
