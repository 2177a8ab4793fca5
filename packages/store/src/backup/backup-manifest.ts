import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { BackupInvalidError, canonicalJson, type JsonObject, sha256Hex } from "@agentflow/core";
import { fileError, isMissing } from "../files/file-error.ts";

/** The version of the layout of backups. */
export const backupFormat = 1;

/** A kind of store that can be backed up. */
export type BackupKind = "sqlite" | "postgres" | "mysql";

/** A file of a backup; `path` is relative to its folder, with forward slashes. */
export interface BackupFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** What a backup is, as `manifest.json` keeps it (STO-6). */
export interface BackupManifest {
  /** Version of the layout. */
  readonly format: number;
  /** Version of the program that made it. */
  readonly program: string;
  readonly kind: BackupKind;
  readonly schemaVersion: number;
  /** The server and the tool that wrote the dump; empty for an embedded store. */
  readonly madeWith: string;
  /** The schema of a PostgreSQL database that the tables were in, as SQL writes it; empty elsewhere. */
  readonly schema: string;
  /** When it was begun: ISO 8601, in UTC. */
  readonly createdAt: string;
  /** Rows of each table. */
  readonly tables: Readonly<Record<string, number>>;
  /** The copy of the database, then the contents of artifacts. */
  readonly files: readonly BackupFile[];
}

const manifestName = "manifest.json";

/** Where a backup keeps the contents of artifacts, in the layout of the folder they came from. */
export const artifactsFolder = "artifacts";

/** Writes the manifest with the SHA-256 of its own canonical JSON, synced to the disk. */
export async function writeManifest(directory: string, manifest: BackupManifest): Promise<void> {
  const path = join(directory, manifestName);
  try {
    await using handle = await open(path, "wx", 0o600);
    await handle.writeFile(
      `${JSON.stringify({ ...manifest, sha256: manifestHash(manifest) }, undefined, 2)}\n`,
    );
    await handle.datasync();
  } catch (error) {
    throw fileError(error, path);
  }
}

/** Reads the manifest of a backup. Throws BackupInvalidError if it is none, or not the one that was written. */
export async function readManifest(directory: string): Promise<BackupManifest> {
  const path = join(directory, manifestName);
  const { sha256, ...manifest } = parse(await readText(path), path);
  const found = manifest as unknown as BackupManifest;
  if (typeof found.format === "number" && found.format > backupFormat) {
    throw new BackupInvalidError(`${path} has format ${found.format}; this program knows ${backupFormat}.`, {
      hint: "Restore it with the version of AgentFlow that made it.",
    });
  }
  if (sha256 !== manifestHash(found)) {
    throw new BackupInvalidError(`${path} is not what was written: its SHA-256 differs.`, {
      context: { path },
    });
  }
  return found;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (!isMissing(error) && (error as NodeJS.ErrnoException).code !== "ENOTDIR")
      throw fileError(error, path);
    throw new BackupInvalidError(`There is no ${path}: this is no backup, or not the whole of it.`, {
      cause: error,
      context: { path },
    });
  }
}

function parse(text: string, path: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (cause) {
    throw new BackupInvalidError(`${path} is cut off or damaged: ${String(cause)}.`, {
      cause,
      context: { path },
    });
  }
  throw new BackupInvalidError(`${path} is no manifest.`, { context: { path } });
}

function manifestHash(manifest: BackupManifest): string {
  return sha256Hex(canonicalJson(manifest as unknown as JsonObject));
}
