import { type Column, sqlTypeOf } from "../model/column.ts";
import type { DuckConnection } from "./duck-database.ts";
import { quoteName } from "./sql-text.ts";

/** Makes a table of the database from rows, in their order. Each column is one parameter, a list in JSON. */
export async function tableFromRows(
  connection: DuckConnection,
  name: string,
  columns: Readonly<Record<string, Column>>,
  rows: readonly object[],
): Promise<void> {
  const lists = Object.entries(columns).map(
    ([column, each], index) =>
      `unnest(from_json($${index + 1}, '["${sqlTypeOf(each)}"]')) AS ${quoteName(column)}`,
  );
  const values = Object.keys(columns).map((column) =>
    JSON.stringify(rows.map((row) => (row as Readonly<Record<string, unknown>>)[column])),
  );
  await connection.run(`CREATE TABLE ${quoteName(name)} AS SELECT ${lists.join(", ")}`, values);
}
