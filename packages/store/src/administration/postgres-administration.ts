import type { Client } from "pg";
import {
  hasPostgresTable,
  migratePostgres,
  postgresMigrations,
  readPostgresApplied,
  readPostgresVersion,
} from "../migrations/migrate-postgres.ts";
import { connectPostgres } from "../postgres/connect-postgres.ts";
import { postgresError } from "../postgres/postgres-error.ts";
import { ownerOf, type StoreAdministration } from "./store-administration.ts";

/** The administration of a schema of a PostgreSQL server, over one connection. */
export async function postgresAdministration(url: string): Promise<StoreAdministration> {
  const client = await connectPostgres(url);
  const typed = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw postgresError(error);
    }
  };
  return {
    migrations: postgresMigrations,
    version: () => typed(readPostgresVersion(client)),
    applied: () => typed(readPostgresApplied(client)),
    migrate: (target) => typed(migratePostgres(client, target)),
    owners: () => typed(rowsIn(client, "af_owners").then((rows) => rows.map(ownerOf))),
    async countRuns() {
      const [row] = await typed(rowsIn(client, "af_runs", "count(*) AS runs"));
      return Number(row?.["runs"] ?? 0);
    },
    close: () => client.end(),
  };
}

async function rowsIn(client: Client, table: string, columns = "*"): Promise<Record<string, unknown>[]> {
  if (!(await hasPostgresTable(client, table))) return [];
  return (await client.query<Record<string, unknown>>(`SELECT ${columns} FROM ${table}`)).rows;
}
