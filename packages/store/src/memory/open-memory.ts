import type { StoreBackend } from "@agentflow/core";
import { MemoryInbox } from "./memory-inbox.ts";
import { MemoryOwners } from "./memory-owners.ts";
import { MemoryRuns } from "./memory-runs.ts";
import { MemoryTables } from "./memory-tables.ts";

/** A store that ends with the process: for tests and for runs that need not survive. */
export function openMemory(): StoreBackend {
  const tables = new MemoryTables();
  return { runs: new MemoryRuns(tables), owners: new MemoryOwners(tables), inbox: new MemoryInbox(tables) };
}
