import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Durability, type StoreBackend, withoutPassword } from "@agentflow/core";
import type { EngineOptions } from "./engine-options.ts";

const sqlitePrefix = "sqlite:";

/** Where runs are kept if nobody says otherwise. */
export const defaultStore = "sqlite:.agentflow/agentflow.db";

/** How long a batched store gathers commits before it writes them. */
const batchedMs = 10;

/** Whether a store's file is there already; a store that is no file always is. */
export function storeExists(url: string): boolean {
  return !url.startsWith(sqlitePrefix) || existsSync(resolve(url.slice(sqlitePrefix.length)));
}

/**
 * The store that a folder of artifacts belongs to, by its place; undefined where only the caller knows it. Two names of
 * one place count as two stores.
 */
export function storeIdentity(store: EngineOptions["store"] = defaultStore): string | undefined {
  if (typeof store !== "string" || store.startsWith("memory:")) return undefined;
  if (store.startsWith(sqlitePrefix)) return `${sqlitePrefix}${resolve(store.slice(sqlitePrefix.length))}`;
  return withoutPassword(store);
}

/** The folders of artifacts and cache that belong to a store: beside its file, in `.agentflow` for a server, or none. */
export function directoriesBeside(
  store: EngineOptions["store"] = defaultStore,
): Pick<EngineOptions, "artifactsDirectory" | "cacheDirectory"> {
  if (typeof store !== "string" || store.startsWith("memory:")) return {};
  const path = store.startsWith(sqlitePrefix) ? store : defaultStore;
  const folder = dirname(path.slice(sqlitePrefix.length));
  return { artifactsDirectory: join(folder, "artifacts"), cacheDirectory: join(folder, "cache") };
}

/**
 * Opens the back end that the options name; the caller closes it. A SQLite file is created with its folder. Throws
 * ConfigError for an unknown URL, and the StoreErrors of the back end.
 */
export async function openBackend(options: EngineOptions): Promise<StoreBackend> {
  const { store = defaultStore, durability, connectionsMax } = options;
  if (typeof store !== "string") return store;
  const { openStore } = await import("@agentflow/store");
  return openStore(store, {
    ...(durability === undefined ? {} : { durability: levelOf(durability) }),
    ...(connectionsMax === undefined ? {} : { connectionsMax }),
  });
}

function levelOf(durability: Durability): "strict" | "normal" | { batchedMs: number } {
  if (durability === "batched") return { batchedMs };
  return durability === "none" ? "normal" : durability;
}
