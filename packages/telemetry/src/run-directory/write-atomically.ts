import { constants } from "node:fs";
import { open, rename, rm } from "node:fs/promises";

let writes = 0;

/**
 * Writes a file so that a reader, also after a crash, sees the old bytes or the new ones. Not synced to the disk: what is
 * written here can be made again from the store.
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  writes += 1;
  const temporary = `${path}.${process.pid}-${writes}.tmp`;
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW = 0 } = constants;
  try {
    const handle = await open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o644);
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
