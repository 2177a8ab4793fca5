import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { BackupInvalidError, ConfigError, StoreCorruptError, ValidationError } from "@agentflow/core";
import { fileError, isMissing } from "../files/file-error.ts";
import { makeFolder, syncFolder } from "../files/replace-file.ts";
import { tablesOfSchema } from "../migrations/migration.ts";
import { refuseNewer } from "../migrations/migration-plan.ts";
import { parseStoreUrl } from "../parse-store-url.ts";
import { copyArtifacts, isArtifact, restoreArtifacts } from "./artifact-files.ts";
import { type BackupKind, type BackupManifest, backupFormat, writeManifest } from "./backup-manifest.ts";
import { checkBackup } from "./check-backup.ts";
import type { DatabaseBackup } from "./database-backup.ts";

/** What is backed up, and where to. */
export interface BackupRequest {
  readonly url: string;
  /** The folder of the contents of artifacts, if there is one. */
  readonly artifactsDirectory: string | undefined;
  /** The folder that is made; it must not hold anything. */
  readonly directory: string;
  /** Tables beside AgentFlow's own, such as those that `ctx.tx` writes; a copy of a SQLite file has them all. */
  readonly tables: readonly string[];
  /** Version of the program. */
  readonly program: string;
}

/** A backup that was made. */
export interface MadeBackup {
  readonly manifest: BackupManifest;
  /** Contents of artifacts that were damaged before and are not in the backup. */
  readonly damaged: readonly string[];
}

/** What is restored, and where to. */
export interface RestoreOptions {
  readonly url: string;
  readonly artifactsDirectory: string | undefined;
  /** The folder of the backup. */
  readonly directory: string;
  /** Replace what the store holds. */
  readonly force: boolean;
  /** Called when the backup is known to be whole and nothing has changed yet; may throw to refuse. */
  readonly beforeChange: () => Promise<void>;
}

/** A backup that was restored. */
export interface RestoredBackup {
  readonly manifest: BackupManifest;
  /** Contents of artifacts that were not there before. */
  readonly artifactsAdded: number;
}

/**
 * Makes a folder that holds one state of a store, with the contents of its artifacts (STO-6). The store goes on
 * meanwhile. The folder gets its name when it is whole and synced. Throws ValidationError if the folder holds
 * something, ConfigError for a store in memory or a missing program of the database, and the StoreErrors of the back end.
 */
export async function makeBackup(request: BackupRequest): Promise<MadeBackup> {
  const database = await backupOf(request.url);
  const directory = resolve(request.directory);
  await refuseContent(directory);
  const side = `${directory}.partial-${randomUUID().slice(0, 8)}`;
  const createdAt = new Date().toISOString();
  try {
    await makeFolder(dirname(directory), { sync: true });
    await mkdir(side, { mode: 0o700 });
    const dumped = await database.dump({ url: request.url, directory: side, tables: request.tables });
    const { artifactsDirectory } = request;
    const artifacts =
      artifactsDirectory === undefined
        ? { files: [], damaged: [] }
        : await copyArtifacts(resolve(artifactsDirectory), side);
    const { file, schemaVersion, madeWith, schema, tables } = dumped;
    refuseMissing(tablesOfSchema(database.migrations, schemaVersion), tables);
    const manifest: BackupManifest = {
      format: backupFormat,
      program: request.program,
      kind: database.kind,
      createdAt,
      madeWith,
      schemaVersion,
      schema,
      tables,
      files: [file, ...artifacts.files],
    };
    await writeManifest(side, manifest);
    await nameFolder(side, directory);
    return { manifest, damaged: artifacts.damaged };
  } catch (error) {
    await rm(side, { recursive: true, force: true });
    throw fileError(error, directory);
  }
}

/**
 * Restores a backup (STO-6): checks every file of it first, then adds the contents of artifacts, then puts the database
 * in place. Until then, and if anything fails, the store is as it was. Throws BackupInvalidError, StoreNewerError for a
 * backup of a newer program, StoreNotEmptyError, ConfigError for a missing program of the database, and the StoreErrors of the back end.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoredBackup> {
  const { url, directory, force, artifactsDirectory } = options;
  const database = await backupOf(url);
  const manifest = await checkBackup(directory);
  if (manifest.kind !== database.kind) {
    throw new BackupInvalidError(
      `The backup is of a ${manifest.kind} store and cannot be restored into a ${database.kind} one.`,
      { hint: `Name a ${manifest.kind} store with --store.`, context: { kind: manifest.kind } },
    );
  }
  if (!manifest.files.some(({ path }) => path === database.fileName))
    throw new BackupInvalidError(`The backup lacks ${database.fileName}.`, { context: { directory } });
  refuseNewer(database.migrations, manifest.schemaVersion);
  await options.beforeChange();
  const contents = manifest.files.filter(isArtifact);
  const artifactsAdded =
    artifactsDirectory === undefined
      ? 0
      : await restoreArtifacts(directory, contents, resolve(artifactsDirectory));
  await database.restore({ url, directory, manifest, force });
  return { manifest, artifactsAdded };
}

async function backupOf(url: string): Promise<DatabaseBackup> {
  const { kind } = parseStoreUrl(url);
  const loads: Readonly<Record<BackupKind, () => Promise<DatabaseBackup>>> = {
    sqlite: async () => (await import("./sqlite-backup.ts")).sqliteBackup,
    postgres: async () => (await import("./postgres-backup.ts")).postgresBackup,
    mysql: async () => (await import("./mysql-backup.ts")).mysqlBackup,
  };
  if (kind !== "memory") return loads[kind]();
  throw new ConfigError("A store in memory ends with its process: there is nothing to back up.", {
    hint: "Name a store that is kept: --store sqlite:PATH, postgres://... or mysql://...",
  });
}

/** A store that lost a table cannot be restored from a copy without it. */
function refuseMissing(wanted: readonly string[], tables: Readonly<Record<string, number>>): void {
  const missing = wanted.filter((name) => tables[name] === undefined);
  if (missing.length === 0) return;
  throw new StoreCorruptError(`The store lacks ${missing.join(", ")}: this is no backup of it.`, {
    hint: "Restore an earlier backup with af restore --force.",
    context: { tables: missing },
  });
}

async function refuseContent(directory: string): Promise<void> {
  try {
    const [found] = await readdir(directory);
    if (found === undefined) return;
  } catch (error) {
    if (isMissing(error)) return;
    if ((error as NodeJS.ErrnoException).code !== "ENOTDIR") throw fileError(error, directory);
  }
  throw new ValidationError("AF_ARGUMENT_INVALID", `${directory} is there already, and not empty.`, {
    hint: "Give --to a folder that does not exist yet.",
    context: { directory },
  });
}

async function nameFolder(side: string, directory: string): Promise<void> {
  await syncFolder(side);
  try {
    await rmdir(directory);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await rename(side, directory);
  await syncFolder(dirname(directory));
}
