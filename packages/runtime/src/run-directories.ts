import { join } from "node:path";
import { ConfigError, runDirectoryName, type StoreBackend } from "@agentflow/core";
import type { EngineOptions } from "./engine-options.ts";
import { systemHost } from "./host/system-host.ts";
import { openArtifacts } from "./open-contents.ts";

/** A run that was made from a run directory. */
export interface ImportedRun {
  readonly runId: string;
  readonly importedFrom: string;
  readonly status: string;
  readonly events: number;
  readonly steps: number;
}

/**
 * Writes the directory of a run again from its store and returns its path (RUN-1). Throws RunNotFoundError, and
 * ConfigError if run directories are switched off.
 */
export async function rebuildRun(
  options: EngineOptions,
  { store, runId }: { readonly store: StoreBackend; readonly runId: string },
): Promise<string> {
  const { runsDirectory, tenant = "default" } = options;
  if (runsDirectory === undefined) {
    throw new ConfigError("Run directories are switched off.", { hint: "Set runsDirectory to a folder." });
  }
  const { rebuildRunDirectory } = await import("@agentflow/telemetry");
  const directory = join(runsDirectory, runDirectoryName(runId));
  await rebuildRunDirectory({
    store: store.runs,
    artifacts: await openArtifacts(options),
    tenant,
    runId,
    directory,
  });
  return directory;
}

/** Makes a new run of the store from a run directory (RUN-10). Throws RunImportError with the reason if it cannot. */
export async function importRun(
  options: EngineOptions,
  { store, directory }: { readonly store: StoreBackend; readonly directory: string },
): Promise<ImportedRun> {
  const { tenant = "default", host = systemHost() } = options;
  const { importRunDirectory } = await import("@agentflow/telemetry");
  return importRunDirectory({
    directory,
    store: store.runs,
    tenant,
    runId: host.newId(),
    artifacts: await openArtifacts(options),
  });
}
