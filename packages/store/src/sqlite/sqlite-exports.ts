import type { ExportStore } from "@agentflow/core";
import type { SqliteAccess } from "./sqlite-access.ts";

/** Export marks on SQLite (OLP-30): every call runs in the maintenance thread. */
export function sqliteExports(access: SqliteAccess): ExportStore {
  return {
    claimExports: async (request) => access.maintenance.write("claimExports", request),
    readExports: async (request) => access.maintenance.read("readExports", request),
    listOpenExports: async (tenant) => access.maintenance.read("listOpenExports", tenant),
    completeExports: async (request) => access.maintenance.write("completeExports", request),
  };
}
