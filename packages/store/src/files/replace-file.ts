import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

let writes = 0;

/**
 * Writes a file so that any reader, also in another process or after a crash, sees it whole or not at all. With `sync` it
 * also survives a power loss: the bytes are synced before the name, and the folder after it.
 */
export async function replaceFile(
  path: string,
  content: Uint8Array | string,
  options: { readonly sync: boolean },
): Promise<void> {
  writes += 1;
  const temporary = `${path}.${process.pid}-${writes}.tmp`;
  try {
    await using handle = await open(temporary, "wx", 0o600);
    await handle.writeFile(content);
    if (options.sync) await handle.datasync();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  if (options.sync) await syncFolder(dirname(path));
}

/** Makes a folder and those above it, readable by this user alone. With `sync` their names survive a power loss. */
export async function makeFolder(path: string, options: { readonly sync: boolean }): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined || !options.sync) return;
  for (let folder = path; folder.length >= first.length; folder = dirname(folder))
    await syncFolder(dirname(folder));
}

/** Syncs the names in a folder to the disk. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; its file systems journal names themselves.
  if (process.platform === "win32") return;
  const handle: FileHandle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
