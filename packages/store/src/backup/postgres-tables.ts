import { StoreNotEmptyError, StoreUnavailableError } from "@agentflow/core";
import type { Client } from "pg";

/** The schema that the connection works in, as SQL writes it. */
export async function schemaOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ schema: string | null }>(
    "SELECT quote_ident(current_schema()) AS schema",
  );
  const schema = rows[0]?.schema;
  if (typeof schema === "string") return schema;
  throw new StoreUnavailableError("The schema that the URL names does not exist.", {
    hint: "Create it, or leave search_path out of the URL.",
  });
}

/** AgentFlow's tables and those asked for. */
export async function namesToDump(client: Client, wanted: readonly string[]): Promise<readonly string[]> {
  const there = await tablesThere(client, wanted);
  const missing = wanted.filter((name) => !there.includes(name));
  if (missing.length === 0) return there;
  throw new StoreUnavailableError(`There is no table ${missing.join(", ")} in the schema of the store.`, {
    hint: "Name tables of the store's own schema with --table, without the schema.",
    context: { tables: missing },
  });
}

/** AgentFlow's tables and those of the given ones that exist, sorted. */
export async function tablesThere(client: Client, names: readonly string[]): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()
      AND (tablename LIKE 'af\\_%' OR tablename = ANY ($1)) ORDER BY 1`,
    [names],
  );
  return rows.map(({ name }) => name);
}

/** How many rows each table has. */
export async function countRows(client: Client, names: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) {
    const { rows } = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${quoted(name)}`);
    counts[name] = Number(rows[0]?.n);
  }
  return counts;
}

/** Throws StoreNotEmptyError if a table holds rows of a store, or of whoever made it. */
export async function refuseContent(client: Client, schema: string, there: readonly string[]): Promise<void> {
  const counts = await countRows(
    client,
    there.filter((name) => name !== "af_meta" && name !== "af_migrations"),
  );
  const held = Object.entries(counts).filter(([, rows]) => rows > 0);
  if (held.length === 0) return;
  const told = held.map(([name, rows]) => `${name} (${rows} rows)`).join(", ");
  throw new StoreNotEmptyError(`The schema ${schema} holds ${told}.`, { context: { tables: counts } });
}

/** The highest number that a run of the schema ever had. */
export async function lastRunNumber(client: Client, there: readonly string[]): Promise<number> {
  if (!there.includes("af_origins")) return 0;
  const { rows } = await client.query<{ last: string | null }>(
    "SELECT pg_sequence_last_value(pg_get_serial_sequence('af_origins', 'rid')::regclass) AS last",
  );
  return Number(rows[0]?.last ?? 0);
}

/** A name as SQL takes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
