import { join } from "node:path";
import type { DatasetModel } from "../model/dataset-model.ts";
import type { DatasetManifest, FileFormat } from "../storage/dataset-manifest.ts";
import type { DuckConnection } from "./duck-database.ts";
import { csvTypes, noRows, quoteName, readFiles } from "./sql-text.ts";

/** The format in which a dataset is read if nobody says: Parquet where there is some. */
export function preferredFormat({ files }: DatasetManifest): FileFormat {
  return files.some(({ format }) => format === "parquet") ? "parquet" : "csv";
}

/** Makes a view of each table of a dataset, over the files that the manifest names; without files it has no rows. */
export async function createViews(
  connection: DuckConnection,
  model: DatasetModel,
  {
    directory,
    manifest,
    format,
  }: { readonly directory: string; readonly manifest: DatasetManifest; readonly format: FileFormat },
): Promise<void> {
  for (const [name, { columns }] of Object.entries(model.tables)) {
    const files = manifest.files.filter((file) => file.table === name && file.format === format);
    const paths = files.map(({ path }) => join(directory, path));
    const rows = files.length === 0 ? noRows(columns) : readFiles(format, paths, csvTypes(columns));
    await connection.run(`CREATE OR REPLACE VIEW ${quoteName(name)} AS FROM ${rows}`);
  }
}
