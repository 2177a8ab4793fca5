import { createReadStream, type Dirent } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileError, isMissing } from "../files/file-error.ts";
import { makeFolder, syncFolder } from "../files/replace-file.ts";
import { artifactsFolder, type BackupFile } from "./backup-manifest.ts";
import { hashFile, writeHashed } from "./hashed-file.ts";

/** What was copied into a backup. */
export interface CopiedArtifacts {
  readonly files: readonly BackupFile[];
  /** Contents that are not what their name says. They are left out, as they are given out to nobody. */
  readonly damaged: readonly string[];
}

/**
 * Copies the contents of artifacts into a backup. A content is there before the commit that names it, so a copy that is
 * begun after the database's holds all that it names.
 */
export async function copyArtifacts(from: string, directory: string): Promise<CopiedArtifacts> {
  const files: BackupFile[] = [];
  const damaged: string[] = [];
  for await (const path of contentsIn(from)) {
    const inside = relative(from, path).split(sep).join("/");
    const copy = join(directory, artifactsFolder, inside);
    const written = await writeHashed(copy, createReadStream(path));
    if (written.sha256 === hashOf(inside)) {
      files.push({ path: `${artifactsFolder}/${inside}`, ...written });
      continue;
    }
    await rm(copy);
    damaged.push(path);
  }
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), damaged };
}

/** Adds the contents of a backup to a folder; what is there already, and whole, stays as it is. Returns how many were added. */
export async function restoreArtifacts(
  directory: string,
  files: readonly BackupFile[],
  to: string,
): Promise<number> {
  let added = 0;
  for (const { path, sizeBytes, sha256 } of files) {
    const inside = path.slice(artifactsFolder.length + 1);
    const target = join(to, ...inside.split("/"));
    if (await isWhole(target, sizeBytes, sha256)) continue;
    await makeFolder(dirname(target), { sync: true });
    const side = `${target}.${process.pid}-restore.tmp`;
    await rm(side, { force: true });
    await writeHashed(side, createReadStream(join(directory, path)));
    await rename(side, target);
    await syncFolder(dirname(target));
    added++;
  }
  return added;
}

/** Whether a file of a manifest is the content of an artifact: a tenant's folder, and a SHA-256 in two parts. */
export function isArtifact({ path }: BackupFile): boolean {
  return new RegExp(`^${artifactsFolder}/[^/]+/[0-9a-f]{2}/[0-9a-f]{62}$`).test(path);
}

async function* contentsIn(folder: string): AsyncGenerator<string> {
  for (const tenant of await namesIn(folder, (entry) => entry.isDirectory())) {
    for (const start of await namesIn(join(folder, tenant), ({ name }) => /^[0-9a-f]{2}$/.test(name))) {
      const inner = join(folder, tenant, start);
      for (const name of await namesIn(inner, (entry) => /^[0-9a-f]{62}$/.test(entry.name)))
        yield join(inner, name);
    }
  }
}

async function namesIn(folder: string, wanted: (entry: Dirent) => boolean): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter(wanted).map(({ name }) => name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw fileError(error, folder);
  }
}

function hashOf(inside: string): string {
  return inside.split("/").slice(-2).join("");
}

async function isWhole(path: string, sizeBytes: number, sha256: string): Promise<boolean> {
  try {
    if ((await stat(path)).size !== sizeBytes) return false;
  } catch (error) {
    if (isMissing(error)) return false;
    throw fileError(error, path);
  }
  return (await hashFile(path)).sha256 === sha256;
}
