import {
  appendSalesMonth,
  type DatasetManifest,
  type GenerateOptions,
  generateSales,
  type PartitionColumn,
} from "@agentflow/analytics";
import { UsageError } from "@agentflow/core";
import { datasetFolder, defaultDataset, duckOptions, optionalNumber } from "../analytics/dataset-options.ts";
import { showProgress } from "../analytics/progress-line.ts";
import { quoted, textOption } from "../command-configuration.ts";
import { numberOption } from "../number-option.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatCount } from "../terminal/format-count.ts";
import { formatDuration } from "../terminal/format-duration.ts";
import { formatSize } from "../terminal/format-size.ts";
import { loadFolder } from "./analytics-load.ts";

const ofDataset = [
  "rows",
  "seed",
  "customers",
  "until",
  "format",
  "partitionBy",
  "compression",
  "rowGroupRows",
];

/** `af analytics generate`: makes the sales dataset, or appends its next month (OLP-4). */
export const analyticsGenerate: CommandHandler = async (input, session) => {
  const { output } = session;
  const directory = datasetFolder(input.options["outputDir"], session);
  const shown = input.options["quiet"] === true ? {} : { onProgress: showProgress(output) };
  const running = { ...duckOptions(input), ...shown };
  const started = performance.now();
  const manifest =
    input.options["append"] === true
      ? await append(input, directory, running)
      : await generateSales(directory, { ...generateOptions(input), ...running });
  const durationMs = performance.now() - started;
  const { rows, files, sizeBytes } = totals(manifest);
  if (output.json)
    output.object({ directory, generation: manifest.generation, rows, files, sizeBytes, durationMs });
  else output.line(directory);
  output.note(
    `${rows.toLocaleString("en")} rows of sales in ${formatCount(files, "file")}, ${formatSize(sizeBytes)}, in ${formatDuration(durationMs)}.`,
  );
  if (input.options["load"] === true) await loadFolder(directory, input, session);
  output.note(`Next: af analytics test ${quoted(textOption(input, "outputDir") ?? defaultDataset)}`);
  return exitCodes.ok;
};

function append(input: CommandInput, directory: string, running: Parameters<typeof appendSalesMonth>[1]) {
  const given = ofDataset.find((name) => input.options[name] !== undefined);
  if (given !== undefined) {
    const flag = given.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--append takes no --${flag}: the dataset decides it.`);
  }
  return appendSalesMonth(directory, running);
}

function generateOptions(input: CommandInput): GenerateOptions {
  const format = textOption(input, "format");
  const until = textOption(input, "until");
  const compression = textOption(input, "compression") as GenerateOptions["compression"];
  const columns = textOption(input, "partitionBy")?.split(",");
  const rowGroupRows = optionalNumber(input, "rowGroupRows", "row-group-rows", 10_000_000);
  const customers = optionalNumber(input, "customers", "customers", 100_000_000);
  return {
    rows: numberOption(input, "rows", { fallback: 1_000_000, min: 1, max: 1_000_000_000 }),
    seed: numberOption(input, "seed", { fallback: 42, min: 0, max: 0xffffffff }),
    formats: format === "both" ? ["parquet", "csv"] : format === "csv" ? ["csv"] : ["parquet"],
    ...(customers === undefined ? {} : { customers }),
    ...(until === undefined ? {} : { until }),
    // The generator checks the names.
    ...(columns === undefined ? {} : { partitionBy: columns as unknown as readonly PartitionColumn[] }),
    ...(compression === undefined ? {} : { compression }),
    ...(rowGroupRows === undefined ? {} : { rowGroupRows }),
  };
}

function totals({ files }: DatasetManifest): { rows: number; files: number; sizeBytes: number } {
  const formats = new Set(files.map(({ format }) => format));
  const rows = files.filter(({ table }) => table === "sales_fact").reduce((sum, each) => sum + each.rows, 0);
  return {
    rows: rows / formats.size,
    files: files.length,
    sizeBytes: files.reduce((sum, each) => sum + each.sizeBytes, 0),
  };
}
