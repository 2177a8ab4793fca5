import { createHash } from "node:crypto";
import { createConnection } from "mysql2/promise";
import pg from "pg";
import { mysqlUrl, postgresUrl } from "./server-urls.ts";

/** A part of a database server that belongs to one folder of a benchmark; empty when opened. */
export interface ServerPlace {
  /** The name of the schema or database. */
  readonly name: string;
  readonly url: string;
  /** Removes it with all it holds. */
  drop(): Promise<void>;
}

/** Set in processes that are to find what the last one with the same folder left, as a restarted service does. */
export const keepPlaces = "BENCH_KEEP_PLACES";

/** Makes a schema on PostgreSQL, or a database on MySQL, for a folder. Its name begins with `bench_`. */
export async function openServerPlace(server: "postgres" | "mysql", directory: string): Promise<ServerPlace> {
  const name = `bench_${createHash("sha256").update(directory).digest("hex").slice(0, 24)}`;
  const place = server === "postgres" ? postgresPlace(name) : mysqlPlace(name);
  if (process.env[keepPlaces] !== undefined) {
    await place.create();
    return { ...place, drop: async () => undefined };
  }
  await place.drop();
  await place.create();
  return place;
}

function postgresPlace(name: string) {
  return {
    name,
    url: `${postgresUrl}?options=${encodeURIComponent(`-c search_path=${name}`)}`,
    create: () => onPostgres(`CREATE SCHEMA IF NOT EXISTS ${name}`),
    drop: () => onPostgres(`DROP SCHEMA IF EXISTS ${name} CASCADE`),
  };
}

function mysqlPlace(name: string) {
  return {
    name,
    url: `${mysqlUrl}/${name}`,
    create: () => onMysql(`CREATE DATABASE IF NOT EXISTS ${name}`),
    drop: () => onMysql(`DROP DATABASE IF EXISTS ${name}`),
  };
}

async function onPostgres(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function onMysql(statement: string): Promise<void> {
  const connection = await createConnection(mysqlUrl);
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}
