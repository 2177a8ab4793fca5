import type { DatabaseSync } from "node:sqlite";
import { invariant, StoreNewerError } from "@agentflow/core";
import type { Migration } from "./migration.ts";
import { sqliteRuns } from "./sqlite-0001-runs.ts";

/** Every migration of the SQLite store, oldest first. */
export const sqliteMigrations: readonly Migration[] = [sqliteRuns];

/** The schema version that this program reads and writes. */
export const sqliteSchemaVersion: number = sqliteMigrations.length;

// "AfSt": what `file` and other programs see in the header of a database that AgentFlow created.
const applicationId = 0x41665374;

/** The schema version of a database: 0 when it has none of AgentFlow's tables. */
export function readSqliteVersion(db: DatabaseSync): number {
  const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'af_meta'").get();
  if (known === undefined) return 0;
  const row = db.prepare("SELECT value FROM af_meta WHERE key = 'schema'").get();
  return Number(row?.["value"] ?? 0);
}

/**
 * Brings the schema to `target` (default: the newest), up or down, each migration in a transaction of its own.
 * Another process may do the same at the same time. Throws StoreNewerError for a database from a newer program.
 */
export function migrateSqlite(db: DatabaseSync, target: number = sqliteSchemaVersion): void {
  invariant(target >= 0 && target <= sqliteSchemaVersion, `There is no schema version ${target}.`);
  let version = readSqliteVersion(db);
  while (version !== target) {
    db.exec("BEGIN IMMEDIATE");
    try {
      // Read again under the lock: another process may have migrated meanwhile.
      version = readSqliteVersion(db);
      refuseNewer(version);
      if (version !== target) version = moveOnce(db, version, target);
      db.exec("COMMIT");
    } catch (error) {
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  }
}

function moveOnce(db: DatabaseSync, version: number, target: number): number {
  const upwards = target > version;
  const migration = sqliteMigrations[upwards ? version : version - 1];
  invariant(migration !== undefined, `There is no migration from schema version ${version}.`);
  if (version === 0) prepareMeta(db);
  for (const statement of upwards ? migration.up : migration.down) db.exec(statement);
  const reached = upwards ? migration.version : migration.version - 1;
  if (reached === 0) db.exec("DROP TABLE af_meta");
  else db.prepare("INSERT OR REPLACE INTO af_meta (key, value) VALUES ('schema', ?)").run(reached);
  return reached;
}

function prepareMeta(db: DatabaseSync): void {
  db.exec("CREATE TABLE af_meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID");
  const current = db.prepare("PRAGMA application_id").get();
  if (current?.["application_id"] === 0) db.exec(`PRAGMA application_id = ${applicationId}`);
}

function refuseNewer(version: number): void {
  if (version <= sqliteSchemaVersion) return;
  throw new StoreNewerError(
    `The store has schema version ${version}; this program knows up to ${sqliteSchemaVersion}.`,
    { context: { version, known: sqliteSchemaVersion } },
  );
}
