import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatasetError, hashOf, type JsonObject } from "@agentflow/core";
import { storageError } from "./storage-error.ts";

/** A rollup as it lies beside the files of a dataset. */
export interface RollupFile {
  readonly name: string;
  readonly fact: string;
  /** The dimensions whose totals it holds. */
  readonly by: readonly string[];
  /** The totals that it holds, such as `sum(revenue)`. */
  readonly columns: readonly string[];
  /** Relative to the folder of the dataset, with `/` on every system. */
  readonly path: string;
  readonly rows: number;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** The rollups of a dataset. They are used while `generation` is that of the dataset, and never after. */
export interface RollupManifest {
  readonly version: 1;
  readonly generation: number;
  readonly rollups: readonly RollupFile[];
}

/** The name of the list of rollups in the dataset's folder. */
export const rollupManifestName = "rollups.json";

function plain(manifest: RollupManifest): JsonObject {
  return JSON.parse(JSON.stringify(manifest)) as JsonObject;
}

/** Writes a list of rollups as text, with its own hash. */
export function encodeRollups(manifest: RollupManifest): string {
  return `${JSON.stringify({ ...manifest, sha256: hashOf(plain(manifest)) }, undefined, 1)}\n`;
}

/** The rollups of the dataset in a folder, or undefined if none were made. Throws DatasetError if the list is damaged. */
export async function findRollups(directory: string): Promise<RollupManifest | undefined> {
  let text: string;
  try {
    text = await readFile(join(directory, rollupManifestName), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw storageError(error, directory);
  }
  const found = decoded(text);
  if (found !== undefined) return found;
  throw new DatasetError("AF_DATASET_CORRUPT", `${rollupManifestName} of ${directory} was changed.`, {
    hint: "Make the rollups again: af analytics rollup FOLDER. The dataset itself is not touched by this.",
    context: { dataset: directory },
  });
}

function decoded(text: string): RollupManifest | undefined {
  try {
    const { sha256, ...manifest } = JSON.parse(text) as RollupManifest & { readonly sha256?: unknown };
    return manifest.version === 1 && sha256 === hashOf(plain(manifest)) ? manifest : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}
