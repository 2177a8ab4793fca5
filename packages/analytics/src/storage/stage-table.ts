import { DatasetError } from "@agentflow/core";
import type { DuckConnection, Row } from "../execute/duck-database.ts";
import { quoteName, quoteNames, quoteText } from "../execute/sql-text.ts";
import { dimensionKey, joinColumn, tableOf } from "../model/column-reference.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import type { DatasetFile } from "./dataset-manifest.ts";
import type { DatasetWriter, StagedFile } from "./dataset-writer.ts";
import type { FileOptions } from "./file-options.ts";
import { stageQuery } from "./stage-query.ts";

/** A table of the database that becomes files, under the name it has in the declaration. */
export interface StagedTable {
  readonly model: DatasetModel;
  readonly table: string;
}

/**
 * Writes a table of the database to files, to be published later: one for a dimension table, and one for each folder of
 * a fact table, whose partition table has to be in the database too. A fact table without rows gets none. Throws
 * DatasetError if rows refer to no row of the partition table.
 */
export async function stageTable(
  writer: DatasetWriter,
  connection: DuckConnection,
  { model, table }: StagedTable,
  options: FileOptions,
): Promise<StagedFile[]> {
  const { partitions, order, columns } = tableOf(model, table);
  const fileOptions = { ...options, columns };
  const from = `FROM ${quoteName(table)} fact`;
  const ordered = `ORDER BY ${order.map((name) => `fact.${quoteName(name)}`).join(", ")}`;
  if (partitions === undefined) {
    return stageQuery(
      writer,
      connection,
      { table, partition: {}, query: `SELECT fact.* ${from} ${ordered}` },
      fileOptions,
    );
  }
  const joined = `${from} JOIN ${quoteName(partitions.table)} part ON ${joinCondition(model, table)}`;
  const names = partitions.columns.map((name) => `part.${quoteName(name)}`);
  const groups = await connection.rows(
    `SELECT ${names.join(", ")}, count(*) AS rows ${joined} GROUP BY ALL ORDER BY ${quoteNames(partitions.columns)}`,
  );
  await refuseLostRows(connection, table, partitions.table, groups);
  const staged: StagedFile[] = [];
  for (const { rows: _, ...values } of groups) {
    const partition = values as DatasetFile["partition"];
    const conditions = Object.entries(partition).map(
      ([name, value]) => `part.${quoteName(name)} = ${typeof value === "number" ? value : quoteText(value)}`,
    );
    const query = `SELECT fact.* ${joined} WHERE ${conditions.join(" AND ")} ${ordered}`;
    staged.push(...(await stageQuery(writer, connection, { table, partition, query }, fileOptions)));
  }
  return staged;
}

function joinCondition(model: DatasetModel, table: string): string {
  const declared = tableOf(model, table);
  const target = declared.partitions?.table ?? "";
  const column = joinColumn(declared, target) ?? "";
  return `part.${quoteName(dimensionKey(model, target))} = fact.${quoteName(column)}`;
}

async function refuseLostRows(
  connection: DuckConnection,
  table: string,
  target: string,
  groups: readonly Row[],
): Promise<void> {
  const [found] = await connection.rows(`SELECT count(*) AS rows FROM ${quoteName(table)}`);
  const placed = groups.reduce((sum, { rows }) => sum + Number(rows), 0);
  if (found?.["rows"] === placed) return;
  throw new DatasetError(
    "AF_DATASET_FAILED",
    `${Number(found?.["rows"]) - placed} rows of ${table} have no folder: they refer to no row of ${target}.`,
    { context: { table } },
  );
}
