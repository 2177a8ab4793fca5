import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Removes a folder in another one; its size in bytes, or undefined if it is not there. */
export async function removeFolder(parent: string, name: string): Promise<number | undefined> {
  const folder = join(parent, name);
  const sizeBytes = await folderBytes(folder);
  if (sizeBytes !== undefined) await rm(folder, { recursive: true, force: true });
  return sizeBytes;
}

/** The bytes of the files in a folder, or undefined if it is not there. */
export async function folderBytes(folder: string): Promise<number | undefined> {
  try {
    let sizeBytes = 0;
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) sizeBytes += (await stat(join(entry.parentPath, entry.name))).size;
    return sizeBytes;
  } catch (error) {
    // Another process may be removing it as well.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
