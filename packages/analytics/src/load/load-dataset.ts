import { randomUUID } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { ValidationError } from "@agentflow/core";
import { preferredFormat } from "../execute/dataset-views.ts";
import { type DuckConnection, DuckDatabase, type DuckSettings } from "../execute/duck-database.ts";
import { csvTypes, quoteName, quoteNames, readFiles } from "../execute/sql-text.ts";
import { inParallel } from "../generate/in-parallel.ts";
import { type OnProgress, workProgress } from "../generate/work-progress.ts";
import { sqlTypeOf } from "../model/column.ts";
import { tableOf } from "../model/column-reference.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import type { Table } from "../model/table.ts";
import type { DatasetFile } from "../storage/dataset-manifest.ts";
import { readManifest } from "../storage/read-dataset.ts";
import { storageError } from "../storage/storage-error.ts";

/** How a dataset is loaded into a database. */
export interface LoadOptions extends Pick<DuckSettings, "threads" | "memoryLimitMb"> {
  /** The database file; one that is there is replaced when everything is loaded. */
  readonly database: string;
  /** Rows of one insert; 1,000,000 if not given. */
  readonly batchRows?: number;
  readonly workers?: number;
  readonly onProgress?: OnProgress;
}

/** What was loaded. */
export interface LoadReport {
  readonly database: string;
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>;
  readonly rows: number;
  readonly batches: number;
}

interface Batch {
  readonly file: DatasetFile;
  readonly from: number;
  readonly until: number;
}

/** The statement that makes a table as it is declared. */
function createTableStatement(name: string, { columns }: Table): string {
  const lines = Object.entries(columns).map(
    ([column, each]) => `${quoteName(column)} ${sqlTypeOf(each)}${each.optional ? "" : " NOT NULL"}`,
  );
  return `CREATE TABLE ${quoteName(name)} (${lines.join(", ")})`;
}

/** Cuts files into batches of at most so many rows. */
function batchesOf(files: readonly DatasetFile[], batchRows: number): Batch[] {
  return files.flatMap((file) => {
    const count = Math.max(1, Math.ceil(file.rows / batchRows));
    return Array.from({ length: count }, (_, index) => ({
      file,
      from: index * batchRows,
      until: Math.min(file.rows, (index + 1) * batchRows),
    }));
  });
}

/**
 * Makes a DuckDB database with the tables of a dataset, and loads its files into them in parallel batches (OLP-5). The
 * database appears under its name when it is whole. Throws DatasetError, ConfigError.
 */
export async function loadDataset(
  model: DatasetModel,
  directory: string,
  options: LoadOptions,
): Promise<LoadReport> {
  const { batchRows = 1_000_000, workers = Math.min(8, availableParallelism()), database: target } = options;
  if (!Number.isSafeInteger(batchRows) || batchRows < 1) {
    throw new ValidationError("AF_ARGUMENT_INVALID", `batchRows is ${batchRows}.`, {
      hint: "Give a whole number above 0.",
    });
  }
  const manifest = await readManifest(directory);
  const format = preferredFormat(manifest);
  const batches = batchesOf(
    manifest.files.filter((file) => file.format === format),
    batchRows,
  );
  // A name of its own, so that of two loads at once each is whole, and the later one stays.
  const beside = `${target}.${randomUUID()}.loading`;
  try {
    const tables = await fill(model, { directory, batches, workers, path: beside, options });
    await rename(beside, target);
    const rows = Object.values(tables).reduce((sum, each) => sum + each, 0);
    return { database: target, tables, rows, batches: batches.length };
  } catch (error) {
    await removeDatabase(beside);
    throw storageError(error, target);
  }
}

async function removeDatabase(path: string): Promise<void> {
  for (const name of [path, `${path}.wal`]) await rm(name, { force: true });
}

interface FillRequest {
  readonly directory: string;
  readonly batches: readonly Batch[];
  readonly workers: number;
  readonly path: string;
  readonly options: LoadOptions;
}

async function fill(
  model: DatasetModel,
  { directory, batches, workers, path, options }: FillRequest,
): Promise<Record<string, number>> {
  const { threads, memoryLimitMb, onProgress, database: about } = options;
  using database = await DuckDatabase.open(about, {
    path,
    ...(threads === undefined ? {} : { threads }),
    ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
  });
  const connections: DuckConnection[] = [];
  for (let index = 0; index < Math.max(1, workers); index++) connections.push(await database.connect());
  const [first] = connections as [DuckConnection];
  for (const [name, table] of Object.entries(model.tables))
    await first.run(createTableStatement(name, table));
  const total = batches.reduce((sum, { from, until }) => sum + until - from, 0);
  const started = performance.now();
  let done = 0;
  await inParallel(batches, connections, async (batch, connection) => {
    await connection.run(insertStatement(model, directory, batch));
    done += batch.until - batch.from;
    onProgress?.(workProgress(done, total, performance.now() - started));
  });
  const tables: Record<string, number> = {};
  for (const name of Object.keys(model.tables)) {
    const [row] = await first.rows(`SELECT count(*) AS rows FROM ${quoteName(name)}`);
    tables[name] = Number(row?.["rows"]);
  }
  await first.run("CHECKPOINT");
  for (const connection of connections) connection.close();
  return tables;
}

function insertStatement(model: DatasetModel, directory: string, { file, from, until }: Batch): string {
  const { columns } = tableOf(model, file.table);
  const names = quoteNames(Object.keys(columns));
  const source = readFiles(file.format, [join(directory, file.path)], csvTypes(columns));
  const isWhole = from === 0 && until === file.rows;
  const cut = isWhole
    ? ""
    : file.format === "csv"
      ? ` LIMIT ${until - from} OFFSET ${from}`
      : ` WHERE file_row_number >= ${from} AND file_row_number < ${until}`;
  const numbered =
    !isWhole && file.format === "parquet" ? source.replace(/\)$/, ", file_row_number = true)") : source;
  return `INSERT INTO ${quoteName(file.table)} SELECT ${names} FROM ${numbered}${cut}`;
}
