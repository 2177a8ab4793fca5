import { analyze } from "./analyze-command.ts";
import type { ArgumentSpec, CommandSpec, OptionSpec } from "./command-spec.ts";
import { declarationOption, memoryOption, threadsOption } from "./duck-options.ts";
import { quietOption, storeOption, tenantOption } from "./shared-options.ts";

const folderArgument: ArgumentSpec = {
  name: "folder",
  describes: "Folder of the dataset; data/sales if not given.",
  optional: true,
  completes: "directory",
};

const databaseOption: OptionSpec = {
  name: "database",
  value: "file",
  completes: "file",
  describes: "The DuckDB database to make; the folder's name with .duckdb if not given.",
};

const batchOption: OptionSpec = {
  name: "batch-rows",
  value: "count",
  describes: "Rows of one batch; 1000000 if not given.",
};

const generate: CommandSpec = {
  name: "analytics generate",
  summary: "Generate the sales dataset, or append its next month",
  describes: [
    "A star schema of a retailer from 2021 to 2023, in Parquet, CSV or both. The same options give the same bytes, on any number of threads.",
    "The files appear together when all are written: until then, and after a failure, the folder holds the dataset that was there before.",
  ],
  arguments: [],
  options: [
    { name: "rows", value: "count", describes: "Rows of the fact table; 1000000 if not given." },
    { name: "seed", value: "number", describes: "What chance begins with; 42 if not given." },
    { name: "customers", value: "count", describes: "Rows of dim_customer; 1000000 if not given." },
    { name: "until", value: "month", describes: "The last month; 2023-12 if not given." },
    {
      name: "format",
      value: "format",
      choices: ["parquet", "csv", "both"],
      describes: "Format of the files; parquet if not given.",
    },
    {
      name: "partition-by",
      value: "columns",
      describes:
        "Folders of the fact table: a beginning of year,quarter,month,day; the first three if not given.",
    },
    {
      name: "compression",
      value: "name",
      choices: ["zstd", "snappy", "none"],
      describes: "Compression of Parquet; zstd if not given.",
    },
    {
      name: "row-group-rows",
      value: "count",
      describes: "Rows of a Parquet row group; 122880 if not given.",
    },
    {
      name: "output-dir",
      value: "folder",
      completes: "directory",
      describes: "Where the dataset goes; data/sales if not given.",
    },
    { name: "append", describes: "Append the month after the last one, with the options of the dataset." },
    { name: "load", describes: "Load the dataset into a DuckDB database too, as af analytics load does." },
    databaseOption,
    threadsOption,
    memoryOption,
    quietOption,
  ],
  examples: [
    { line: "af analytics generate --rows 1000000", does: "A million rows in data/sales." },
    {
      line: "af analytics generate --rows 10000000 --format both --output-dir /tmp/sales",
      does: "Ten million rows, in Parquet and CSV.",
    },
    { line: "af analytics generate --append", does: "The next month of the dataset in data/sales." },
  ],
  load: async () => (await import("../commands/analytics-generate.ts")).analyticsGenerate,
};

const datasets: CommandSpec = {
  name: "analytics datasets",
  summary: "List datasets, their tables, measures and dimensions",
  describes: [
    "Of a folder that is a dataset, everything is shown; of another one, the datasets right below it.",
  ],
  arguments: [{ ...folderArgument, describes: "Folder of a dataset, or of several; data if not given." }],
  options: [
    { name: "files", describes: "List the files too, with their partitions and sizes." },
    declarationOption,
  ],
  examples: [
    { line: "af analytics datasets", does: "The datasets below data." },
    { line: "af analytics datasets data/sales --files", does: "The files of one." },
  ],
  load: async () => (await import("../commands/analytics-datasets.ts")).analyticsDatasets,
};

const test: CommandSpec = {
  name: "analytics test",
  summary: "Test a dataset against its declaration and its manifest",
  describes: [
    "Files and checksums, keys, foreign keys, versions, values, rules, statistics and folders. One test that fails makes the command fail; a damaged file is named.",
  ],
  arguments: [folderArgument],
  options: [declarationOption, threadsOption, memoryOption],
  examples: [
    { line: "af analytics test data/sales", does: "Test it." },
    { line: "af analytics test data/sales --json", does: "The same for a program." },
  ],
  load: async () => (await import("../commands/analytics-test.ts")).analyticsTest,
};

const compact: CommandSpec = {
  name: "analytics compact",
  summary: "Make one file of the files of each folder",
  describes: [
    "Months that were appended to the same folder have a file each; few large files are read faster.",
  ],
  arguments: [folderArgument],
  options: [declarationOption, threadsOption, memoryOption],
  examples: [{ line: "af analytics compact data/sales", does: "Compact it." }],
  load: async () => (await import("../commands/analytics-compact.ts")).analyticsCompact,
};

