import { join } from "node:path";
import type { DuckConnection } from "../execute/duck-database.ts";
import { csvTypes, quoteName, quoteNames, readFiles } from "../execute/sql-text.ts";
import { isNumeric } from "../model/column.ts";
import { dimensionKey, joinColumn, tableOf } from "../model/column-reference.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import type { Columns } from "../model/table.ts";
import type { DatasetFile, DatasetManifest } from "../storage/dataset-manifest.ts";
import { type DatasetCheck, failed, passed } from "./dataset-check.ts";

/** Holds what the manifest says of each file (rows, extremes, missing values) against its rows. */
async function checkStatistics(
  connection: DuckConnection,
  model: DatasetModel,
  directory: string,
  file: DatasetFile,
): Promise<string | undefined> {
  const { columns } = tableOf(model, file.table);
  const names = Object.keys(columns);
  const parts = names.map((name, index) => {
    const column = quoteName(name);
    return `min(${column}) AS least${index}, max(${column}) AS greatest${index}, count(*) - count(${column}) AS nulls${index}`;
  });
  const source = readFiles(file.format, [join(directory, file.path)], csvTypes(columns));
  const [found] = await connection.rows(`SELECT count(*) AS rows, ${parts.join(", ")} FROM ${source}`);
  if (found?.["rows"] !== file.rows)
    return `${file.path} has ${found?.["rows"]} rows instead of ${file.rows}`;
  const wrong = names.filter((name, index) => {
    const said = file.columns[name];
    if (said === undefined) return file.format === "parquet";
    const { [`least${index}`]: least, [`greatest${index}`]: greatest, [`nulls${index}`]: nulls } = found;
    if (said.nulls !== nulls) return true;
    const { min, max } = said;
    if (least === null || greatest === null) return min !== undefined || max !== undefined;
    if (min === undefined || max === undefined) return true;
    // A text in a footer may be cut, and is a bound then.
    const isExact = columns[name] !== undefined && isNumeric(columns[name]);
    if (isExact) return min !== least || max !== greatest;
    return String(min) > String(least) || String(max) < String(greatest);
  });
  return wrong.length === 0 ? undefined : `${file.path}: ${wrong.join(", ")}`;
}

/** Tests per table that files say the truth of themselves, and hold what their folders' names say. */
export async function checkPartitions(
  connection: DuckConnection,
  model: DatasetModel,
  { directory, manifest }: { readonly directory: string; readonly manifest: DatasetManifest },
): Promise<DatasetCheck[]> {
  const checks: DatasetCheck[] = [];
  for (const [table, files] of Map.groupBy(manifest.files, (file) => file.table)) {
    const wrong: string[] = [];
    const misplaced: string[] = [];
    const unordered: string[] = [];
    for (const file of files) {
      if (!(await isOrdered(connection, model, directory, file))) unordered.push(file.path);
      const statistics = await checkStatistics(connection, model, directory, file);
      if (statistics !== undefined) wrong.push(statistics);
      const place = await checkPlace(connection, model, directory, file);
      if (place !== undefined) misplaced.push(place);
    }
    const truth = "counts and extremes in the manifest are those of the rows";
    checks.push(wrong.length === 0 ? passed(table, truth) : failed(table, truth, wrong.join("; ")));
    const order = `the rows of each file are ordered by ${tableOf(model, table).order.join(", ")}`;
    checks.push(unordered.length === 0 ? passed(table, order) : failed(table, order, unordered.join("; ")));
    if (tableOf(model, table).partitions === undefined) continue;
    const place = "every row is in the folder that its day belongs to";
    checks.push(misplaced.length === 0 ? passed(table, place) : failed(table, place, misplaced.join("; ")));
  }
  return checks;
}

async function isOrdered(
  connection: DuckConnection,
  model: DatasetModel,
  directory: string,
  file: DatasetFile,
): Promise<boolean> {
  const { columns, order } = tableOf(model, file.table);
  const source = readFiles(file.format, [join(directory, file.path)], csvTypes(columns));
  // A window without an order goes through the rows as they lie in the file.
  const [found] = await connection.rows(
    `SELECT count(*) AS wrong FROM (SELECT place, lag(place) OVER () AS before FROM (
       SELECT row(${quoteNames(order)}) AS place FROM ${source})) WHERE place < before`,
  );
  return found?.["wrong"] === 0;
}

async function checkPlace(
  connection: DuckConnection,
  model: DatasetModel,
  directory: string,
  file: DatasetFile,
): Promise<string | undefined> {
  const table = tableOf(model, file.table);
  const values = Object.entries(file.partition);
  const column = table.partitions && joinColumn(table, table.partitions.table);
  if (table.partitions === undefined || column === undefined || values.length === 0) return undefined;
  const target = table.partitions.table;
  const conditions = values.map(([name], index) => `t.${quoteName(name)} IS DISTINCT FROM $${index + 1}`);
  const types: Columns = table.columns;
  const [found] = await connection.rows(
    `SELECT count(*) AS rows FROM ${readFiles(file.format, [join(directory, file.path)], csvTypes(types))} fact
     LEFT JOIN ${quoteName(target)} t ON t.${quoteName(dimensionKey(model, target))} = fact.${quoteName(column)}
     WHERE ${conditions.join(" OR ")}`,
    values.map(([, value]) => value),
  );
  return found?.["rows"] === 0 ? undefined : `${file.path} has ${found?.["rows"]} rows of other folders`;
}
