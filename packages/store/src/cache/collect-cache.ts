import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileError, isMissing } from "../files/file-error.ts";

/** Removes the entries of a cache folder that nobody has used since a time, in milliseconds since the epoch. */
export async function collectCache(request: {
  readonly directory: string;
  readonly unusedBefore: number;
  readonly dryRun: boolean;
}): Promise<{ readonly files: number; readonly sizeBytes: number }> {
  const { directory, unusedBefore, dryRun } = request;
  let [files, sizeBytes] = [0, 0];
  try {
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const size = await sizeIfUnused(path, unusedBefore);
      if (size === undefined) continue;
      if (!dryRun) await rm(path, { force: true });
      files += 1;
      sizeBytes += size;
    }
  } catch (error) {
    if (!isMissing(error)) throw fileError(error, directory);
  }
  return { files, sizeBytes };
}

async function sizeIfUnused(path: string, unusedBefore: number): Promise<number | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return mtimeMs < unusedBefore ? size : undefined;
  } catch (error) {
    // Another process has removed it.
    if (isMissing(error)) return undefined;
    throw error;
  }
}
