import type { DuckConnection } from "../execute/duck-database.ts";
import { quoteName, readFiles } from "../execute/sql-text.ts";
import { sqlTypeOf } from "../model/column.ts";
import type { Columns } from "../model/table.ts";
import type { DatasetFile } from "./dataset-manifest.ts";
import type { DatasetWriter, StagedFile } from "./dataset-writer.ts";
import { copyStatement, type FileOptions } from "./file-options.ts";
import { fileStatistics, readRowGroups } from "./parquet-statistics.ts";

/** What becomes a file. */
export interface StagedQuery {
  readonly table: string;
  readonly partition: DatasetFile["partition"];
  /** Gives the rows in the order in which they are kept. */
  readonly query: string;
}

// Files have the types of the declaration, whatever the query gives.
function typedColumns(columns: Columns): string {
  return Object.entries(columns)
    .map(([name, column]) => `${quoteName(name)}::${sqlTypeOf(column)} AS ${quoteName(name)}`)
    .join(", ");
}

/** Writes the rows of a query to a file of each format, to be published later. CSV is written from the Parquet file. */
export async function stageQuery(
  writer: DatasetWriter,
  connection: DuckConnection,
  { table, partition, query }: StagedQuery,
  options: FileOptions & { readonly columns: Columns },
): Promise<StagedFile[]> {
  const { columns } = options;
  const staged: StagedFile[] = [];
  let source = `SELECT ${typedColumns(columns)} FROM (${query})`;
  for (const format of options.formats) {
    const place = { table, format, partition };
    const stagedPath = await writer.stage(place);
    const [counted] = await connection.rows(copyStatement(source, stagedPath, format, options));
    const rows = Number(counted?.["Count"]);
    if (format === "csv") {
      staged.push({ ...place, stagedPath, rows, columns: {} });
      continue;
    }
    const statistics = fileStatistics(await readRowGroups(connection, stagedPath, columns));
    staged.push({ ...place, stagedPath, rows, columns: statistics.columns });
    source = `FROM ${readFiles("parquet", [stagedPath])}`;
  }
  return staged;
}
