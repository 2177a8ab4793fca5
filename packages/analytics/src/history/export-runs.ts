/**
 * Exports finished runs from a run store into a `runs` dataset (OLP-30).
 *
 * 1. The dataset is the truth about what was exported: a run that it holds as it is is left out, and one that it holds
 *    as it was before it went on is replaced. So each run is in it once, whatever a crash or a restored backup has left.
 * 2. Runs are claimed in the store before they are read, and marked as exported after the manifest names them. What is
 *    claimed when the process ends is found by the next export into the same dataset.
 * 3. One export at a time writes a dataset; the lock of its writer ends with its process.
 * 4. Memory does not grow with the number of runs: rows of a batch wait in DuckDB, within its limit.
 */
import { join } from "node:path";
import { ValidationError } from "@agentflow/core";
import { DuckDatabase, type DuckSettings } from "../execute/duck-database.ts";
import type { DatasetManifest } from "../storage/dataset-manifest.ts";
import { DatasetWriter } from "../storage/dataset-writer.ts";
import { allBatches, claimedBatches, type ExportedStore, foreignBatches } from "./export-batches.ts";
import { RunsDataset } from "./runs-dataset.ts";
import { runs } from "./runs-model.ts";

/** How far an export is. */
export interface ExportProgress {
  /** Runs that the dataset holds now and did not hold before as they are. */
  readonly runs: number;
  readonly batches: number;
}

/** How runs are exported. */
export interface ExportOptions extends Pick<DuckSettings, "threads" | "memoryLimitMb"> {
  /** Whose runs; `default` if not given. */
  readonly tenant?: string;
  /** Runs that are published together; 5,000 if not given. */
  readonly batchRuns?: number;
  /** True to look at every finished run, also those that an export has taken: for a dataset that was lost. */
  readonly all?: boolean;
  readonly onProgress?: (progress: ExportProgress) => void;
}

/** What an export did. */
export interface ExportReport {
  readonly manifest: DatasetManifest;
  /** Runs that were added, and those of them that stand in place of what was exported before they went on. */
  readonly runs: number;
  readonly replaced: number;
  /** Runs that the dataset held already. */
  readonly known: number;
  readonly batches: number;
  /** Batches that exports into other datasets have claimed and not completed. */
  readonly claimedElsewhere: number;
}

/**
 * Adds the finished runs of a store that no export has taken as they are to the `runs` dataset in a folder, which is made
 * if there is none. Throws DatasetError (AF_DATASET_LOCKED while another export writes it), ValidationError, ConfigError
 * and the StoreErrors of the back end.
 */
export async function exportRuns(
  store: ExportedStore,
  directory: string,
  options: ExportOptions = {},
): Promise<ExportReport> {
  const { tenant = "default", batchRuns = 5_000, threads, memoryLimitMb } = options;
  if (!Number.isSafeInteger(batchRuns) || batchRuns < 1 || batchRuns > 100_000) {
    throw new ValidationError("AF_ARGUMENT_INVALID", `batchRuns is ${batchRuns}.`, {
      hint: "Give a whole number from 1 to 100000.",
    });
  }
  await using writer = await DatasetWriter.open(directory, runs.name);
  using database = await DuckDatabase.open(directory, {
    temporaryDirectory: join(directory, ".staging", "spill"),
    ...(threads === undefined ? {} : { threads }),
    ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
  });
  using connection = await database.connect();
  const dataset = await RunsDataset.open(writer, connection);
  const request = { tenant, batchRuns, datasetId: dataset.id };
  const done = { runs: 0, replaced: 0, known: 0, batches: 0 };
  const batches = options.all === true ? allBatches(store, request) : claimedBatches(store, request);
  for await (const { heads, complete } of batches) {
    const added = await dataset.add(store.runs, heads);
    await complete();
    done.runs += added.runs;
    done.replaced += added.replaced;
    done.known += added.known;
    done.batches += 1;
    options.onProgress?.({ runs: done.runs, batches: done.batches });
  }
  return { manifest: dataset.manifest, ...done, claimedElsewhere: await foreignBatches(store, request) };
}
