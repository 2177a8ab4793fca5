import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import mysql from "mysql2/promise";
import pg from "pg";
import { openStore } from "../../../packages/store/src/index.ts";
import { type ListPlace, listStatement } from "../../../packages/store/src/sql/list-statement.ts";
import { firstRunAt, type ListFilter, runIntervalMs } from "./list-filter.ts";
import { type SeedDialect, seedStatements } from "./seed.ts";

/** A store that is filled for lists, and can say how it finds a list. */
export interface ListedStore {
  readonly url: string;
  /** Makes the schema and fills it. */
  fill(runs: number): Promise<void>;
  /** Which tables or indexes a list reads from one end to the other. */
  scans(filter: ListFilter): Promise<readonly string[]>;
  drop(): Promise<void>;
}

export type ListedStoreKind = "sqlite" | "postgres" | "mysql";

const postgresServer = process.env["BENCH_POSTGRES_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";
const mysqlServer = process.env["BENCH_MYSQL_URL"] ?? "mysql://root@127.0.0.1:3306";
const database = `bench_listing_${process.pid}`;

/** An empty store of a kind; the folder is for one that is a file. */
export async function listedStore(kind: ListedStoreKind, directory: string): Promise<ListedStore> {
  if (kind === "sqlite") return sqliteStore(join(directory, "listing.db"));
  return kind === "postgres" ? postgresStore() : mysqlStore();
}

function sqliteStore(path: string): ListedStore {
  const dialect: SeedDialect = {
    numbers: (runs) =>
      `(WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${runs}) SELECT n FROM numbers)`,
    padded: (expression, length) => `substr('${"0".repeat(length)}' || (${expression}), -${length})`,
    concat: (...parts) => parts.map((part) => `(${part})`).join(" || "),
    originKey: false,
    overriding: "",
  };
  const opened = <T>(work: (db: DatabaseSync) => T): T => {
    const db = new DatabaseSync(path);
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  return {
    url: `sqlite:${path}`,
    async fill(runs) {
      await makeSchema(`sqlite:${path}`);
      opened((db) => {
        db.exec("BEGIN");
        for (const statement of seedStatements(runs, dialect)) db.exec(statement);
        db.exec("COMMIT");
      });
    },
    scans: async (filter) =>
      opened((db) => {
        const { sql, values } = statementOf(filter, (index) => ` INDEXED BY ${index}`);
        const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
        return plan
          .map(({ detail }) => String(detail))
          .filter((detail) => /^SCAN (af_|o\b|r\b)/.test(detail));
      }),
    async drop() {
      for (const suffix of ["", "-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
    },
  };
}

async function postgresStore(): Promise<ListedStore> {
  const url = postgresServer.replace(/\/[^/]*$/, `/${database}`);
  const run = async <T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };
  await run(postgresServer, (client) => client.query(`CREATE DATABASE ${database}`));
  const dialect: SeedDialect = {
    numbers: (runs) => `generate_series(1, ${runs}) AS numbers(n)`,
    padded: (expression, length) => `lpad((${expression})::text, ${length}, '0')`,
    concat: (...parts) => parts.map((part) => `(${part})`).join(" || "),
    originKey: true,
    overriding: "OVERRIDING SYSTEM VALUE",
  };
  return {
    url,
    async fill(runs) {
      await makeSchema(url);
      await run(url, async (client) => {
        for (const statement of seedStatements(runs, dialect)) await client.query(statement);
        // What the server does by itself a minute later.
        await client.query("VACUUM ANALYZE");
      });
    },
    scans: (filter) =>
      run(url, async (client) => {
        const { sql, values } = statementOf(filter, () => "");
        // As the store's own connections do.
        await client.query("SET enable_seqscan = off");
        let count = 0;
        const text = sql.replaceAll("?", () => `$${++count}`);
        const { rows } = await client.query<{ "QUERY PLAN": string }>({
          text: `EXPLAIN ${text}`,
          values: [...values],
        });
        return rows.map((row) => row["QUERY PLAN"].trim()).filter((line) => line.includes("Seq Scan"));
      }),
    drop: async () => {
      await run(postgresServer, (client) => client.query(`DROP DATABASE ${database} WITH (FORCE)`));
    },
  };
}

async function mysqlStore(): Promise<ListedStore> {
  const url = `${mysqlServer}/${database}`;
  const run = async <T>(server: string, work: (connection: mysql.Connection) => Promise<T>): Promise<T> => {
    const connection = await mysql.createConnection(server);
    try {
      return await work(connection);
    } finally {
      await connection.end();
    }
  };
  await run(mysqlServer, (connection) => connection.query(`CREATE DATABASE ${database}`));
  const dialect: SeedDialect = {
    numbers: (runs) => `(SELECT seq AS n FROM seq_1_to_${runs}) numbers`,
    padded: (expression, length) => `LPAD(${expression}, ${length}, '0')`,
    concat: (...parts) => `CONCAT(${parts.join(", ")})`,
    originKey: true,
    overriding: "",
  };
  return {
    url,
    async fill(runs) {
      await makeSchema(url);
      await run(url, async (connection) => {
        for (const statement of seedStatements(runs, dialect)) await connection.query(statement);
        await connection.query("ANALYZE TABLE af_origins, af_runs");
      });
    },
    scans: (filter) =>
      run(url, async (connection) => {
        const { sql, values } = statementOf(filter, (index) => ` FORCE INDEX (${index})`);
        const [rows] = await connection.query<mysql.RowDataPacket[]>(`EXPLAIN ${sql}`, [...values]);
        return rows
          .filter((row) => ["ALL", "index"].includes(row["type"]) && /^(af_|o$|r$)/.test(row["table"]))
          .map((row) => `${row["type"]} ${row["table"]}`);
      }),
    drop: async () => {
      await run(mysqlServer, (connection) => connection.query(`DROP DATABASE ${database}`));
    },
  };
}

async function makeSchema(url: string): Promise<void> {
  const store = await openStore(url);
  await store.runs.close();
}

function statementOf(
  filter: ListFilter,
  hint: Parameters<typeof listStatement>[2],
): NonNullable<ReturnType<typeof listStatement>> {
  const { after, ...query } = filter.query as { after?: string };
  const nth = after === undefined ? undefined : Number(after.slice(2));
  const place: ListPlace | undefined =
    nth === undefined ? undefined : { createdAt: firstRunAt + nth * runIntervalMs, rid: nth };
  const statement = listStatement(query as Parameters<typeof listStatement>[0], place, hint);
  if (statement === undefined) throw new Error(`${filter.name} lists nothing`);
  return statement;
}
