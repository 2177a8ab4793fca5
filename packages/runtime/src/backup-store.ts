import { resolve } from "node:path";
import { type OwnerRow, StoreCorruptError, withoutPassword } from "@agentflow/core";
import type { BackupManifest, StoreAdministration } from "@agentflow/store";
import manifest from "../package.json" with { type: "json" };
import type { EngineOptions } from "./engine-options.ts";
import { systemClock } from "./host/system-clock.ts";
import { systemHost } from "./host/system-host.ts";
import { refuseLivingOwners } from "./living-owners.ts";
import { storeUrl, withAdministration } from "./migrate-store.ts";
import { directoriesBeside } from "./open-backend.ts";

/** What {@link backupStore} made. */
export interface BackupReport {
  /** URL of the store, without its password. */
  readonly store: string;
  /** Absolute path of the backup's folder. */
  readonly directory: string;
  readonly manifest: BackupManifest;
  readonly sizeBytes: number;
  readonly durationMs: number;
  /** Contents of artifacts that were damaged before; they are not in the backup. */
  readonly damaged: readonly string[];
}

/** What {@link restoreStore} did. */
export interface RestoreReport {
  readonly store: string;
  readonly directory: string;
  readonly manifest: BackupManifest;
  /** Contents of artifacts that were not there before. */
  readonly artifactsAdded: number;
  readonly durationMs: number;
}

/**
 * Makes a folder that holds one state of a store and the contents of its artifacts (STO-6), while runs go on. SQLite is
 * copied in a thread of its own, PostgreSQL and MySQL by their own programs, which must be on the PATH. `tables` names
 * tables beside AgentFlow's that belong to the same state, such as those that `ctx.tx` writes; on SQLite all of them do.
 * Throws ValidationError if the folder holds something, ConfigError for a store in memory or a missing program, and the
 * StoreErrors of the back end.
 */
export async function backupStore(
  options: EngineOptions,
  { directory, tables = [] }: { readonly directory: string; readonly tables?: readonly string[] },
): Promise<BackupReport> {
  const { clock = systemClock } = options;
  const begun = clock.monotonic();
  const url = storeUrl(options);
  const { makeBackup } = await import("@agentflow/store");
  const made = await makeBackup({
    url,
    artifactsDirectory: artifactsDirectoryOf(options),
    directory,
    tables,
    program: manifest.version,
  });
  return {
    store: withoutPassword(url),
    directory: resolve(directory),
    manifest: made.manifest,
    sizeBytes: made.manifest.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    durationMs: clock.monotonic() - begun,
    damaged: made.damaged,
  };
}

/**
 * Restores a backup into a store (STO-6). Every file of it is checked first; the database changes at once or not at all,
 * its rows are counted, and its schema is brought up to date. Runs have no owner then, and what a process from before
 * the restore commits is fenced. Throws BackupInvalidError, StoreInUseError while processes that are alive are registered
 * with the store, StoreNotEmptyError if it holds something; `force` overrules the last two.
 */
export async function restoreStore(
  options: EngineOptions,
  { directory, force = false }: { readonly directory: string; readonly force?: boolean },
): Promise<RestoreReport> {
  const { clock = systemClock, host = systemHost() } = options;
  const begun = clock.monotonic();
  const url = storeUrl(options);
  const { restoreBackup } = await import("@agentflow/store");
  const refuseUse = () =>
    withAdministration(url, (administration) =>
      refuseLivingOwners(
        { clock, host, read: () => ownersOf(administration) },
        "Stop them, then try again; --force restores all the same and fences them.",
      ),
    );
  const restored = await restoreBackup({
    url,
    artifactsDirectory: artifactsDirectoryOf(options),
    directory,
    force,
    beforeChange: async () => (force ? undefined : refuseUse()),
  });
  return {
    store: withoutPassword(url),
    directory: resolve(directory),
    manifest: restored.manifest,
    artifactsAdded: restored.artifactsAdded,
    durationMs: clock.monotonic() - begun,
  };
}

/** Reads every file of a backup and compares it with its manifest. Throws BackupInvalidError that names what differs. */
export async function checkBackup(directory: string): Promise<BackupManifest> {
  const { checkBackup: check } = await import("@agentflow/store");
  return check(directory);
}

function artifactsDirectoryOf(options: EngineOptions): string | undefined {
  return options.artifactsDirectory ?? directoriesBeside(storeUrl(options)).artifactsDirectory;
}

async function ownersOf(administration: StoreAdministration): Promise<readonly OwnerRow[]> {
  try {
    return await administration.owners();
  } catch (error) {
    // Nobody advances runs of a file that cannot be read; the restore itself says that it is damaged.
    if (error instanceof StoreCorruptError) return [];
    throw error;
  }
}
