import type { StoreBackend } from "@agentflow/core";
import { memoryExports } from "./memory-exports.ts";
import { MemoryInbox } from "./memory-inbox.ts";
import { MemoryOwners } from "./memory-owners.ts";
import { memoryQueues } from "./memory-queues.ts";
import { MemoryRetention } from "./memory-retention.ts";
import { MemoryRuns } from "./memory-runs.ts";
import { memorySchedules } from "./memory-schedules.ts";
import { MemoryTables } from "./memory-tables.ts";
import { MemoryWaits } from "./memory-waits.ts";

/** A store that ends with the process: for tests and for runs that need not survive. */
export function openMemory(): StoreBackend {
  const tables = new MemoryTables();
  return {
    runs: new MemoryRuns(tables),
    owners: new MemoryOwners(tables),
    inbox: new MemoryInbox(tables),
    waits: new MemoryWaits(tables),
    queues: memoryQueues(tables),
    schedules: memorySchedules(tables),
    retention: new MemoryRetention(tables),
    exports: memoryExports(tables),
  };
}
