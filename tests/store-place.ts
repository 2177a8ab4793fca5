import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Durability, StoreBackend } from "@agentflow/core";
import { openBackend } from "@agentflow/runtime";
import { createConnection } from "mysql2/promise";
import pg from "pg";
import { type TemporaryDatabase, temporaryDatabase } from "./mysql-database.ts";
import { temporarySchema } from "./postgres-schema.ts";

/** The stores that outlive a process. */
export const storeNames = ["sqlite", "postgres", "mysql"] as const;
export type StoreName = (typeof storeNames)[number];

/** Where runs are kept, in words that go from one process to another. */
export interface StorePlace {
  readonly store: StoreName;
  readonly url: string;
}

/** Rows as the database's own driver gives them, by the names of their columns. */
export type FoundRow = Readonly<Record<string, unknown>>;

/** A place of its own, which is removed afterwards. */
export interface TemporaryPlace extends StorePlace {
  /** Runs a statement, around the store. */
  rows(statement: string): Promise<readonly FoundRow[]>;
  drop(): Promise<void>;
}

/** Opens the store of a place. */
export function openPlace({ url }: StorePlace, durability: Durability = "normal"): Promise<StoreBackend> {
  return openBackend({ store: url, durability });
}

/** Runs a statement in the database of a place, over a connection of its own. */
export function rowsIn({ store, url }: StorePlace, statement: string): Promise<readonly FoundRow[]> {
  switch (store) {
    case "sqlite":
      return rowsInFile(url.slice("sqlite:".length), statement);
    case "postgres":
      return rowsInPostgres(url, statement);
    case "mysql":
      return rowsInMysql(url, statement);
  }
}

/** Makes a place for a test or a fault: a file in the folder, or a schema or database on the server that tests use. */
export async function temporaryPlace(store: StoreName, folder: string): Promise<TemporaryPlace> {
  const { url, drop } = await made(store, folder);
  const place: StorePlace = { store, url };
  return { ...place, rows: (statement) => rowsIn(place, statement), drop };
}

function made(store: StoreName, folder: string): Promise<Pick<TemporaryDatabase, "url" | "drop">> {
  switch (store) {
    case "sqlite":
      return Promise.resolve({ url: `sqlite:${join(folder, "agentflow.db")}`, drop: async () => undefined });
    case "postgres":
      return temporarySchema();
    case "mysql":
      return temporaryDatabase();
  }
}

async function rowsInFile(path: string, statement: string): Promise<readonly FoundRow[]> {
  const db = new DatabaseSync(path, { timeout: 5_000 });
  try {
    return db.prepare(statement).all();
  } finally {
    db.close();
  }
}

async function rowsInPostgres(url: string, statement: string): Promise<readonly FoundRow[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<FoundRow>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function rowsInMysql(url: string, statement: string): Promise<readonly FoundRow[]> {
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query(statement);
    return Array.isArray(rows) ? (rows as FoundRow[]) : [];
  } finally {
    await connection.end();
  }
}
