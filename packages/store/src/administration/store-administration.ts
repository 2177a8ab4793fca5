import { ConfigError, type OwnerRow } from "@agentflow/core";
import type { AppliedMigration, Migration } from "../migrations/migration.ts";
import { parseStoreUrl } from "../parse-store-url.ts";

/** A store's database as those who look after it see it, whichever version its schema has. Throws store errors. */
export interface StoreAdministration {
  /** The migrations that this program knows, oldest first. */
  readonly migrations: readonly Migration[];
  /** The version of the schema; 0 where there are no tables, or no file. */
  version(): Promise<number>;
  /** The migrations that the database went through, oldest first. */
  applied(): Promise<readonly AppliedMigration[]>;
  /** Brings the schema to a version, up or down; makes the file of an embedded store. */
  migrate(target: number): Promise<void>;
  /** The processes that are registered as owners of runs (S20). */
  owners(): Promise<readonly OwnerRow[]>;
  /** How many runs there are. */
  countRuns(): Promise<number>;
  close(): Promise<void>;
}

/** Opens the database of a store without touching it. Throws ConfigError for a store that has none. */
export async function openAdministration(url: string): Promise<StoreAdministration> {
  const location = parseStoreUrl(url);
  switch (location.kind) {
    case "memory":
      throw new ConfigError("A store in memory has no database to look after.", {
        hint: "Name a store that is kept: --store sqlite:PATH, postgres://... or mysql://...",
      });
    case "sqlite": {
      const { sqliteAdministration } = await import("./sqlite-administration.ts");
      return sqliteAdministration(location.path);
    }
    case "postgres": {
      const { postgresAdministration } = await import("./postgres-administration.ts");
      return postgresAdministration(location.url);
    }
    case "mysql": {
      const { mysqlAdministration } = await import("./mysql-administration.ts");
      return mysqlAdministration(location.url);
    }
  }
}

/** An owner as any of the databases gives it. */
export function ownerOf(row: Readonly<Record<string, unknown>>): OwnerRow {
  return {
    ownerId: String(row["owner_id"]),
    host: String(row["host"]),
    pid: Number(row["pid"]),
    processStart: String(row["process_start"]),
    counter: Number(row["counter"]),
  };
}
