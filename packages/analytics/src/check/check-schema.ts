import { join } from "node:path";
import type { DuckConnection } from "../execute/duck-database.ts";
import { readFiles } from "../execute/sql-text.ts";
import { sqlTypeOf } from "../model/column.ts";
import { tableOf } from "../model/column-reference.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import type { DatasetManifest } from "../storage/dataset-manifest.ts";
import { type DatasetCheck, failed, passed } from "./dataset-check.ts";

/** Compares the columns of every Parquet file with those that are declared: one test per table. CSV has no types. */
export async function checkSchema(
  connection: DuckConnection,
  model: DatasetModel,
  { directory, manifest }: { readonly directory: string; readonly manifest: DatasetManifest },
): Promise<DatasetCheck[]> {
  const checks: DatasetCheck[] = [];
  const parquet = manifest.files.filter(({ format }) => format === "parquet");
  for (const [table, files] of Map.groupBy(parquet, (file) => file.table)) {
    const name = "the columns of each file are those that are declared";
    if (!Object.hasOwn(model.tables, table)) {
      checks.push(failed(table, name, `${model.name} declares no table ${table}`));
      continue;
    }
    const { columns } = tableOf(model, table);
    const declared = Object.entries(columns).map(([column, each]) => `${column} ${sqlTypeOf(each)}`);
    const odd: string[] = [];
    for (const { path } of files) {
      const rows = await connection.rows(`DESCRIBE FROM ${readFiles("parquet", [join(directory, path)])}`);
      const found = rows.map((row) => `${row["column_name"]} ${row["column_type"]}`);
      if (found.join() !== declared.join()) odd.push(`${path}: ${found.join(", ")}`);
    }
    checks.push(odd.length === 0 ? passed(table, name) : failed(table, name, odd.join("; ")));
  }
  return checks;
}
