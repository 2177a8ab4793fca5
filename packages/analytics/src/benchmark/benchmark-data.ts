import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { DuckSettings } from "../execute/duck-database.ts";
import type { OnProgress } from "../generate/work-progress.ts";
import { checkedFileOptions, checkedParameters } from "../sales/generate-options.ts";
import { generateSales, originOf } from "../sales/generate-sales.ts";
import type { PartitionColumn } from "../sales/sales-days.ts";
import type { DatasetManifest, FileFormat } from "../storage/dataset-manifest.ts";
import { findManifest } from "../storage/read-dataset.ts";

/** A dataset that a suite needs. */
export interface DatasetWish {
  readonly rows: number;
  readonly formats?: readonly FileFormat[];
  readonly partitionBy?: readonly PartitionColumn[];
  readonly until?: string;
}

/** How fast a dataset was made. */
export interface Generation {
  readonly name: string;
  readonly rows: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** The most memory that the process has held up to then. */
  readonly peakRssMb: number;
}

/** Datasets that are there, by name, and those of them that were made for the purpose. */
export interface BenchmarkData {
  readonly datasets: ReadonlyMap<string, { readonly directory: string; readonly manifest: DatasetManifest }>;
  readonly generated: readonly Generation[];
}

/** The name of the folder of a wish: sales-10000000, sales-1000000-parquet-csv-day. */
export function nameOfWish({ rows, formats, partitionBy, until }: DatasetWish): string {
  const parts = [formats?.join("-"), partitionBy?.at(-1), until].filter((each) => each !== undefined);
  return ["sales", String(rows), ...parts].join("-");
}

/** Makes the datasets that are wished for and not there yet. Throws DatasetError, ValidationError, ConfigError. */
export async function prepareData(
  directory: string,
  wishes: readonly DatasetWish[],
  options: Pick<DuckSettings, "threads" | "memoryLimitMb"> & {
    readonly onDataset?: (name: string) => OnProgress;
  },
): Promise<BenchmarkData> {
  const { onDataset, ...duck } = options;
  const datasets = new Map<string, { directory: string; manifest: DatasetManifest }>();
  const generated: Generation[] = [];
  for (const wish of wishes) {
    const name = nameOfWish(wish);
    if (datasets.has(name)) continue;
    const folder = join(directory, name);
    const parameters = { ...wish, customers: customersOf(wish.rows) };
    const there = await findManifest(folder);
    const origin = originOf(checkedParameters(parameters), checkedFileOptions(wish));
    if (there !== undefined && isDeepStrictEqual(there.origin, origin)) {
      datasets.set(name, { directory: folder, manifest: there });
      continue;
    }
    const started = performance.now();
    const onProgress = onDataset?.(name);
    const manifest = await generateSales(folder, {
      ...parameters,
      ...duck,
      ...(onProgress && { onProgress }),
    });
    datasets.set(name, { directory: folder, manifest });
    generated.push(generationOf(name, manifest, (performance.now() - started) / 1_000));
  }
  return { datasets, generated };
}

// As many as real shops have for their lines, up to the million of the declaration.
function customersOf(rows: number): number {
  return Math.min(1_000_000, Math.max(100, Math.round(rows / 10)));
}

function generationOf(name: string, { files }: DatasetManifest, seconds: number): Generation {
  const facts = files.filter(({ table, format }) => table === "sales_fact" && format === "parquet");
  const rows = facts.reduce((sum, each) => sum + each.rows, 0);
  return {
    name,
    rows,
    seconds,
    rowsPerSecond: rows / seconds,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
  };
}
