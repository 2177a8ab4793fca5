import { DatasetError, ValidationError } from "@agentflow/core";
import type { DatasetManifest } from "../storage/dataset-manifest.ts";
import { DatasetWriter } from "../storage/dataset-writer.ts";
import type { FileOptions } from "../storage/file-options.ts";
import { readManifest } from "../storage/read-dataset.ts";
import {
  checkedFileOptions,
  checkedParameters,
  checkedWorkers,
  type GenerateOptions,
  readMonth,
  type SalesParameters,
} from "./generate-options.ts";
import { originOf, partitionsOf, soldDays, stageSales } from "./generate-sales.ts";
import { sales } from "./sales-model.ts";

/** The month after another. */
export function monthAfter(text: string): string {
  const { year, month } = readMonth(text);
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, "0")}`;
}

/**
 * Appends the next month to a generated `sales` dataset, in files of its own. The dataset then holds what it would
 * hold had it been generated with that month at once. Throws DatasetError, ConfigError.
 */
export async function appendSalesMonth(
  directory: string,
  options: Pick<GenerateOptions, "workers" | "threads" | "memoryLimitMb" | "onProgress"> = {},
): Promise<DatasetManifest> {
  const workers = checkedWorkers(options.workers);
  await readManifest(directory);
  await using writer = await DatasetWriter.open(directory, sales.name);
  const { origin } = writer.manifest as DatasetManifest;
  const before = generatedFrom(origin, directory);
  const parameters = { ...before.parameters, until: monthAfter(before.parameters.until) };
  const days = soldDays(parameters);
  const month = parameters.until;
  const partitions = partitionsOf(
    parameters,
    days.filter(({ day }) => day.date.startsWith(month)),
  );
  const add = await stageSales(writer, {
    parameters,
    files: before.files,
    options,
    workers,
    days,
    partitions,
  });
  return await writer.publish({
    origin: originOf(parameters, before.files),
    add,
    keep: ({ table }) => table === "sales_fact",
  });
}

function generatedFrom(origin: object, directory: string) {
  try {
    const parameters = checkedParameters(origin as SalesParameters);
    return { parameters, files: checkedFileOptions(origin as Partial<FileOptions>) };
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new DatasetError(
      "AF_DATASET_FAILED",
      `${directory} was not made by the generator, which cannot go on with it.`,
      {
        cause: error,
      },
    );
  }
}
