import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatasetError, invariant } from "@agentflow/core";
import { preferredFormat } from "../execute/dataset-views.ts";
import { type DuckConnection, DuckDatabase, type DuckSettings } from "../execute/duck-database.ts";
import { quoteNames, readFiles } from "../execute/sql-text.ts";
import { splitReference } from "../model/column-reference.ts";
import type { DatasetModel, Rollup } from "../model/dataset-model.ts";
import type { Measure } from "../model/measure.ts";
import { type PartialColumn, partialAggregate } from "../plan/partial-aggregates.ts";
import { type NamedAggregate, planTotals } from "../plan/plan-question.ts";
import { dimensionOf } from "../plan/resolve-question.ts";
import type { DatasetManifest } from "../storage/dataset-manifest.ts";
import { DatasetWriter } from "../storage/dataset-writer.ts";
import { hashFile } from "../storage/file-hash.ts";
import { copyStatement } from "../storage/file-options.ts";
import { readManifest } from "../storage/read-dataset.ts";
import {
  encodeRollups,
  type RollupFile,
  type RollupManifest,
  rollupManifestName,
} from "../storage/rollup-manifest.ts";
import { storageError } from "../storage/storage-error.ts";
import { syncPath } from "../storage/sync-path.ts";

const folder = "rollups";

/**
 * Makes the declared rollups of a dataset, in place of those that are there. They are used for questions from then on,
 * until the next change of the dataset. A failure leaves those of before. Throws DatasetError, ConfigError.
 */
export async function buildRollups(
  model: DatasetModel,
  directory: string,
  settings: Pick<DuckSettings, "threads" | "memoryLimitMb"> = {},
): Promise<RollupManifest> {
  await readManifest(directory);
  // The right to write: the dataset does not change meanwhile, and nobody else makes rollups.
  await using writer = await DatasetWriter.open(directory, model.name);
  const manifest = writer.manifest as DatasetManifest;
  using database = await DuckDatabase.open(directory, {
    temporaryDirectory: join(directory, ".staging", "spill"),
    ...settings,
  });
  using connection = await database.connect();
  try {
    const rollups: RollupFile[] = [];
    await mkdir(join(directory, folder), { recursive: true });
    for (const [name, rollup] of Object.entries(model.rollups ?? {})) {
      const source = { model, directory, manifest };
      rollups.push(await writeRollup(writer, connection, { name, rollup, source }));
    }
    const made: RollupManifest = { version: 1, generation: manifest.generation, rollups };
    await replaceManifest(directory, made);
    await removeOthers(directory, made);
    return made;
  } catch (error) {
    throw storageError(error, directory);
  }
}

/** The columns of a rollup: everything that a measure of its fact follows from and that can be added up. */
export function rollupColumns(model: DatasetModel, fact: string): readonly PartialColumn[] {
  const columns = new Map<string, PartialColumn>();
  // How many rows each total is of is kept in any case: it says whether rows were lost.
  const measures: readonly Measure[] = [{ kind: "count", table: fact }, ...Object.values(model.measures)];
  for (const [index, measure] of measures.entries()) {
    const table = measure.kind === "count" ? measure.table : splitReference(measure.column)[0];
    if (table !== fact) continue;
    for (const partial of partialAggregate(model, measure, index).partials) {
      if (partial.kept !== undefined && !columns.has(partial.kept.name))
        columns.set(partial.kept.name, partial);
    }
  }
  return [...columns.values()];
}

interface RollupRequest {
  readonly name: string;
  readonly rollup: Rollup;
  readonly source: {
    readonly model: DatasetModel;
    readonly directory: string;
    readonly manifest: DatasetManifest;
  };
}

async function writeRollup(
  writer: DatasetWriter,
  connection: DuckConnection,
  { name, rollup, source }: RollupRequest,
): Promise<RollupFile> {
  const { model, directory, manifest } = source;
  const { of: fact, by } = rollup;
  const format = preferredFormat(manifest);
  const partials = rollupColumns(model, fact);
  const dimensions = by.map((each) => dimensionOf(model, fact, each));
  const { sql } = planTotals(
    model,
    { directory, manifest, format },
    { fact, dimensions, filters: [], aggregates: partials.map(asAggregate) },
  );
  const staged = await writer.stage({ table: fact, format: "parquet", partition: {} });
  const query = `${sql}\nORDER BY ${quoteNames(by)}`;
  const [copied] = await connection.rows(copyStatement(query, staged, "parquet", { formats: ["parquet"] }));
  await requireAllRows(connection, staged, { name, fact, manifest, directory });
  const { sha256, sizeBytes } = await hashFile(staged);
  const path = `${folder}/${name}-${manifest.generation}-${sha256.slice(0, 12)}.parquet`;
  await syncPath(staged);
  await rename(staged, join(directory, path));
  const columns = partials.map(({ kept }) => kept?.name ?? "");
  return { name, fact, by, columns, path, rows: Number(copied?.["Count"]), sizeBytes, sha256 };
}

function asAggregate({ name, row, total, kept }: PartialColumn): NamedAggregate {
  invariant(kept !== undefined, "a rollup keeps what can be added up");
  return {
    name: kept.name,
    partials: [{ name, row, total }],
    merged: `${kept.merge}(${name})::${kept.type}`,
  };
}

// A line whose key is in no dimension table would be in no row of a rollup, though it is in totals over all.
async function requireAllRows(
  connection: DuckConnection,
  path: string,
  {
    name,
    fact,
    manifest,
    directory,
  }: {
    readonly name: string;
    readonly fact: string;
    readonly manifest: DatasetManifest;
    readonly directory: string;
  },
): Promise<void> {
  const format = preferredFormat(manifest);
  const expected = manifest.files
    .filter((file) => file.table === fact && file.format === format)
    .reduce((sum, { rows }) => sum + rows, 0);
  const [found] = await connection.rows(
    `SELECT coalesce(sum("count(*)"), 0) AS rows FROM ${readFiles("parquet", [path])}`,
  );
  if (found?.["rows"] === expected) return;
  throw new DatasetError(
    "AF_DATASET_CORRUPT",
    `The rollup ${name} holds ${found?.["rows"]} of ${expected} rows of ${fact}: some keys are in no dimension table.`,
    { context: { dataset: directory } },
  );
}

async function replaceManifest(directory: string, manifest: RollupManifest): Promise<void> {
  await syncPath(join(directory, folder));
  const beside = join(directory, ".staging", rollupManifestName);
  await mkdir(join(directory, ".staging"), { recursive: true });
  await writeFile(beside, encodeRollups(manifest));
  await syncPath(beside);
  await rename(beside, join(directory, rollupManifestName));
  await syncPath(directory);
}

async function removeOthers(directory: string, { rollups }: RollupManifest): Promise<void> {
  const known = new Set(rollups.map(({ path }) => path));
  for (const name of await readdir(join(directory, folder))) {
    if (name.endsWith(".parquet") && !known.has(`${folder}/${name}`))
      await rm(join(directory, folder, name), { force: true });
  }
}
