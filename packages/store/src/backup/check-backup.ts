import { stat } from "node:fs/promises";
import { join } from "node:path";
import { BackupInvalidError } from "@agentflow/core";
import { fileError, isMissing } from "../files/file-error.ts";
import { type BackupFile, type BackupManifest, readManifest } from "./backup-manifest.ts";
import { hashFile } from "./hashed-file.ts";

/**
 * Reads every file of a backup and compares it with the manifest (STO-6). Throws BackupInvalidError that names the first
 * one that is missing, cut off or changed.
 */
export async function checkBackup(directory: string): Promise<BackupManifest> {
  const manifest = await readManifest(directory);
  for (const file of manifest.files) await checkFile(directory, file);
  return manifest;
}

async function checkFile(directory: string, { path, sizeBytes, sha256 }: BackupFile): Promise<void> {
  const found = await sizeOf(join(directory, path));
  if (found === undefined) throw invalid(`${path} is missing in the backup ${directory}.`, path);
  if (found !== sizeBytes) {
    throw invalid(
      `${path} is not the file that was backed up: it has ${found} bytes, not ${sizeBytes}.`,
      path,
    );
  }
  const { sha256: hash } = await hashFile(join(directory, path));
  if (hash !== sha256)
    throw invalid(`${path} is not the file that was backed up: its SHA-256 differs.`, path);
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw fileError(error, path);
  }
}

function invalid(message: string, path: string): BackupInvalidError {
  return new BackupInvalidError(message, { context: { path } });
}
