import type { DuckConnection, Row } from "../execute/duck-database.ts";
import { quoteText } from "../execute/sql-text.ts";
import type { Column } from "../model/column.ts";
import { isNumeric } from "../model/column.ts";
import type { Columns } from "../model/table.ts";
import type { ColumnStatistics, StatisticsValue } from "./dataset-manifest.ts";

/** What the footer of a Parquet file says. */
export interface ParquetStatistics {
  readonly rows: number;
  readonly rowGroups: number;
  readonly columns: Readonly<Record<string, ColumnStatistics>>;
}

/** What one row group says of one column. */
export interface RowGroupStatistics extends ColumnStatistics {
  readonly rowGroup: number;
  readonly column: string;
  readonly rows: number;
  readonly sizeBytes: number;
}

function statisticsValue(text: unknown, column: Column): StatisticsValue | undefined {
  if (typeof text !== "string") return undefined;
  if (isNumeric(column)) return Number(text);
  return column.kind === "flag" ? text === "true" : text;
}

function fromFooter(row: Row, columns: Columns): RowGroupStatistics | undefined {
  const name = String(row["name"]);
  const column = columns[name];
  if (column === undefined) return undefined;
  const min = statisticsValue(row["least"], column);
  const max = statisticsValue(row["greatest"], column);
  return {
    rowGroup: Number(row["row_group"]),
    column: name,
    rows: Number(row["rows"]),
    sizeBytes: Number(row["size_bytes"]),
    nulls: Number(row["nulls"] ?? 0),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}

/** The statistics of each row group of a Parquet file, from its footer alone. */
export async function readRowGroups(
  connection: DuckConnection,
  path: string,
  columns: Columns,
): Promise<RowGroupStatistics[]> {
  const rows = await connection.rows(
    `SELECT row_group_id AS row_group, row_group_num_rows AS rows, path_in_schema AS name,
       coalesce(stats_min_value, stats_min) AS least, coalesce(stats_max_value, stats_max) AS greatest,
       stats_null_count AS nulls, total_compressed_size AS size_bytes
     FROM parquet_metadata(${quoteText(path)}) ORDER BY row_group_id, column_id`,
  );
  return rows.flatMap((row) => fromFooter(row, columns) ?? []);
}

function smaller(
  a: StatisticsValue | undefined,
  b: StatisticsValue | undefined,
): StatisticsValue | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a <= b ? a : b;
}

function greater(
  a: StatisticsValue | undefined,
  b: StatisticsValue | undefined,
): StatisticsValue | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a >= b ? a : b;
}

/** Sums up the row groups of a file. */
export function fileStatistics(groups: readonly RowGroupStatistics[]): ParquetStatistics {
  const columns: Record<string, ColumnStatistics> = {};
  const sizes = new Map<number, number>();
  for (const group of groups) {
    sizes.set(group.rowGroup, group.rows);
    const before = columns[group.column];
    const min = smaller(before?.min, group.min);
    const max = greater(before?.max, group.max);
    columns[group.column] = {
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      nulls: (before?.nulls ?? 0) + group.nulls,
    };
  }
  return { rows: [...sizes.values()].reduce((a, b) => a + b, 0), rowGroups: sizes.size, columns };
}
