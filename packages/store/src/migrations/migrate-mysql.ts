import { invariant, StoreFailedError, StoreLockedError, StoreOlderError } from "@agentflow/core";
import type { Connection, ResultSetHeader, RowDataPacket } from "mysql2/promise";
import { type AppliedMigration, type Migration, migrationChecksum } from "./migration.ts";
import {
  checkApplied,
  checkTarget,
  type MigrationDirection,
  type MigrationMove,
  moveOf,
  nextMove,
  refuseNewer,
  refuseOther,
} from "./migration-plan.ts";
import { mysqlRuns } from "./mysql-0001-runs.ts";
import { mysqlListing } from "./mysql-0002-listing.ts";
import { mysqlWaits } from "./mysql-0003-waits.ts";
import { mysqlRetention } from "./mysql-0004-retention.ts";
import { mysqlTime } from "./mysql-0005-time.ts";

/** Every migration of the MySQL store, oldest first. */
export const mysqlMigrations: readonly Migration[] = [
  mysqlRuns,
  mysqlListing,
  mysqlWaits,
  mysqlRetention,
  mysqlTime,
];

/** The schema version that this program reads and writes. */
export const mysqlSchemaVersion: number = mysqlMigrations.length;

const mysqlMark = "AgentFlow";

// A statement that waits for a table keeps all others from it, so it gives up early.
const lockSeconds = 60;
const tableWaitSeconds = 10;
// A lock belongs to the server, not to the database.
const lockName = "CONCAT('af_migrate_', MD5(DATABASE()))";

// What a server answers to a change of the schema that it has made before.
const madeBefore = new Set([
  "ER_TABLE_EXISTS_ERROR",
  "ER_BAD_TABLE_ERROR",
  "ER_DUP_FIELDNAME",
  "ER_DUP_KEYNAME",
  "ER_CANT_DROP_FIELD_OR_KEY",
]);

/** A migration that was begun and did not come to its end. */
interface Unfinished {
  readonly version: number;
  readonly direction: MigrationDirection;
  /** How many of its statements are known to be done; the next one may be. */
  readonly statements: number;
}

interface MysqlSchema {
  readonly version: number;
  readonly unfinished: Unfinished | undefined;
  readonly hasRecord: boolean;
}

/** The schema version of the connection's database: 0 when it has none of AgentFlow's tables. */
export async function readMysqlVersion(connection: Connection): Promise<number> {
  return (await readSchema(connection)).version;
}

/** Makes the tables in a database that has none. Throws StoreOlderError or StoreNewerError for one of another version. */
export async function prepareMysql(connection: Connection): Promise<void> {
  const found = await readSchema(connection);
  if (found.version === 0) return migrateMysql(connection);
  refuseUnknown(found);
  refuseOther(mysqlMigrations, found.version);
  const { unfinished } = found;
  if (unfinished === undefined) return;
  throw new StoreOlderError(`Migration ${unfinished.version} of the store did not come to its end.`, {
    hint: "`af migrate up` finishes it.",
    context: { version: unfinished.version, direction: unfinished.direction },
  });
}

/**
 * Brings the schema to `target` (default: the newest), up or down. Neither server undoes a migration that fails. How
 * far it came is written down, and the next attempt finishes it before it does anything else. Processes that do the
 * same at the same time wait for each other. Throws StoreNewerError for a database from a newer program,
 * StoreFailedError where a table of another program has a name of ours, MigrationRefusedError for a migration without a
 * way back or one that was another when the database went through it.
 */
export async function migrateMysql(
  connection: Connection,
  target: number = mysqlSchemaVersion,
): Promise<void> {
  checkTarget(mysqlMigrations, target);
  const found = await readSchema(connection);
  refuseUnknown(found);
  if (isAt(found, target)) return;
  await lockMysqlMigrations(connection);
  try {
    await connection.query(`SET SESSION lock_wait_timeout = ${tableWaitSeconds}`);
    await moveTo(connection, target);
  } finally {
    await connection.query("SET SESSION lock_wait_timeout = DEFAULT");
    await unlockMysqlMigrations(connection);
  }
}

