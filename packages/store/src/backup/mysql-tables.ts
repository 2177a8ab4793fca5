import { StoreNotEmptyError, StoreUnavailableError } from "@agentflow/core";
import type { Connection, RowDataPacket } from "mysql2/promise";

/** AgentFlow's tables and those asked for. */
export async function namesToDump(
  connection: Connection,
  wanted: readonly string[],
): Promise<readonly string[]> {
  const there = await tablesThere(connection, wanted);
  const missing = wanted.filter((name) => !there.includes(name));
  if (missing.length === 0) return there;
  throw new StoreUnavailableError(`There is no table ${missing.join(", ")} in the database of the store.`, {
    hint: "Name tables of the store's own database with --table.",
    context: { tables: missing },
  });
}

/** AgentFlow's tables and those of the given ones that exist, sorted. */
export async function tablesThere(
  connection: Connection,
  names: readonly string[],
): Promise<readonly string[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()
      AND table_type = 'BASE TABLE' AND (table_name LIKE 'af\\_%' OR table_name IN (?)) ORDER BY 1`,
    [names.length === 0 ? [""] : names],
  );
  return rows.map((row) => String(row["name"]));
}

/** Every table of a database, sorted; none where there is no such database. */
export async function tablesIn(connection: Connection, database: string): Promise<readonly string[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? ORDER BY 1",
    [database],
  );
  return rows.map((row) => String(row["name"]));
}

/** How many rows each table has, in the connection's database or another one. */
export async function countRows(
  connection: Connection,
  names: readonly string[],
  database?: string,
): Promise<Record<string, number>> {
  const prefix = database === undefined ? "" : `${quoted(database)}.`;
  const counts: Record<string, number> = {};
  for (const name of names) {
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT COUNT(*) AS n FROM ${prefix}${quoted(name)}`,
    );
    counts[name] = Number(rows[0]?.["n"]);
  }
  return counts;
}

/** Throws StoreNotEmptyError if a table holds rows of a store, or of whoever made it. */
export async function refuseContent(connection: Connection, there: readonly string[]): Promise<void> {
  const counts = await countRows(
    connection,
    there.filter((name) => name !== "af_meta" && name !== "af_migrations"),
  );
  const held = Object.entries(counts).filter(([, rows]) => rows > 0);
  if (held.length === 0) return;
  const told = held.map(([name, rows]) => `${name} (${rows} rows)`).join(", ");
  throw new StoreNotEmptyError(`The database holds ${told}.`, { context: { tables: counts } });
}

/** A name as SQL takes it. */
export function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
