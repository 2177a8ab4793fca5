import { join } from "node:path";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { DuckDatabase, type Row } from "../../execute/duck-database.ts";
import { quoteName, quoteNames, readFiles } from "../../execute/sql-text.ts";
import { tableOf } from "../../model/column-reference.ts";
import { sales } from "../../sales/sales-model.ts";
import { readManifest } from "../../storage/read-dataset.ts";
import { joinTime } from "../benchmark-questions.ts";
import type { Peer, PeerRequest } from "../peer.ts";

// What the questions need: the other columns would only make it slower.
const loaded: Readonly<Record<string, readonly string[]>> = {
  dim_time: ["time_key", "year", "quarter", "month"],
  dim_geography: ["geo_key", "region"],
  dim_product: ["product_key", "product_id", "name", "category"],
  sales_fact: ["time_key", "geo_key", "product_key", "revenue"],
};

/** SQLite, the database that everybody has: rows where the others have columns. */
export const sqlitePeer: Peer = {
  name: "SQLite",
  rowsMax: 10_000_000,
  open: async (request) => {
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(join(request.scratch, "peer.sqlite"));
    await fill(database, request);
    return {
      version: process.versions["sqlite"] ?? "unknown",
      answer: async ({ sql }) => ({ rows: database.prepare(sql(joinTime)).all().map(plainRow) }),
      [Symbol.asyncDispose]: async () => database.close(),
    };
  },
};

// Rows of SQLite have no prototype, by which they would differ from those of others.
function plainRow(row: Record<string, unknown>): Row {
  return { ...row } as Row;
}

async function fill(database: DatabaseSync, { directory, duck }: PeerRequest): Promise<void> {
  database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
  const { files } = await readManifest(directory);
  using duckdb = await DuckDatabase.open(directory, duck);
  using connection = await duckdb.connect();
  for (const [table, names] of Object.entries(loaded)) {
    createTable(database, table, names);
    const insert = database.prepare(
      `INSERT INTO ${quoteName(table)} VALUES (${names.map(() => "?").join(", ")})`,
    );
    for (const { path } of files.filter((each) => each.table === table && each.format === "parquet")) {
      const rows = await connection.rows(
        `SELECT ${quoteNames(names)} FROM ${readFiles("parquet", [join(directory, path)])}`,
      );
      database.exec("BEGIN");
      for (const row of rows) insert.run(...names.map((name) => row[name] as SQLInputValue));
      database.exec("COMMIT");
    }
  }
}

// A dimension is found by its key; the fact table is read as a whole.
function createTable(database: DatabaseSync, table: string, names: readonly string[]): void {
  const { key } = tableOf(sales, table);
  const columns = names.map(
    (name) => `${quoteName(name)}${key.length === 1 && key[0] === name ? " INTEGER PRIMARY KEY" : ""}`,
  );
  database.exec(`CREATE TABLE ${quoteName(table)} (${columns.join(", ")})`);
}
