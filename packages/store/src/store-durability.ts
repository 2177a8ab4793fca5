import { ConfigError, type Durability, type RunCommit } from "@agentflow/core";

/** What a commit survives when it resolves: a power loss, the crash of the process, or, `batchedMs` later, a power loss. */
export type StoreDurability = "strict" | "normal" | { readonly batchedMs: number };

// Long enough for many commits to share a sync, and too short for a person to notice.
const usualBatchedMs = 10;

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

/** How long `batched` commits gather in a store of this level, in milliseconds. */
export function batchedMsOf(durability: StoreDurability): number {
  return typeof durability === "object" ? durability.batchedMs : usualBatchedMs;
}

/** Whether the level survives a power loss from its acknowledgement on. Without a level the store's settings decide. */
export function isSynced(durability: Durability | undefined): boolean {
  return durability === "strict" || durability === "batched";
}

/** The levels that commits may ask for, where syncs are done or where the database was told not to do them. */
export function levelsKept(syncs: boolean): readonly Durability[] {
  return syncs ? ["strict", "normal", "batched"] : ["normal"];
}

const strictness: Readonly<Record<Durability, number>> = { none: 0, normal: 1, batched: 2, strict: 3 };

/**
 * The level at which commits that share a transaction are kept: the strictest that one of them asks for, where who asks
 * for none has the store's own. `batched` is stricter than `normal` for who waits for the answer: it comes after a sync.
 */
export function strictestOf(members: readonly Pick<RunCommit, "durability">[], own: Durability): Durability {
  if (members.length === 0) return own;
  let strictest: Durability = "none";
  for (const { durability = own } of members)
    if (strictness[durability] > strictness[strictest]) strictest = durability;
  return strictest;
}

/** Whether commits may wait for company: all of them are `batched` at most, and nobody waits for one. */
export function mayGather(members: readonly RunCommit[], own: Durability): boolean {
  return strictestOf(members, own) === "batched" && !members.some(({ isAwaited }) => isAwaited === true);
}
