import { DatasetError, hashOf, type JsonObject } from "@agentflow/core";

/** A format in which a dataset is kept. */
export type FileFormat = "parquet" | "csv";

/** The formats. */
export const fileFormats: readonly FileFormat[] = ["parquet", "csv"];

/** A value of a column as the manifest keeps it: numbers as numbers, dates and texts as texts. */
export type StatisticsValue = number | string | boolean;

/** What a file says of one of its columns. Texts may be cut, so that theirs are bounds and not values. */
export interface ColumnStatistics {
  readonly min?: StatisticsValue;
  readonly max?: StatisticsValue;
  readonly nulls: number;
}

/** One file of a dataset. `path` is relative to its folder, with `/` on every system. */
export interface DatasetFile {
  readonly table: string;
  readonly format: FileFormat;
  readonly path: string;
  /** The values that all its rows have in common; none for a dimension table. */
  readonly partition: Readonly<Record<string, number | string>>;
  readonly rows: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** By column; Parquet only. */
  readonly columns: Readonly<Record<string, ColumnStatistics>>;
}

/** What a dataset consists of. A file that it does not name is no part of the dataset. */
export interface DatasetManifest {
  readonly version: 1;
  readonly dataset: string;
  /** Counts what was published in this folder; the first is 1. */
  readonly generation: number;
  readonly publishedAt: string;
  /** How the dataset was made, for whoever goes on with it. */
  readonly origin: JsonObject;
  readonly files: readonly DatasetFile[];
}

/** The name of the manifest in the dataset's folder. */
export const manifestName = "manifest.json";

/** The hash of what the files hold, whatever they are called and whenever they were published. */
export function contentHash({ dataset, files }: DatasetManifest): string {
  const contents = files.map(({ table, format, partition, sha256 }) => ({
    table,
    format,
    partition,
    sha256,
  }));
  const sorted = contents.map((each) => hashOf(each)).sort();
  return hashOf({ dataset, files: sorted });
}

function plain(manifest: DatasetManifest): JsonObject {
  return JSON.parse(JSON.stringify(manifest)) as JsonObject;
}

/** Writes a manifest as text, with its own hash. */
export function encodeManifest(manifest: DatasetManifest): string {
  return `${JSON.stringify({ ...manifest, sha256: hashOf(plain(manifest)) }, undefined, 1)}\n`;
}

/** Reads a manifest; `where` names the folder in errors. Throws DatasetError if it is not as it was written. */
export function decodeManifest(text: string, where: string): DatasetManifest {
  const corrupt = (what: string, cause?: unknown): DatasetError =>
    new DatasetError("AF_DATASET_CORRUPT", `${manifestName} of ${where} ${what}`, {
      cause,
      context: { dataset: where },
    });
  let parsed: DatasetManifest & { readonly sha256?: unknown };
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw corrupt("is not JSON.", error);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw corrupt("is no object.");
  const { sha256, ...manifest } = parsed;
  if (manifest.version !== 1) {
    throw corrupt(`has version ${JSON.stringify(manifest.version)}; this program reads version 1.`);
  }
  if (sha256 !== hashOf(plain(manifest))) throw corrupt("was changed: its SHA-256 differs.");
  return manifest;
}
