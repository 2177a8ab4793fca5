import { join } from "node:path";
import { ValidationError } from "@agentflow/core";
import { type DuckConnection, DuckDatabase, type DuckSettings } from "../execute/duck-database.ts";
import { quoteName } from "../execute/sql-text.ts";
import { sqlTypeOf } from "../model/column.ts";
import { suggestion, tableOf } from "../model/column-reference.ts";
import type { DatasetModel, Tables } from "../model/dataset-model.ts";
import type { DatasetManifest } from "./dataset-manifest.ts";
import { DatasetWriter, type StagedFile } from "./dataset-writer.ts";
import type { FileOptions } from "./file-options.ts";
import { stageTable } from "./stage-table.ts";

/** The rows of each table of a dataset, as SQL that DuckDB can do: over CSV, JSON or Parquet files, or made of values. */
export type TableQueries<Model extends DatasetModel = DatasetModel> = {
  readonly [Name in keyof Model["tables"]]: string;
};

/** How a dataset is written. */
export interface WriteOptions extends Partial<FileOptions>, Pick<DuckSettings, "threads" | "memoryLimitMb"> {}

/**
 * Writes a dataset of your own in a folder, in place of the one that is there: each table by its query, fact tables in
 * the folders that the declaration says, all of them published at once. Columns are taken by name. What is written is
 * not tested; `checkDataset` does that. Throws ValidationError, QueryError, DatasetError, ConfigError.
 */
export async function writeDataset<Model extends DatasetModel>(
  model: Model,
  directory: string,
  queries: TableQueries<Model>,
  options: WriteOptions = {},
): Promise<DatasetManifest> {
  const { threads, memoryLimitMb, formats = ["parquet"], compression, rowGroupRows } = options;
  const given: Readonly<Record<string, string>> = queries;
  refuseWrongTables(model.tables, given);
  const fileOptions: FileOptions = {
    formats,
    ...(compression === undefined ? {} : { compression }),
    ...(rowGroupRows === undefined ? {} : { rowGroupRows }),
  };
  await using writer = await DatasetWriter.open(directory, model.name);
  using database = await DuckDatabase.open(directory, {
    temporaryDirectory: join(directory, ".staging", "spill"),
    ...(threads === undefined ? {} : { threads }),
    ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
  });
  using connection = await database.connect();
  for (const [table, query] of Object.entries(given)) await fillTable(connection, model, table, query);
  const add: StagedFile[] = [];
  for (const table of Object.keys(model.tables)) {
    add.push(...(await stageTable(writer, connection, { model, table }, fileOptions)));
  }
  return await writer.publish({ origin: { formats: [...formats] }, add });
}

function refuseWrongTables(tables: Tables, given: Readonly<Record<string, string>>): void {
  const names = Object.keys(tables);
  const missing = names.find((name) => !Object.hasOwn(given, name));
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (missing === undefined && unknown === undefined) return;
  throw new ValidationError(
    "AF_ARGUMENT_INVALID",
    unknown === undefined
      ? `There is no query for the table ${missing}.`
      : `The dataset has no table ${JSON.stringify(unknown)}.${suggestion(unknown, names)}`,
    { hint: `Give a query for each of ${names.join(", ")}.` },
  );
}

async function fillTable(
  connection: DuckConnection,
  model: DatasetModel,
  table: string,
  query: string,
): Promise<void> {
  const columns = Object.entries(tableOf(model, table).columns).map(
    ([name, column]) => `${quoteName(name)}::${sqlTypeOf(column)} AS ${quoteName(name)}`,
  );
  await connection.run(
    `CREATE TEMP TABLE ${quoteName(table)} AS SELECT ${columns.join(", ")} FROM (${query})`,
  );
}
