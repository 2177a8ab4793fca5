import type { DatasetFile } from "./dataset-manifest.ts";

/** Where a file belongs. */
export type FilePlace = Pick<DatasetFile, "table" | "format" | "partition">;

const partName = /^part-\d+-\d+\.(?:parquet|csv)$/;

/** True for names that the writer gives to files; it removes no others. */
export function isPartName(name: string): boolean {
  return partName.test(name);
}

/** The folder of a file, in Hive's form: parquet/sales_fact/year=2021/quarter=1. */
export function folderOf({ table, format, partition }: FilePlace): string {
  const levels = Object.entries(partition).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return [format, table, ...levels].join("/");
}

/** The path of a file. The generation keeps new files apart from those that they replace. */
export function partPath(place: FilePlace, generation: number, index: number): string {
  return `${folderOf(place)}/part-${generation}-${index}.${place.format}`;
}
