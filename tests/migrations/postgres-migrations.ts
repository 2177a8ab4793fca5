import pg from "pg";
import {
  migratePostgres,
  postgresMigrations,
  readPostgresApplied,
  readPostgresVersion,
} from "../../packages/store/src/migrations/migrate-postgres.ts";
import { temporarySchema } from "../postgres-schema.ts";
import { digest, type MigrationKind, ProcessEnded, recordTables, untilEnded } from "./migration-database.ts";

/** Migrations of schemas of a PostgreSQL server. */
export const postgresMigrationKind: MigrationKind = {
  key: "postgres",
  name: "PostgreSQL",
  service: "postgres",
  migrations: postgresMigrations,
  stride: 4,
  async create() {
    const schema = await temporarySchema();
    const connected = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
      const client = new pg.Client({ connectionString: schema.url });
      await client.connect();
      try {
        return await work(client);
      } finally {
        await client.end();
      }
    };
    return {
      url: schema.url,
      migrate: (target) => connected((client) => migratePostgres(client, target)),
      migrateUntil: (target, statements) =>
        connected((client) => untilEnded(() => migratePostgres(endingAfter(client, statements), target))),
      version: () => connected(readPostgresVersion),
      applied: () => connected(readPostgresApplied),
      schema: () => connected(describePostgres),
      rows: () => connected(rowsOf),
      execute: schema.execute,
      drop: schema.drop,
    };
  },
};

// The server undoes what a connection leaves open.
function endingAfter(client: pg.Client, statements: number): pg.Client {
  let left = statements;
  const query = async (...given: Parameters<pg.Client["query"]>) => {
    if (left-- > 0) return client.query(...given);
    throw new ProcessEnded();
  };
  return new Proxy(client, {
    get: (target, key) => (key === "query" ? query : Reflect.get(target, key, target)),
  });
}

// Oids and the name of the schema differ from one time to the next.
const parts = {
  columns: `SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull, a.attidentity,
      a.attgenerated, a.attstorage, a.attcompression, pg_get_expr(d.adbin, d.adrelid) AS fallback, l.collname
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped`,
  relations: `SELECT relname, relkind, relpersistence, reloptions FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace`,
  indexes: `SELECT i.indrelid::regclass AS relation, c.relname, pg_get_indexdef(i.indexrelid, 0, true) AS definition
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = current_schema()::regnamespace`,
  constraints: `SELECT conrelid::regclass AS relation, conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
    WHERE connamespace = current_schema()::regnamespace`,
} as const;

async function describePostgres(client: pg.Client): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [part, sql] of Object.entries(parts)) {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    for (const row of rows) lines.push(JSON.stringify([part, row]));
  }
  return lines.sort();
}

async function rowsOf(client: pg.Client): Promise<Record<string, string>> {
  const tables = await client.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename LIKE 'af\\_%'",
  );
  const rows: Record<string, string> = {};
  for (const { name } of tables.rows) {
    if (recordTables.has(name)) continue;
    const found = await client.query(`SELECT * FROM ${name}`);
    rows[name] = digest(found.rows);
  }
  return rows;
}
