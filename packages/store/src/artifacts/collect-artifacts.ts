import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { tenantDirectoryName } from "@agentflow/core";
import { fileError, isMissing } from "../files/file-error.ts";
import { goingPath, isOnlyUser } from "./artifact-use.ts";

/** Which contents to look at, and how to tell those that runs have bound. */
export interface ArtifactCollection {
  readonly directory: string;
  readonly tenant: string;
  /** The store whose runs are asked; the folder must be its alone. */
  readonly user: string;
  /** Only contents that nobody stored since then, in milliseconds since the epoch. */
  readonly unusedBefore: number;
  /** Takes the hashes out of the set that runs have bound. */
  readonly withoutBound: (hashes: Set<string>) => Promise<void>;
  readonly dryRun: boolean;
}

/** What became of the contents; `shared`: the folder is not known to be this store's alone, and nothing was done. */
export type CollectedArtifacts =
  | { readonly kind: "shared" }
  | { readonly kind: "collected"; readonly files: number; readonly sizeBytes: number };

/**
 * Removes contents that no run has bound. Rests on this: who stores a content binds it within the time between
 * `unusedBefore` and now, so what nobody stored since then is bound already, or never will be. Throws store errors.
 */
export async function collectArtifacts(request: ArtifactCollection): Promise<CollectedArtifacts> {
  const { directory, tenant, user, unusedBefore, dryRun } = request;
  try {
    const unused = await unusedIn(join(directory, tenantDirectoryName(tenant)), unusedBefore);
    if (unused.size === 0) return { kind: "collected", files: 0, sizeBytes: 0 };
    if (!(await isOnlyUser(directory, user))) return { kind: "shared" };
    const hashes = new Set(unused.keys());
    await request.withoutBound(hashes);
    let [files, sizeBytes] = [0, 0];
    for (const [hash, { path, size }] of unused) {
      if (!hashes.has(hash) || !(dryRun || (await removeUnused(path, unusedBefore)))) continue;
      files += 1;
      sizeBytes += size;
    }
    return { kind: "collected", files, sizeBytes };
  } catch (error) {
    throw fileError(error, directory);
  }
}

interface Content {
  readonly path: string;
  readonly size: number;
}

async function unusedIn(folder: string, unusedBefore: number): Promise<ReadonlyMap<string, Content>> {
  const unused = new Map<string, Content>();
  for (const start of await namesIn(folder)) {
    for (const name of await namesIn(join(folder, start))) {
      const path = join(folder, start, name);
      if (name.endsWith(".going")) await putBack(path.slice(0, -".going".length));
      if (!/^[0-9a-f]{62}$/.test(name)) continue;
      const used = await usedAt(path);
      if (used !== undefined && used.at < unusedBefore) unused.set(start + name, { path, size: used.size });
    }
  }
  return unused;
}

/**
 * Removes a content unless somebody has stored it again meanwhile. It gets another name first: whoever comes after finds
 * it missing and stores it anew, whoever came before has left the time, and gets it back.
 */
async function removeUnused(path: string, unusedBefore: number): Promise<boolean> {
  const going = goingPath(path);
  try {
    await rename(path, going);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  const used = await usedAt(going);
  if (used !== undefined && used.at >= unusedBefore) {
    await putBack(path);
    return false;
  }
  await rm(going, { force: true });
  return true;
}

async function putBack(path: string): Promise<void> {
  try {
    await rename(goingPath(path), path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function usedAt(path: string): Promise<{ readonly at: number; readonly size: number } | undefined> {
  try {
    const { atimeMs, mtimeMs, size } = await stat(path);
    return { at: Math.max(atimeMs, mtimeMs), size };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
