import type { StoreBackend } from "@agentflow/core";
import type { MysqlOptions } from "./mysql/open-mysql.ts";
import { parseStoreUrl } from "./parse-store-url.ts";
import type { PostgresOptions } from "./postgres/open-postgres.ts";
import type { SqliteOptions } from "./sqlite/open-sqlite.ts";

/** Options of {@link openStore}; a back end ignores what it has no use for. */
export type OpenStoreOptions = Omit<SqliteOptions, "path"> &
  Omit<PostgresOptions, "url"> &
  Omit<MysqlOptions, "url">;

/**
 * Opens the store that a URL names and loads only that back end. Throws ConfigError for an unknown URL or a missing
 * driver, and the StoreErrors of the back end.
 */
export async function openStore(url: string, options: OpenStoreOptions = {}): Promise<StoreBackend> {
  const location = parseStoreUrl(url);
  switch (location.kind) {
    case "memory": {
      const { openMemory } = await import("./memory/open-memory.ts");
      return openMemory();
    }
    case "sqlite": {
      const { openSqlite } = await import("./sqlite/open-sqlite.ts");
      return openSqlite({ ...options, path: location.path });
    }
    case "mysql": {
      const { openMysql } = await import("./mysql/open-mysql.ts");
      return openMysql({ ...options, url: location.url });
    }
    case "postgres": {
      const { openPostgres } = await import("./postgres/open-postgres.ts");
      return openPostgres({ ...options, url: location.url });
    }
  }
}
