import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatasetError } from "@agentflow/core";
import { type DatasetManifest, decodeManifest, manifestName } from "./dataset-manifest.ts";
import { storageError } from "./storage-error.ts";

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}

/** The manifest of the dataset in a folder, or undefined if there is none. Throws DatasetError if it is damaged. */
export async function findManifest(directory: string): Promise<DatasetManifest | undefined> {
  try {
    return decodeManifest(await readFile(join(directory, manifestName), "utf8"), directory);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw storageError(error, directory);
  }
}

/** The manifest of the dataset in a folder. Throws DatasetError (AF_DATASET_NOT_FOUND) if there is none. */
export async function readManifest(directory: string): Promise<DatasetManifest> {
  const manifest = await findManifest(directory);
  if (manifest !== undefined) return manifest;
  throw new DatasetError(
    "AF_DATASET_NOT_FOUND",
    `${directory} holds no dataset: there is no ${manifestName}.`,
    {
      context: { dataset: directory },
    },
  );
}

/** A dataset that was found. */
export interface FoundDataset {
  readonly directory: string;
  readonly manifest: DatasetManifest;
}

/** The datasets in a folder and in the folders right below it, by name of folder. */
export async function listDatasets(directory: string): Promise<FoundDataset[]> {
  const own = await findManifest(directory);
  if (own !== undefined) return [{ directory, manifest: own }];
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw storageError(error, directory);
  });
  const found: FoundDataset[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory() || entry.name.startsWith(".")) continue;
    const below = join(directory, entry.name);
    const manifest = await findManifest(below);
    if (manifest !== undefined) found.push({ directory: below, manifest });
  }
  return found;
}
