import type { DatasetFile } from "../storage/dataset-manifest.ts";
import { mayPass, passes } from "./filter.ts";
import type { AskedDimension, ResolvedQuestion } from "./resolve-question.ts";

/** Which files a question needs. */
export interface PrunedFiles {
  readonly opened: readonly DatasetFile[];
  readonly skipped: readonly DatasetFile[];
}

/** True if the value of the dimension is the same in all rows of a file, and its folder says it. */
export function isConstant(
  { place }: AskedDimension,
  file: DatasetFile,
  partitionTable: string | undefined,
): boolean {
  return place.table === partitionTable && Object.hasOwn(file.partition, place.name);
}

/** Leaves out the files in which no row can pass the filters, by their folders and by the extremes in the manifest. */
export function pruneFiles(
  files: readonly DatasetFile[],
  { filters, fact }: Pick<ResolvedQuestion, "filters" | "fact">,
  partitionTable: string | undefined,
): PrunedFiles {
  const needs = (file: DatasetFile): boolean =>
    filters.every(({ dimension, filter }) => {
      const { table, name } = dimension.place;
      const constant = isConstant(dimension, file, partitionTable) ? file.partition[name] : undefined;
      if (constant !== undefined) return passes(constant, filter);
      const statistics = table === fact ? file.columns[name] : undefined;
      return statistics === undefined || mayPass(statistics, filter);
    });
  return { opened: files.filter(needs), skipped: files.filter((file) => !needs(file)) };
}
