import { join } from "node:path";
import { type JsonObject, ValidationError } from "@agentflow/core";
import { type DuckConnection, DuckDatabase } from "../execute/duck-database.ts";
import { inParallel } from "../generate/in-parallel.ts";
import { type OnProgress, workProgress } from "../generate/work-progress.ts";
import { tableOf } from "../model/column-reference.ts";
import type { DatasetManifest } from "../storage/dataset-manifest.ts";
import { DatasetWriter, type StagedFile } from "../storage/dataset-writer.ts";
import type { FileOptions } from "../storage/file-options.ts";
import { stageQuery } from "../storage/stage-query.ts";
import { baseYears, type CalendarDay, calendarDays } from "./calendar.ts";
import {
  checkedFileOptions,
  checkedParameters,
  checkedWorkers,
  type GenerateOptions,
  readMonth,
  type SalesParameters,
} from "./generate-options.ts";
import { lineQuery } from "./line-query.ts";
import { blockLines, type SalesDay, type SalesPartition, salesDays, salesPartitions } from "./sales-days.ts";
import { sales } from "./sales-model.ts";
import { dimensionQueries, prepareSales } from "./sales-tables.ts";

type Parameters = Required<SalesParameters>;

/**
 * Generates the `sales` dataset in a folder, in place of the one that is there (OLP-2 to OLP-4). What the files hold
 * depends on the parameters alone, not on threads or workers. Memory stays bounded, whatever the rows. A failure, or
 * the end of the process, leaves the dataset of before. Throws DatasetError, ValidationError, ConfigError.
 */
export async function generateSales(directory: string, options: GenerateOptions): Promise<DatasetManifest> {
  const parameters = checkedParameters(options);
  const files = checkedFileOptions(options);
  const workers = checkedWorkers(options.workers);
  const days = soldDays(parameters);
  const partitions = partitionsOf(parameters, days);
  await using writer = await DatasetWriter.open(directory, sales.name);
  const add = await stageSales(writer, {
    parameters,
    files,
    options,
    workers,
    days,
    partitions,
  });
  return await writer.publish({ origin: originOf(parameters, files), add });
}

/** The days of whole years, with the lines of those up to the last month. */
export function soldDays(parameters: Parameters): SalesDay[] {
  const { year } = readMonth(parameters.until);
  return salesDays(parameters.rows, calendarDays(baseYears.first, Math.max(baseYears.last, year)));
}

/** The folders of the fact table up to the last month. Throws ValidationError if no row would be in them. */
export function partitionsOf(
  { rows, until, partitionBy }: Parameters,
  days: readonly SalesDay[],
): SalesPartition[] {
  const last = `${until}-31`;
  const wanted = days.filter(({ day }) => day.date <= last);
  const partitions = salesPartitions(wanted, partitionBy);
  if (partitions.length > 0) return partitions;
  throw new ValidationError("AF_ARGUMENT_INVALID", `None of ${rows} rows falls on a day up to ${until}.`, {
    hint: "Rows are spread over 2021 to 2023: give more of them, or a later month.",
  });
}

/** What the manifest keeps, so that a month can be appended later. */
export function originOf(parameters: Parameters, files: Required<FileOptions>): JsonObject {
  const { formats, compression, rowGroupRows } = files;
  return {
    ...parameters,
    partitionBy: [...parameters.partitionBy],
    formats: [...formats],
    compression,
    rowGroupRows,
  };
}

/** What is to be written. */
export interface StageRequest {
  readonly parameters: Parameters;
  readonly files: Required<FileOptions>;
  readonly options: Pick<GenerateOptions, "threads" | "memoryLimitMb" | "onProgress">;
  readonly workers: number;
  readonly days: readonly SalesDay[];
  readonly partitions: readonly SalesPartition[];
}

/** Writes the dimension tables and the given folders of the fact table beside the dataset. */
export async function stageSales(writer: DatasetWriter, request: StageRequest): Promise<StagedFile[]> {
  const { parameters, files, options, days, partitions, workers } = request;
  using database = await DuckDatabase.open(writer.directory, {
    temporaryDirectory: join(writer.directory, ".staging", "spill"),
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    ...(options.memoryLimitMb === undefined ? {} : { memoryLimitMb: options.memoryLimitMb }),
  });
  using connections = await connect(database, workers);
  const [first] = connections.all as [DuckConnection];
  // The lines stay on the probing side of every join, where they keep their order, however few they are.
  await first.run("SET GLOBAL disabled_optimizers = 'join_order,build_side_probe_side'");
  await prepareSales(first, { seed: parameters.seed, days: days.map(({ day }) => day) });
  const report = reporter(partitions, options.onProgress);
  const staged: StagedFile[][] = [];
  const dimensions = Object.entries(dimensionQueries(parameters.customers, parameters.seed));
  await inParallel(dimensions, connections.all, async ([table, query], connection) => {
    const { columns } = tableOf(sales, table);
    staged.push(await stageQuery(writer, connection, { table, partition: {}, query }, { ...files, columns }));
  });
  const { columns } = sales.tables.sales_fact;
  await inParallel(partitions, connections.all, async (part, connection) => {
    await daysByBlock(connection, part.days);
    const { partition } = part;
    const query = lineQuery(part, parameters);
    staged.push(
      await stageQuery(writer, connection, { table: "sales_fact", partition, query }, { ...files, columns }),
    );
    report(part.endLine - part.firstLine);
  });
  return staged.flat();
}

async function connect(
  database: DuckDatabase,
  count: number,
): Promise<{ all: DuckConnection[] } & Disposable> {
  const all: DuckConnection[] = [];
  for (let index = 0; index < count; index++) all.push(await database.connect());
  return { all, [Symbol.dispose]: () => all.forEach((each) => void each.close()) };
}

// A table of this connection alone: the day of each block of one folder.
async function daysByBlock(connection: DuckConnection, days: readonly SalesDay[]): Promise<void> {
  const rows = days.map(
    ({ day, firstLine, endLine }: { day: CalendarDay; firstLine: number; endLine: number }) => ({
      date: day.date,
      time_key: day.time_key,
      first: firstLine / blockLines,
      past: Math.ceil(endLine / blockLines),
    }),
  );
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE sales_day AS
     SELECT unnest(range(first, past))::INTEGER AS block, date, time_key FROM (
       SELECT unnest(from_json($1, '[{"date":"DATE","time_key":"INTEGER","first":"BIGINT","past":"BIGINT"}]'), recursive := true))`,
    [JSON.stringify(rows)],
  );
}

function reporter(
  partitions: readonly SalesPartition[],
  onProgress: OnProgress | undefined,
): (rows: number) => void {
  const total = partitions.reduce((sum, { firstLine, endLine }) => sum + endLine - firstLine, 0);
  const started = performance.now();
  let done = 0;
  return (rows) => {
    done += rows;
    onProgress?.(workProgress(done, total, performance.now() - started));
  };
}
