/**
 * What a `runs` dataset already holds. The dataset itself is asked, and not the marks in the store: these only save the
 * work of asking about every run again (ADR 23).
 */
import { join } from "node:path";
import { invariant, type RunHead } from "@agentflow/core";
import type { DuckConnection } from "../execute/duck-database.ts";
import { readFiles } from "../execute/sql-text.ts";
import { tableOf } from "../model/column-reference.ts";
import type { DatasetFile, DatasetManifest } from "../storage/dataset-manifest.ts";
import type { DatasetWriter, StagedFile } from "../storage/dataset-writer.ts";
import { stageQuery } from "../storage/stage-query.ts";
import { DimensionKeys, type DimensionTable, dimensionTables } from "./dimension-keys.ts";
import { runs } from "./runs-model.ts";

/** A run that the dataset holds. */
export interface ExportedRun {
  readonly runKey: number;
  /** The commit with which it ended when it was exported. */
  readonly sequence: number;
}

/** Tells runs apart: an id is free again once its run was deleted, and then names another one. */
export function runIdentity({ tenant, runId, createdAt }: RunHead): string {
  return JSON.stringify([tenant, runId, createdAt]);
}

const filesOf = (manifest: DatasetManifest, table: string): DatasetFile[] =>
  manifest.files.filter((file) => file.table === table && file.format === "parquet");

function sourceOf(directory: string, files: readonly DatasetFile[]): string {
  return readFiles(
    "parquet",
    files.map(({ path }) => join(directory, path)),
  );
}

/** The rows of the dimension tables, to go on with. */
export async function readDimensions(
  connection: DuckConnection,
  directory: string,
  manifest: DatasetManifest,
): Promise<DimensionKeys> {
  const rows: Partial<Record<DimensionTable, readonly Readonly<Record<string, unknown>>[]>> = {};
  for (const table of dimensionTables) {
    const files = filesOf(manifest, table);
    if (files.length === 0) continue;
    const [key] = tableOf(runs, table).key;
    rows[table] = await connection.rows(`FROM ${sourceOf(directory, files)} ORDER BY ${key}`);
  }
  return new DimensionKeys(rows);
}

/** The greatest key of a run that the dataset has given. */
export function lastRunKey(manifest: DatasetManifest): number {
  return filesOf(manifest, "fact_run").reduce(
    (last, { columns }) => Math.max(last, Number(columns["run_key"]?.max ?? 0)),
    0,
  );
}

/** Which of some runs the dataset holds, by their identities. Only the folders of their days are read. */
export async function findExported(
  connection: DuckConnection,
  { directory, manifest }: { readonly directory: string; readonly manifest: DatasetManifest },
  heads: readonly RunHead[],
): Promise<ReadonlyMap<string, ExportedRun>> {
  const keys = new DimensionKeys();
  const days = new Set(heads.map(({ createdAt }) => keys.day(createdAt).time_key));
  const files = filesOf(manifest, "fact_run").filter(({ partition }) => {
    const { year, month, day } = partition;
    return days.has(Number(year) * 10_000 + Number(month) * 100 + Number(day));
  });
  if (files.length === 0) return new Map();
  const rows = await connection.rows(
    `SELECT run_key, tenant, run_id, started_ms, sequence FROM ${sourceOf(directory, files)}
     JOIN ${sourceOf(directory, filesOf(manifest, "dim_tenant"))} USING (tenant_key)
     WHERE run_id IN (SELECT unnest(from_json($1, '["VARCHAR"]')))`,
    [JSON.stringify(heads.map(({ runId }) => runId))],
  );
  return new Map(
    rows.map((row) => [
      JSON.stringify([row["tenant"], row["run_id"], row["started_ms"]]),
      { runKey: Number(row["run_key"]), sequence: Number(row["sequence"]) },
    ]),
  );
}

/** Files without the rows of some runs, and those that they replace. */
export interface Rewrite {
  readonly add: readonly StagedFile[];
  readonly replaced: ReadonlySet<DatasetFile>;
}

/** Writes every file that has rows of these runs again without them. */
export async function withoutRuns(
  writer: DatasetWriter,
  connection: DuckConnection,
  runKeys: readonly number[],
): Promise<Rewrite> {
  const { manifest, directory } = writer;
  invariant(manifest !== undefined, "runs are replaced in a dataset that is there");
  const add: StagedFile[] = [];
  const replaced = new Set<DatasetFile>();
  for (const file of manifest.files) {
    const { min, max } = file.columns["run_key"] ?? {};
    if (!runKeys.some((key) => key >= Number(min) && key <= Number(max))) continue;
    const source = sourceOf(directory, [file]);
    const rest = `FROM ${source} WHERE run_key NOT IN (${runKeys.join(", ")})`;
    const [kept] = await connection.rows(`SELECT count(*) AS rows ${rest}`);
    if (kept?.["rows"] === file.rows) continue;
    replaced.add(file);
    if (kept?.["rows"] === 0) continue;
    const { table, partition } = file;
    const { columns, order } = tableOf(runs, table);
    const query = `${rest} ORDER BY ${order.join(", ")}`;
    add.push(
      ...(await stageQuery(
        writer,
        connection,
        { table, partition, query },
        { formats: ["parquet"], columns },
      )),
    );
  }
  return { add, replaced };
}
