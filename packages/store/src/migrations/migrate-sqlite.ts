import type { DatabaseSync } from "node:sqlite";
import { type AppliedMigration, type Migration, migrationChecksum } from "./migration.ts";
import { checkApplied, checkTarget, nextMove, refuseNewer } from "./migration-plan.ts";
import { sqliteRuns } from "./sqlite-0001-runs.ts";
import { sqliteListing } from "./sqlite-0002-listing.ts";
import { sqliteWaits } from "./sqlite-0003-waits.ts";
import { sqliteRetention } from "./sqlite-0004-retention.ts";
import { sqliteTime } from "./sqlite-0005-time.ts";

/** Every migration of the SQLite store, oldest first. */
export const sqliteMigrations: readonly Migration[] = [
  sqliteRuns,
  sqliteListing,
  sqliteWaits,
  sqliteRetention,
  sqliteTime,
];

// The schema version that this program reads and writes.
const sqliteSchemaVersion: number = sqliteMigrations.length;

// "AfSt": what `file` and other programs see in the header of a database that AgentFlow created.
const applicationId = 0x41665374;

/** The schema version of a database: 0 when it has none of AgentFlow's tables. */
export function readSqliteVersion(db: DatabaseSync): number {
  if (!hasSqliteTable(db, "af_meta")) return 0;
  const row = db.prepare("SELECT value FROM af_meta WHERE key = 'schema'").get();
  return Number(row?.["value"] ?? 0);
}

/** The migrations that a database went through, oldest first; those before it kept a list are missing. */
export function readSqliteApplied(db: DatabaseSync): readonly AppliedMigration[] {
  if (!hasSqliteTable(db, "af_migrations")) return [];
  const rows = db
    .prepare("SELECT version, name, checksum, applied_at FROM af_migrations ORDER BY version")
    .all();
  return rows.map((row) => ({
    version: Number(row["version"]),
    name: String(row["name"]),
    checksum: String(row["checksum"]),
    appliedAt: Number(row["applied_at"]),
  }));
}

/**
 * Brings the schema to `target` (default: the newest), up or down, each migration in a transaction of its own: one
 * that fails, or whose process ends, leaves the schema before it. Another process may do the same at the same time.
 * Throws StoreNewerError for a database from a newer program, MigrationRefusedError for a migration without a way back
 * or one that was another when the database went through it.
 */
export function migrateSqlite(db: DatabaseSync, target: number = sqliteSchemaVersion): void {
  checkTarget(sqliteMigrations, target);
  let version = readSqliteVersion(db);
  while (version !== target) {
    db.exec("BEGIN IMMEDIATE");
    try {
      // Read again under the lock: another process may have migrated meanwhile.
      version = readSqliteVersion(db);
      refuseNewer(sqliteMigrations, version);
      checkApplied(sqliteMigrations, readSqliteApplied(db));
      if (version !== target) version = moveOnce(db, version, target);
      db.exec("COMMIT");
    } catch (error) {
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  }
}

function moveOnce(db: DatabaseSync, version: number, target: number): number {
  const { migration, direction, statements, reached } = nextMove(sqliteMigrations, version, target);
  prepareRecord(db);
  for (const statement of statements) db.exec(statement);
  if (reached === 0) {
    db.exec("DROP TABLE af_migrations; DROP TABLE af_meta");
    return reached;
  }
  db.prepare("INSERT OR REPLACE INTO af_meta (key, value) VALUES ('schema', ?)").run(reached);
  if (direction === "down") db.prepare("DELETE FROM af_migrations WHERE version = ?").run(migration.version);
  else {
    db.prepare("INSERT INTO af_migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)").run(
      migration.version,
      migration.name,
      migrationChecksum(migration),
      Date.now(),
    );
  }
  return reached;
}

function prepareRecord(db: DatabaseSync): void {
  db.exec("CREATE TABLE IF NOT EXISTS af_meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID");
  db.exec(`CREATE TABLE IF NOT EXISTS af_migrations (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL
  )`);
  const current = db.prepare("PRAGMA application_id").get();
  if (current?.["application_id"] === 0) db.exec(`PRAGMA application_id = ${applicationId}`);
}

/** Whether a database has a table. */
export function hasSqliteTable(db: DatabaseSync, name: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !== undefined;
}
