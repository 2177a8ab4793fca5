import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { StoreBackend } from "@agentflow/core";
import { openStore } from "@agentflow/store";

/** The stores that need no server. */
export const embeddedStores = ["memory", "sqlite"] as const;
export type EmbeddedStore = (typeof embeddedStores)[number];

/** Opens one store as several processes would: over a connection each, or, in memory, the one there is. */
export async function openProcesses(
  context: TestContext,
  name: EmbeddedStore,
  count: number,
): Promise<StoreBackend[]> {
  if (name === "memory") {
    const backend = await openStore("memory:");
    return new Array<StoreBackend>(count).fill(backend);
  }
  const folder = mkdtempSync(join(tmpdir(), "af-store-"));
  const opened: StoreBackend[] = [];
  context.after(async () => {
    for (const backend of opened) await backend.runs.close();
    rmSync(folder, { recursive: true });
  });
  while (opened.length < count) opened.push(await openStore(`sqlite:${join(folder, "store.db")}`));
  return opened;
}
