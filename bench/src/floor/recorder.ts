/** Preloaded into a process and its threads: from here on every call on the store's databases is recorded. */
import { recordMysql, recordPostgres } from "./record-servers.ts";
import { recordSqlite } from "./record-sqlite.ts";
import type { FloorStore, ServerCall, SqliteCall } from "./statement-log.ts";

const { FLOOR_STORE, FLOOR_DIRECTORY = "." } = process.env;

/** What this thread has issued so far. */
export const recordedCalls: readonly (SqliteCall | ServerCall)[] = install(FLOOR_STORE as FloorStore);

function install(store: FloorStore): readonly (SqliteCall | ServerCall)[] {
  switch (store) {
    case "sqlite":
      return recordSqlite(FLOOR_DIRECTORY);
    case "postgres":
      return recordPostgres();
    case "mysql":
      return recordMysql();
  }
}
