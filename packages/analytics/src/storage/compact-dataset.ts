import { join } from "node:path";
import { invariant } from "@agentflow/core";
import { DuckDatabase, type DuckSettings } from "../execute/duck-database.ts";
import { csvTypes, quoteNames, readFiles } from "../execute/sql-text.ts";
import { tableOf } from "../model/column-reference.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import type { DatasetFile, DatasetManifest } from "./dataset-manifest.ts";
import { DatasetWriter, type StagedFile } from "./dataset-writer.ts";
import { type Compression, compressions } from "./file-options.ts";
import { folderOf } from "./part-path.ts";
import { readManifest } from "./read-dataset.ts";
import { stageQuery } from "./stage-query.ts";

/** What a compaction did. */
export interface CompactionReport {
  readonly manifest: DatasetManifest;
  readonly filesBefore: number;
  readonly filesAfter: number;
  readonly sizeBytesBefore: number;
  readonly sizeBytesAfter: number;
}

const sizeOf = (files: readonly DatasetFile[]): number =>
  files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/**
 * Makes one file of the files of each folder, in the declared order of their rows. A dataset with one file a folder
 * stays as it is. Throws DatasetError.
 */
export async function compactDataset(
  model: DatasetModel,
  directory: string,
  settings: DuckSettings = {},
): Promise<CompactionReport> {
  await readManifest(directory);
  await using writer = await DatasetWriter.open(directory, model.name);
  const before = writer.manifest as DatasetManifest;
  const groups = [...Map.groupBy(before.files, folderOf).values()].filter((files) => files.length > 1);
  using database = await DuckDatabase.open(directory, {
    temporaryDirectory: join(directory, ".staging", "spill"),
    ...settings,
  });
  using connection = await database.connect();
  const add: StagedFile[] = [];
  for (const files of groups) {
    const [first] = files;
    invariant(first !== undefined, "a folder has files");
    const { table, format, partition } = first;
    const { columns, order } = tableOf(model, table);
    const paths = files.map(({ path }) => join(directory, path));
    const query = `FROM ${readFiles(format, paths, csvTypes(columns))} ORDER BY ${quoteNames(order)}`;
    const options = { formats: [format], columns, ...filesLike(before) };
    add.push(...(await stageQuery(writer, connection, { table, partition, query }, options)));
  }
  const merged = new Set(groups.flat());
  const manifest =
    groups.length === 0
      ? before
      : await writer.publish({ origin: before.origin, add, keep: (file) => !merged.has(file) });
  return {
    manifest,
    filesBefore: before.files.length,
    filesAfter: manifest.files.length,
    sizeBytesBefore: sizeOf(before.files),
    sizeBytesAfter: sizeOf(manifest.files),
  };
}

// What the dataset was written with, so that a merged file is like the others.
function filesLike({ origin }: DatasetManifest): { compression?: Compression; rowGroupRows?: number } {
  const { compression, rowGroupRows } = origin;
  const known = compressions.find((each) => each === compression);
  return {
    ...(known === undefined ? {} : { compression: known }),
    ...(typeof rowGroupRows === "number" ? { rowGroupRows } : {}),
  };
}