/** Waits until no other connection changes the schema, and keeps them from it. Throws StoreLockedError after a minute. */
export async function lockMysqlMigrations(connection: Connection): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT GET_LOCK(${lockName}, ${lockSeconds}) AS taken`,
  );
  if (rows[0]?.["taken"] !== 1)
    throw new StoreLockedError("Another process migrates this database and does not come to an end.");
}

/** The end of {@link lockMysqlMigrations}. */
export async function unlockMysqlMigrations(connection: Connection): Promise<void> {
  await connection.query(`DO RELEASE_LOCK(${lockName})`);
}

async function moveTo(connection: Connection, target: number): Promise<void> {
  // Read again under the lock: another process may have migrated meanwhile.
  const found = await readSchema(connection);
  refuseUnknown(found);
  await refuseForeign(connection);
  checkApplied(mysqlMigrations, await readMysqlApplied(connection));
  let { version } = found;
  if (found.unfinished !== undefined) version = await finish(connection, found.unfinished);
  while (version !== target) {
    const move = nextMove(mysqlMigrations, version, target);
    await begin(connection, move);
    version = await perform(connection, move, { from: 0, isRepeated: false });
  }
  if (version === 0) await connection.query("DROP TABLE IF EXISTS af_migrations, af_meta");
}

async function finish(
  connection: Connection,
  { version, direction, statements }: Unfinished,
): Promise<number> {
  const migration = mysqlMigrations[version - 1];
  invariant(migration !== undefined, `There is no migration ${version}.`);
  return perform(connection, moveOf(migration, direction), { from: statements, isRepeated: true });
}

/** Writes down that a migration is on its way. */
async function begin(connection: Connection, { migration, direction }: MigrationMove): Promise<void> {
  await connection.query(
    `CREATE TABLE IF NOT EXISTS af_meta (name VARCHAR(64) PRIMARY KEY, value BIGINT NOT NULL) COMMENT = '${mysqlMark}'`,
  );
  await connection.query(
    `CREATE TABLE IF NOT EXISTS af_migrations (
      version BIGINT PRIMARY KEY, name VARCHAR(255) NOT NULL, checksum VARCHAR(64) NOT NULL,
      applied_at BIGINT, direction VARCHAR(4), statements BIGINT NOT NULL
    ) COMMENT = '${mysqlMark}'`,
  );
  await connection.query(
    "REPLACE INTO af_migrations (version, name, checksum, direction, statements) VALUES (?, ?, ?, ?, 0)",
    [migration.version, migration.name, migrationChecksum(migration), direction],
  );
}

async function perform(
  connection: Connection,
  { migration, direction, statements, reached }: MigrationMove,
  { from, isRepeated }: { readonly from: number; readonly isRepeated: boolean },
): Promise<number> {
  for (const [index, statement] of statements.entries()) {
    if (index < from) continue;
    const done = `UPDATE af_migrations SET statements = ${index + 1} WHERE version = ${migration.version}`;
    if (changesRows(statement)) {
      await together(connection, [statement, done]);
      continue;
    }
    try {
      await connection.query(statement);
    } catch (error) {
      // Its end may have been the end of the process before it could be written down.
      if (!isRepeated || index !== from || !isMadeBefore(error)) throw error;
    }
    await connection.query(done);
  }
  const record =
    direction === "up"
      ? `UPDATE af_migrations SET applied_at = ${Date.now()}, direction = NULL WHERE version = ${migration.version}`
      : `DELETE FROM af_migrations WHERE version = ${migration.version}`;
  await together(connection, [`REPLACE INTO af_meta (name, value) VALUES ('schema', ${reached})`, record]);
  return reached;
}

async function together(connection: Connection, statements: readonly string[]): Promise<void> {
  await connection.query<ResultSetHeader>("START TRANSACTION");
  try {
    for (const statement of statements) await connection.query(statement);
    await connection.query("COMMIT");
  } catch (error) {
    await connection.query("ROLLBACK");
    throw error;
  }
}

/** The migrations that a database went through, oldest first; those before it kept a list are missing. */
export async function readMysqlApplied(connection: Connection): Promise<readonly AppliedMigration[]> {
  if (!(await hasMysqlTable(connection, "af_migrations"))) return [];
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT version, name, checksum, applied_at FROM af_migrations ORDER BY version",
  );
  return rows.map((row) => ({
    version: Number(row["version"]),
    name: String(row["name"]),
    checksum: String(row["checksum"]),
    appliedAt: row["applied_at"] === null ? undefined : Number(row["applied_at"]),
  }));
}

async function readSchema(connection: Connection): Promise<MysqlSchema> {
  const hasRecord = await hasMysqlTable(connection, "af_meta");
  if (!hasRecord) return { version: 0, unfinished: undefined, hasRecord };
  const [rows] = await connection.query<RowDataPacket[]>("SELECT value FROM af_meta WHERE name = 'schema'");
  const version = Number(rows[0]?.["value"] ?? 0);
  if (!(await hasMysqlTable(connection, "af_migrations")))
    return { version, unfinished: undefined, hasRecord };
  const [begun] = await connection.query<RowDataPacket[]>(
    "SELECT version, direction, statements FROM af_migrations WHERE direction IS NOT NULL",
  );
  const row = begun[0];
  if (row === undefined) return { version, unfinished: undefined, hasRecord };
  const direction = row["direction"] === "up" ? "up" : "down";
  const unfinished = {
    version: Number(row["version"]),
    direction,
    statements: Number(row["statements"]),
  } as const;
  return { version, unfinished, hasRecord };
}

function isAt({ version, unfinished, hasRecord }: MysqlSchema, target: number): boolean {
  return version === target && unfinished === undefined && hasRecord === target > 0;
}

/** A newer program may have ended on its way to a version that this one does not know. */
function refuseUnknown({ version, unfinished }: MysqlSchema): void {
  refuseNewer(mysqlMigrations, Math.max(version, unfinished?.version ?? 0));
}

/** Finishing a migration takes a table that is there for its own. */
async function refuseForeign(connection: Connection): Promise<void> {
  const [foreign] = await connection.query<RowDataPacket[]>(
    `SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = DATABASE() AND table_name LIKE 'af\\_%' AND table_comment <> '${mysqlMark}'`,
  );
  const name = foreign[0]?.["name"];
  if (name === undefined) return;
  throw new StoreFailedError(`The table ${name} was not made by AgentFlow.`, {
    hint: "Give the store a database in which no other table has a name that starts with af_.",
  });
}

/** Whether the connection's database has a table. */
export async function hasMysqlTable(connection: Connection, name: string): Promise<boolean> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?",
    [name],
  );
  return rows.length > 0;
}

/** Such a statement and the note that it is done are one transaction. */
function changesRows(statement: string): boolean {
  return /^\s*(INSERT|UPDATE|DELETE|REPLACE)\b/i.test(statement);
}

function isMadeBefore(error: unknown): boolean {
  return madeBefore.has(String((error as { code?: unknown }).code));
}
