import type { SqlValue } from "@agentflow/core";
import type { SqlStatement } from "../sql/sql-database.ts";

/** Rows for one table, and what to do with one whose key is there; absent: the database refuses all of them. */
export interface MultiRowInsert {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
  /** Columns to overwrite; none keeps the row that is there. */
  readonly overwrite?: readonly string[];
  /** How many characters of values one statement takes, unless one row has more. */
  readonly lengthMax: number;
}

// Longer statements gain nothing, whatever the server takes.
const usefulLengthMax = 1_000_000;
const chunkRowsMax = 500;

/** How many characters of values fit into a packet: a character has up to three bytes, or two when it is quoted. */
export function lengthMaxOf(packetBytesMax: number): number {
  return Math.min(packetBytesMax / 4, usefulLengthMax);
}

/** The statements that insert rows: as few as their size allows. */
export function insertStatements(insert: MultiRowInsert): readonly SqlStatement[] {
  return chunksOf(insert.rows, insert.lengthMax).map((rows) => ({
    sql: insertSql(insert, rows.length),
    values: rows.flat(),
  }));
}

/** One statement per row, which inserts it where `condition` holds. */
export function conditionalInserts(insert: MultiRowInsert, condition: string): readonly SqlStatement[] {
  const { table, columns, rows } = insert;
  const marks = columns.map(() => "?").join(", ");
  const sql = `INSERT INTO ${table} (${columns.join(", ")}) SELECT ${marks} FROM DUAL WHERE ${condition}`;
  return rows.map((values) => ({ sql: sql + whenThere(insert), values }));
}

/** Splits rows so that no part is long, unless one row is. */
export function chunksOf(
  rows: readonly (readonly SqlValue[])[],
  lengthMax: number,
): readonly (readonly (readonly SqlValue[])[])[] {
  const chunks: (readonly SqlValue[])[][] = [];
  let length = 0;
  for (const row of rows) {
    const rowLength = row.reduce<number>(
      (sum, value) => sum + (typeof value === "string" ? value.length : 8),
      0,
    );
    const last = chunks.at(-1);
    if (last === undefined || last.length >= chunkRowsMax || length + rowLength > lengthMax) {
      chunks.push([row]);
      length = rowLength;
    } else {
      last.push(row);
      length += rowLength;
    }
  }
  return chunks;
}

function insertSql(insert: MultiRowInsert, count: number): string {
  const { table, columns } = insert;
  const marks = `(${columns.map(() => "?").join(", ")})`;
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${Array(count).fill(marks).join(", ")}${whenThere(insert)}`;
}

function whenThere({ columns, overwrite }: MultiRowInsert): string {
  if (overwrite === undefined) return "";
  const [first = ""] = columns;
  const changes = overwrite.map((column) => `${column} = VALUES(${column})`);
  return ` ON DUPLICATE KEY UPDATE ${changes.length === 0 ? `${first} = ${first}` : changes.join(", ")}`;
}
