import type { RetentionStore } from "@agentflow/core";
import { measureRedundant } from "../retention/redundant-snapshots.ts";
import type { SqliteAccess } from "./sqlite-access.ts";

/** Retention on SQLite (S24): every call runs in the maintenance thread. */
export function sqliteRetention(access: SqliteAccess): RetentionStore {
  return {
    listCompactable: async (request) => access.maintenance.read("listCompactable", request),
    async removeSnapshots(request) {
      const parts = await access.maintenance.read("findRedundant", request);
      return request.dryRun ? measureRedundant(parts) : access.maintenance.write("deleteRedundant", parts);
    },
    listRemovable: async (rule, page) => access.maintenance.read("listRemovable", rule, page),
    measureRuns: async (request) => access.maintenance.read("measureRuns", request),
    removeRuns: async (rule, request) => access.maintenance.write("removeRuns", rule, request),
    listRemoved: async (request) => access.maintenance.read("listRemoved", request),
    purge: async (request) => access.maintenance.write("purge", request),
    readArtifacts: async (request) => access.maintenance.read("readArtifacts", request),
    space: async (request) =>
      request.giveBack
        ? access.maintenance.write("space", request)
        : access.maintenance.read("space", request),
    claimRound: async (request) => access.maintenance.write("claimRound", request),
  };
}
