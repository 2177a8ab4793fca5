import { invariant, StoreFailedError, StoreLockedError, StoreNewerError } from "@agentflow/core";
import type { Connection, RowDataPacket } from "mysql2/promise";
import type { Migration } from "./migration.ts";
import { mysqlRuns } from "./mysql-0001-runs.ts";

/** Every migration of the MySQL store, oldest first. */
export const mysqlMigrations: readonly Migration[] = [mysqlRuns];

/** The schema version that this program reads and writes. */
export const mysqlSchemaVersion: number = mysqlMigrations.length;

const mark = "AgentFlow";
const lockSeconds = 60;
// A lock belongs to the server, not to the database.
const lockName = "CONCAT('af_migrate_', MD5(DATABASE()))";

/** The schema version of the connection's database: 0 when it has none of AgentFlow's tables. */
export async function readMysqlVersion(connection: Connection): Promise<number> {
  const [known] = await connection.query<RowDataPacket[]>(
    "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'af_meta'",
  );
  if (known.length === 0) return 0;
  const [rows] = await connection.query<RowDataPacket[]>("SELECT value FROM af_meta WHERE name = 'schema'");
  return Number(rows[0]?.["value"] ?? 0);
}

/**
 * Brings the schema to `target` (default: the newest), up or down. Neither server undoes a migration that fails: it
 * leaves the version as it was, and the next attempt repeats its statements. Processes that do the same at the same
 * time wait for each other. Throws StoreNewerError for a database from a newer program, StoreFailedError where a
 * table of another program has a name of ours.
 */
export async function migrateMysql(
  connection: Connection,
  target: number = mysqlSchemaVersion,
): Promise<void> {
  invariant(target >= 0 && target <= mysqlSchemaVersion, `There is no schema version ${target}.`);
  const found = await readMysqlVersion(connection);
  refuseNewer(found);
  if (found === target) return;
  await lock(connection);
  try {
    // Read again under the lock: another process may have migrated meanwhile.
    let version = await readMysqlVersion(connection);
    refuseNewer(version);
    await refuseForeign(connection);
    while (version !== target) version = await moveOnce(connection, version, target);
  } finally {
    await connection.query(`DO RELEASE_LOCK(${lockName})`);
  }
}

async function lock(connection: Connection): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT GET_LOCK(${lockName}, ${lockSeconds}) AS taken`,
  );
  if (rows[0]?.["taken"] !== 1)
    throw new StoreLockedError("Another process migrates this database and does not come to an end.");
}

/** Repeating a migration takes a table that is there for its own. */
async function refuseForeign(connection: Connection): Promise<void> {
  const [foreign] = await connection.query<RowDataPacket[]>(
    `SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = DATABASE() AND table_name LIKE 'af\\_%' AND table_comment <> '${mark}'`,
  );
  const name = foreign[0]?.["name"];
  if (name === undefined) return;
  throw new StoreFailedError(`The table ${name} was not made by AgentFlow.`, {
    hint: "Give the store a database in which no other table has a name that starts with af_.",
  });
}

async function moveOnce(connection: Connection, version: number, target: number): Promise<number> {
  const upwards = target > version;
  const migration = mysqlMigrations[upwards ? version : version - 1];
  invariant(migration !== undefined, `There is no migration from schema version ${version}.`);
  await connection.query(
    `CREATE TABLE IF NOT EXISTS af_meta (name VARCHAR(64) PRIMARY KEY, value BIGINT NOT NULL) COMMENT = '${mark}'`,
  );
  for (const statement of upwards ? migration.up : migration.down) await connection.query(statement);
  const reached = upwards ? migration.version : migration.version - 1;
  if (reached === 0) await connection.query("DROP TABLE af_meta");
  else await connection.query("REPLACE INTO af_meta (name, value) VALUES ('schema', ?)", [reached]);
  return reached;
}

function refuseNewer(version: number): void {
  if (version <= mysqlSchemaVersion) return;
  throw new StoreNewerError(
    `The store has schema version ${version}; this program knows up to ${mysqlSchemaVersion}.`,
    { context: { version, known: mysqlSchemaVersion } },
  );
}
