import { type Column, sqlTypeOf } from "../model/column.ts";
import type { DuckConnection } from "./duck-database.ts";
import { quoteName } from "./sql-text.ts";

type TypedColumns = Readonly<Record<string, Column>>;

/** Makes a table of the database from rows, in their order. Each column is one parameter, a list in JSON. */
export async function tableFromRows(
  connection: DuckConnection,
  name: string,
  columns: TypedColumns,
  rows: readonly object[],
): Promise<void> {
  await connection.run(`CREATE TABLE ${quoteName(name)} AS ${unnested(columns)}`, listsOf(columns, rows));
}

/** Adds rows to a table that was made of such columns. */
export async function insertRows(
  connection: DuckConnection,
  name: string,
  columns: TypedColumns,
  rows: readonly object[],
): Promise<void> {
  await connection.run(`INSERT INTO ${quoteName(name)} ${unnested(columns)}`, listsOf(columns, rows));
}

function unnested(columns: TypedColumns): string {
  const lists = Object.entries(columns).map(
    ([column, each], index) =>
      `unnest(from_json($${index + 1}, '["${sqlTypeOf(each)}"]')) AS ${quoteName(column)}`,
  );
  return `SELECT ${lists.join(", ")}`;
}

function listsOf(columns: TypedColumns, rows: readonly object[]): string[] {
  return Object.keys(columns).map((column) =>
    JSON.stringify(rows.map((row) => (row as Readonly<Record<string, unknown>>)[column])),
  );
}
