import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { startCommit } from "@agentflow/contracts";
import { StoreFailedError, StoreOlderError } from "@agentflow/core";
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

test("a store whose migration did not come to its end is not opened", needed, async (context) => {
  const { database, connection } = await connected(context);
  await migrateMysql(connection);
  const { down = [] } = mysqlMigrations.at(-1) ?? {};
  // The newest migration may have nothing to do on this store.
  const undone = "irreversible" in down ? [] : down.slice(0, 1);
  for (const statement of undone) await connection.query(statement);
  await connection.query(
    "UPDATE af_migrations SET applied_at = NULL, direction = 'down', statements = ? WHERE version = ?",
    [undone.length, mysqlSchemaVersion],
  );
  await assert.rejects(
    openMysql({ url: database.url }),
    (error) => error instanceof StoreOlderError && error.hint.includes("af migrate up"),
  );
  await migrateMysql(connection);
  await (await openMysql({ url: database.url })).runs.close();
});
