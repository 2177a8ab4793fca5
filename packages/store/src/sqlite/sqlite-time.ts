import type { QueueStore, ScheduleStore } from "@agentflow/core";
import { checkIdentifier } from "../rows/identifiers.ts";
import type { SqliteAccess } from "./sqlite-access.ts";

/** Queues on SQLite: every call runs in the maintenance thread. */
export function sqliteQueues(access: SqliteAccess): QueueStore {
  return {
    claimQueued: async (request) => access.maintenance.write("claimQueued", request),
    readPlace: async (tenant, runId) => access.maintenance.read("readPlace", tenant, runId),
  };
}

/** Schedules on SQLite: every call runs in the maintenance thread. */
export function sqliteSchedules(access: SqliteAccess): ScheduleStore {
  return {
    async createSchedule(row) {
      checkIdentifier("tenant", row.tenant);
      return access.maintenance.write("createSchedule", row);
    },
    replaceSchedule: async (row, expectedRevision) =>
      access.maintenance.write("replaceSchedule", row, expectedRevision),
    removeSchedule: async (tenant, name) => access.maintenance.write("removeSchedule", tenant, name),
    readSchedule: async (tenant, name) => access.maintenance.read("readSchedule", tenant, name),
    listSchedules: async (request) => access.maintenance.read("listSchedules", request),
  };
}
