import { open } from "node:fs/promises";

/** Waits until a file, or the list of files of a folder, is on the disk. Windows has no such call for folders. */
export async function syncPath(path: string): Promise<void> {
  if (process.platform === "win32") return;
  await using handle = await open(path, "r");
  await handle.sync();
}
