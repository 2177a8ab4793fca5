import type { ScheduleRow, ScheduleStore } from "@agentflow/core";
import { runKey } from "../rows/identifiers.ts";
import type { MemoryTables } from "./memory-tables.ts";

/** Schedules in memory (ENG-44). */
export function memorySchedules(tables: MemoryTables): ScheduleStore {
  const keyOf = ({ tenant, name }: ScheduleRow): string => runKey(tenant, name);
  return {
    async createSchedule(row) {
      if (tables.schedules.has(keyOf(row))) return false;
      tables.schedules.set(keyOf(row), Object.freeze({ ...row }));
      return true;
    },
    async replaceSchedule(row, expectedRevision) {
      if (tables.schedules.get(keyOf(row))?.revision !== expectedRevision) return false;
      tables.schedules.set(keyOf(row), Object.freeze({ ...row }));
      return true;
    },
    async removeSchedule(tenant, name) {
      return tables.schedules.delete(runKey(tenant, name));
    },
    async readSchedule(tenant, name) {
      return tables.schedules.get(runKey(tenant, name));
    },
    async listSchedules({ tenant, dueUntil }) {
      return [...tables.schedules.values()]
        .filter((row) => row.tenant === tenant)
        .filter(({ nextAt }) => dueUntil === undefined || (nextAt !== undefined && nextAt <= dueUntil))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}
