import { join } from "node:path";
import type { Columns } from "../model/table.ts";
import { mayPass } from "../plan/filter.ts";
import type { ResolvedQuestion } from "../plan/resolve-question.ts";
import type { DatasetFile } from "../storage/dataset-manifest.ts";
import { readRowGroups } from "../storage/parquet-statistics.ts";
import type { DuckConnection } from "./duck-database.ts";

/** How many row groups of some files have rows that may pass the filters on the fact table's own columns. */
export async function countRowGroups(
  connection: DuckConnection,
  files: readonly DatasetFile[],
  {
    directory,
    columns,
    filters,
  }: { readonly directory: string; readonly columns: Columns; readonly filters: ResolvedQuestion["filters"] },
): Promise<{ readonly read: number; readonly skipped: number }> {
  const own = filters.filter(({ dimension }) => dimension.via === undefined);
  let [read, skipped] = [0, 0];
  for (const file of files) {
    const groups = await readRowGroups(connection, join(directory, file.path), columns);
    const all = new Set(groups.map(({ rowGroup }) => rowGroup));
    const without = new Set(
      groups
        .filter((group) =>
          own.some(
            ({ dimension, filter }) => dimension.place.name === group.column && !mayPass(group, filter),
          ),
        )
        .map(({ rowGroup }) => rowGroup),
    );
    read += all.size - without.size;
    skipped += without.size;
  }
  return { read, skipped };
}
