import { ConfigError, type Durability } from "@agentflow/core";

/** What a commit survives when it resolves: a power loss, the crash of the process, or, `batchedMs` later, a power loss. */
export type StoreDurability = "strict" | "normal" | { readonly batchedMs: number };

/** Throws ConfigError for a time to gather that no store keeps. */
export function checkDurability(durability: StoreDurability): void {
  if (typeof durability === "object" && !(durability.batchedMs >= 1 && durability.batchedMs <= 60_000)) {
    throw new ConfigError(`batchedMs must be from 1 to 60000, not ${durability.batchedMs}.`);
  }
}

/** The name of the level. */
export function durabilityLevel(durability: StoreDurability): Durability {
  return typeof durability === "object" ? "batched" : durability;
}