const exportCommand: CommandSpec = {
  name: "analytics export",
  summary: "Add finished runs to the runs dataset",
  describes: [
    "A star schema of runs, steps, model calls, tool calls and costs in Parquet, partitioned by day. Each run is in it once, also after a crash; one that has gone on since takes the place of what it was. The runs that no export has taken as they are are exported.",
    "The folder holds what was there before until a batch of runs is whole. Two exports into one folder at once are refused; of two into different folders each run goes to one.",
  ],
  arguments: [],
  options: [
    {
      name: "output-dir",
      value: "folder",
      completes: "directory",
      describes: "Where the dataset is; data/runs if not given.",
    },
    {
      name: "all",
      describes: "Look at every finished run, whatever was exported: for a dataset that was lost.",
    },
    { name: "batch", value: "count", describes: "Runs that are published together; 5000 if not given." },
    storeOption,
    tenantOption,
    threadsOption,
    memoryOption,
    quietOption,
  ],
  examples: [
    { line: "af analytics export", does: "The runs of the configured store, to data/runs." },
    {
      line: "af analytics export --store postgres://localhost/agentflow --output-dir /srv/runs",
      does: "Those of a server, such as every hour.",
    },
    {
      line: "af analytics export --all --output-dir data/again",
      does: "Every finished run once more, to a dataset in place of one that was lost.",
    },
  ],
  load: async () => (await import("../commands/analytics-export.ts")).analyticsExport,
};

const benchmark: CommandSpec = {
  name: "analytics benchmark",
  summary: "Measure analytics on this machine and judge its limits",
  describes: [
    "The suites are aggregations, windows, storage (Parquet against CSV), scaling (once, twice and four times the rows), concurrency, partitions and peers (DuckDB without a planner, its own tables, SQLite). Each limit is met, not met, or not applicable with the reason.",
    "Datasets are made before anything is timed, and kept for the next time. A wrong answer makes the command fail in any case.",
  ],
  arguments: [],
  options: [
    {
      name: "suite",
      value: "names",
      describes: "Suites to measure, separated by commas; all if not given.",
    },
    { name: "rows", value: "count", describes: "Rows of the fact table; 1000000 if not given." },
    { name: "rounds", value: "count", describes: "Timed rounds, 5 at least; 5 if not given." },
    { name: "warmups", value: "count", describes: "Rounds before them that are not timed; 1 if not given." },
    {
      name: "data",
      value: "folder",
      completes: "directory",
      describes: "Where the datasets are; data/benchmark if not given.",
    },
    {
      name: "baseline",
      value: "file",
      completes: "file",
      describes: "Figures of an earlier benchmark of as many rows, to compare with.",
    },
    { name: "update-baseline", describes: "Write the figures to the baseline in place of comparing." },
    {
      name: "fail-on-regression",
      describes:
        "Exit code 1 if a figure is worse than in the baseline or a limit that held does not any more; without a baseline, if a limit does not hold.",
    },
    {
      name: "output",
      value: "folder",
      completes: "directory",
      describes: "Write the report there as Markdown and JSON, with its charts as SVG.",
    },
    threadsOption,
    memoryOption,
    quietOption,
  ],
  examples: [
    { line: "af analytics benchmark", does: "Everything with a million rows." },
    {
      line: "af analytics benchmark --suite aggregations,windows --rows 100000000",
      does: "The limits of 100 million rows.",
    },
    {
      line: "af analytics benchmark --baseline baseline.json --update-baseline",
      does: "Keep the figures.",
    },
    {
      line: "af analytics benchmark --baseline baseline.json --fail-on-regression",
      does: "Fail if they have become worse.",
    },
  ],
  load: async () => (await import("../commands/analytics-benchmark.ts")).analyticsBenchmark,
};

const rollup: CommandSpec = {
  name: "analytics rollup",
  summary: "Make the declared rollups of a dataset",
  describes: [
    "Totals by some dimensions, from which questions are answered without reading the fact table. They are used until the dataset changes, and never after; then make them again.",
  ],
  arguments: [folderArgument],
  options: [declarationOption, threadsOption, memoryOption],
  examples: [
    { line: "af analytics rollup data/sales", does: "Make them." },
    { line: "af analytics rollup data/sales --json", does: "The same for a program." },
  ],
  load: async () => (await import("../commands/analytics-rollup.ts")).analyticsRollup,
};

const load: CommandSpec = {
  name: "analytics load",
  summary: "Load a dataset into the tables of a DuckDB database",
  describes: [
    "Tables of the declaration, filled in parallel batches. The database appears under its name when it is whole, in place of one that is there.",
  ],
  arguments: [folderArgument],
  options: [databaseOption, batchOption, declarationOption, threadsOption, memoryOption, quietOption],
  examples: [
    { line: "af analytics load data/sales", does: "Load it into data/sales.duckdb." },
    { line: "af analytics load data/sales --database /tmp/sales.duckdb", does: "Load it elsewhere." },
  ],
  load: async () => (await import("../commands/analytics-load.ts")).analyticsLoad,
};

/** Commands about datasets. */
export const analyticsCommands: readonly CommandSpec[] = [
  generate,
  exportCommand,
  datasets,
  test,
  analyze,
  rollup,
  load,
  compact,
  benchmark,
];
