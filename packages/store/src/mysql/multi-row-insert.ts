import type { SqlValue } from "@agentflow/core";
import type { SqlSession } from "../sql/sql-database.ts";

/** Rows for one table, and what to do with one whose key is there; absent: the database refuses all of them. */
export interface MultiRowInsert {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
  /** Columns to overwrite; none keeps the row that is there. */
  readonly overwrite?: readonly string[];
}

// A server takes 16 MB in a statement unless told otherwise, and text may grow when it is quoted.
const chunkLengthMax = 1_000_000;
const chunkRowsMax = 500;

/** Inserts rows with as few statements as their size allows. */
export async function insertRows(session: SqlSession, insert: MultiRowInsert): Promise<void> {
  for (const rows of chunksOf(insert.rows))
    await session.change(insertSql(insert, rows.length), ...rows.flat());
}

/** Splits rows so that no part is long, unless one row is. */
export function chunksOf(
  rows: readonly (readonly SqlValue[])[],
): readonly (readonly (readonly SqlValue[])[])[] {
  const chunks: (readonly SqlValue[])[][] = [];
  let length = 0;
  for (const row of rows) {
    const rowLength = row.reduce<number>(
      (sum, value) => sum + (typeof value === "string" ? value.length : 8),
      0,
    );
    const last = chunks.at(-1);
    if (last === undefined || last.length >= chunkRowsMax || length + rowLength > chunkLengthMax) {
      chunks.push([row]);
      length = rowLength;
    } else {
      last.push(row);
      length += rowLength;
    }
  }
  return chunks;
}

function insertSql({ table, columns, overwrite }: MultiRowInsert, count: number): string {
  const marks = `(${columns.map(() => "?").join(", ")})`;
  const insert = `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${Array(count).fill(marks).join(", ")}`;
  if (overwrite === undefined) return insert;
  const [first = ""] = columns;
  const changes = overwrite.map((column) => `${column} = VALUES(${column})`);
  return `${insert} ON DUPLICATE KEY UPDATE ${changes.length === 0 ? `${first} = ${first}` : changes.join(", ")}`;
}
