import { invariant, StoreNewerError } from "@agentflow/core";
import type { ClientBase } from "pg";
import type { Migration } from "./migration.ts";
import { postgresRuns } from "./postgres-0001-runs.ts";

/** Every migration of the PostgreSQL store, oldest first. */
export const postgresMigrations: readonly Migration[] = [postgresRuns];

/** The schema version that this program reads and writes. */
export const postgresSchemaVersion: number = postgresMigrations.length;

// "AfSt": the first key of the lock, so that it meets no other program's; the second tells schemas apart.
const lockSql = "SELECT pg_advisory_xact_lock(1097225076, hashtext(current_schema()))";

/** The schema version of the connection's schema: 0 when it has none of AgentFlow's tables. */
export async function readPostgresVersion(client: ClientBase): Promise<number> {
  const known = await client.query<{ known: number }>(
    "SELECT count(*)::int AS known FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'af_meta'",
  );
  if (known.rows[0]?.known !== 1) return 0;
  const { rows } = await client.query<{ value: number }>("SELECT value FROM af_meta WHERE key = 'schema'");
  return rows[0]?.value ?? 0;
}

/**
 * Brings the schema to `target` (default: the newest), up or down, in one transaction: whatever fails leaves the
 * schema before it. Processes that do the same at the same time wait for each other. Throws StoreNewerError for a
 * database from a newer program.
 */
export async function migratePostgres(
  client: ClientBase,
  target: number = postgresSchemaVersion,
): Promise<void> {
  invariant(target >= 0 && target <= postgresSchemaVersion, `There is no schema version ${target}.`);
  const found = await readPostgresVersion(client);
  refuseNewer(found);
  if (found === target) return;
  await client.query("BEGIN");
  try {
    await client.query(lockSql);
    // Read again under the lock: another process may have migrated meanwhile.
    let version = await readPostgresVersion(client);
    refuseNewer(version);
    while (version !== target) version = await moveOnce(client, version, target);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}

async function moveOnce(client: ClientBase, version: number, target: number): Promise<number> {
  const upwards = target > version;
  const migration = postgresMigrations[upwards ? version : version - 1];
  invariant(migration !== undefined, `There is no migration from schema version ${version}.`);
  if (version === 0)
    await client.query("CREATE TABLE af_meta (key text PRIMARY KEY, value integer NOT NULL)");
  await client.query((upwards ? migration.up : migration.down).join(";\n"));
  const reached = upwards ? migration.version : migration.version - 1;
  if (reached === 0) await client.query("DROP TABLE af_meta");
  else
    await client.query(
      `INSERT INTO af_meta (key, value) VALUES ('schema', $1)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      [reached],
    );
  return reached;
}

function refuseNewer(version: number): void {
  if (version <= postgresSchemaVersion) return;
  throw new StoreNewerError(
    `The store has schema version ${version}; this program knows up to ${postgresSchemaVersion}.`,
    { context: { version, known: postgresSchemaVersion } },
  );
}
