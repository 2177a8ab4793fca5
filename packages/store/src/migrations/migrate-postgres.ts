import type { ClientBase } from "pg";
import { type AppliedMigration, type Migration, migrationChecksum } from "./migration.ts";
import { checkApplied, checkTarget, nextMove, refuseNewer, refuseOther } from "./migration-plan.ts";
import { postgresRuns } from "./postgres-0001-runs.ts";
import { postgresListing } from "./postgres-0002-listing.ts";
import { postgresWaits } from "./postgres-0003-waits.ts";
import { postgresRetention } from "./postgres-0004-retention.ts";
import { postgresTime } from "./postgres-0005-time.ts";

/** Every migration of the PostgreSQL store, oldest first. */
export const postgresMigrations: readonly Migration[] = [
  postgresRuns,
  postgresListing,
  postgresWaits,
  postgresRetention,
  postgresTime,
];

/** The schema version that this program reads and writes. */
export const postgresSchemaVersion: number = postgresMigrations.length;

/**
 * The key of the lock that whoever changes the schema holds. "AfSt" comes first, so that it meets no other program's;
 * the second part tells schemas apart.
 */
export const postgresMigrationLock = "1097225076, hashtext(current_schema())";

// Another process may be at work for a while. A statement that waits for a table keeps all others from it, so it
// gives up early.
const migratingMaxMs = 60_000;
const tableWaitMaxMs = 10_000;

/** The schema version of the connection's schema: 0 when it has none of AgentFlow's tables. */
export async function readPostgresVersion(client: ClientBase): Promise<number> {
  if (!(await hasPostgresTable(client, "af_meta"))) return 0;
  const { rows } = await client.query<{ value: number }>("SELECT value FROM af_meta WHERE key = 'schema'");
  return rows[0]?.value ?? 0;
}

/** The migrations that a schema went through, oldest first; those before it kept a list are missing. */
export async function readPostgresApplied(client: ClientBase): Promise<readonly AppliedMigration[]> {
  if (!(await hasPostgresTable(client, "af_migrations"))) return [];
  const { rows } = await client.query<Record<string, unknown>>(
    "SELECT version, name, checksum, applied_at FROM af_migrations ORDER BY version",
  );
  return rows.map((row) => ({
    version: Number(row["version"]),
    name: String(row["name"]),
    checksum: String(row["checksum"]),
    appliedAt: Number(row["applied_at"]),
  }));
}

/** Makes the tables in a schema that has none. Throws StoreOlderError or StoreNewerError for one of another version. */
export async function preparePostgres(client: ClientBase): Promise<void> {
  const version = await readPostgresVersion(client);
  if (version === 0) await migratePostgres(client);
  else refuseOther(postgresMigrations, version);
}

/**
 * Brings the schema to `target` (default: the newest), up or down, in one transaction: whatever fails leaves the
 * schema before it. Processes that do the same at the same time wait for each other. Throws StoreNewerError for a
 * database from a newer program, MigrationRefusedError for a migration without a way back or one that was another when
 * the database went through it.
 */
export async function migratePostgres(
  client: ClientBase,
  target: number = postgresSchemaVersion,
): Promise<void> {
  checkTarget(postgresMigrations, target);
  const found = await readPostgresVersion(client);
  refuseNewer(postgresMigrations, found);
  if (found === target) return;
  await client.query("BEGIN");
  try {
    await client.query(`SET LOCAL lock_timeout = ${migratingMaxMs}`);
    await client.query(`SELECT pg_advisory_xact_lock(${postgresMigrationLock})`);
    await client.query(`SET LOCAL lock_timeout = ${tableWaitMaxMs}`);
    // Read again under the lock: another process may have migrated meanwhile.
    let version = await readPostgresVersion(client);
    refuseNewer(postgresMigrations, version);
    checkApplied(postgresMigrations, await readPostgresApplied(client));
    while (version !== target) version = await moveOnce(client, version, target);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}

async function moveOnce(client: ClientBase, version: number, target: number): Promise<number> {
  const { migration, direction, statements, reached } = nextMove(postgresMigrations, version, target);
  await prepareRecord(client);
  for (const statement of statements) await client.query(statement);
  if (reached === 0) {
    await client.query("DROP TABLE af_migrations, af_meta");
    return reached;
  }
  await client.query(
    `INSERT INTO af_meta (key, value) VALUES ('schema', $1)
      ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    [reached],
  );
  if (direction === "down")
    await client.query("DELETE FROM af_migrations WHERE version = $1", [migration.version]);
  else {
    await client.query(
      "INSERT INTO af_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
      [migration.version, migration.name, migrationChecksum(migration), Date.now()],
    );
  }
  return reached;
}

async function prepareRecord(client: ClientBase): Promise<void> {
  // Asked for first: PostgreSQL would tell of a table that is there already.
  if (!(await hasPostgresTable(client, "af_meta")))
    await client.query("CREATE TABLE af_meta (key text PRIMARY KEY, value integer NOT NULL)");
  if (await hasPostgresTable(client, "af_migrations")) return;
  await client.query(`CREATE TABLE af_migrations (
    version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at bigint NOT NULL
  )`);
}

/** Whether the connection's schema has a table. */
export async function hasPostgresTable(client: ClientBase, name: string): Promise<boolean> {
  const { rows } = await client.query(
    "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1",
    [name],
  );
  return rows.length > 0;
}
