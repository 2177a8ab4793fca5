import { createConnection, type RowDataPacket } from "mysql2/promise";
import pg from "pg";
import { mysqlUrl, postgresUrl } from "./server-urls.ts";

/** The versions of the database servers with the settings that decide what a commit survives, or what is amiss. */
export async function serverVersions(): Promise<Readonly<Record<string, string>>> {
  return { PostgreSQL: await told(postgresVersion), MariaDB: await told(mysqlVersion) };
}

async function told(version: () => Promise<string>): Promise<string> {
  try {
    return await version();
  } catch (error) {
    return `unknown (${error instanceof Error ? error.message || error.name : String(error)})`;
  }
}

async function postgresVersion(): Promise<string> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    const settings = ["server_version", "fsync", "synchronous_commit"];
    const { rows } = await client.query<{ name: string; setting: string }>(
      "SELECT name, setting FROM pg_settings WHERE name = ANY($1)",
      [settings],
    );
    const [version, ...others] = settings.map((name) => rows.find((row) => row.name === name)?.setting ?? "");
    return `${version} (fsync ${others[0]}, synchronous_commit ${others[1]})`;
  } finally {
    await client.end();
  }
}

async function mysqlVersion(): Promise<string> {
  const connection = await createConnection(mysqlUrl);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      "SELECT version() AS version, @@innodb_flush_log_at_trx_commit AS flush",
    );
    return `${rows[0]?.["version"]} (innodb_flush_log_at_trx_commit ${rows[0]?.["flush"]})`;
  } finally {
    await connection.end();
  }
}
