import type { CommandSpec, OptionSpec } from "./command-spec.ts";
import { declarationOption, memoryOption, threadsOption } from "./duck-options.ts";

const questionOptions: readonly OptionSpec[] = [
  {
    name: "dataset",
    value: "folder",
    completes: "directory",
    describes: "Folder of the dataset; data/sales if not given.",
  },
  {
    name: "measures",
    value: "names",
    describes: "Measures to ask for in place of a pattern, separated by commas.",
  },
  {
    name: "measure",
    value: "name",
    describes: "The measure of a pattern; the first of the dataset if not given.",
  },
  { name: "by", value: "dimensions", describes: "Dimensions of the answer, separated by commas." },
  {
    name: "where",
    value: "filter",
    repeatable: true,
    describes: "Filter of a pattern or of measures; may be given several times.",
  },
  { name: "size", value: "count", describes: "Months of the moving average; 3 if not given." },
  {
    name: "top",
    value: "count",
    describes:
      "Rows of each ranking, 10 if not given, or of a ready question, 20 if not given; of --measures, the greatest by the first of them.",
  },
  {
    name: "along",
    value: "hierarchy",
    describes: "The hierarchy that drill-down goes along; calendar if not given.",
  },
  {
    name: "compare",
    value: "what",
    choices: ["yoy", "pruning", "formats", "rollups"],
    describes:
      "yoy: each measure with its value of the year before and the change. The others answer in two ways and compare what that takes: with and without files skipped, from Parquet and CSV, from rollups and files.",
  },
];

const outputOptions: readonly OptionSpec[] = [
  { name: "execute", short: "x", describes: "Answer the question." },
  {
    name: "profile",
    describes: "Answer it, and say what that took: files, row groups, rows, bytes, time.",
  },
  {
    name: "explain",
    describes: "Show the SQL, whether a rollup answers it, and the plan of DuckDB, and do not answer it.",
  },
  {
    name: "format",
    value: "format",
    choices: ["table", "json", "csv", "markdown", "parquet"],
    describes: "How rows are printed; table if not given. Parquet needs --output.",
  },
  {
    name: "output",
    value: "file",
    completes: "file",
    describes: "Answer it, and write the rows to this file in place of standard output.",
  },
  {
    name: "chart",
    value: "kind",
    choices: ["bars", "lines"],
    describes: "Answer it, and draw the rows: bars, or lines along time.",
  },
  {
    name: "chart-file",
    value: "file",
    completes: "file",
    describes: "Draw them into this file, .svg or .html, in place of the terminal.",
  },
  {
    name: "source",
    value: "format",
    choices: ["parquet", "csv"],
    describes: "Files to read; parquet where there are some.",
  },
  {
    name: "from-files",
    describes: "Read the files of the fact table, also where a rollup has the answer.",
  },
  {
    name: "also-read",
    value: "folder",
    completes: "directory",
    repeatable: true,
    describes: "A folder beside the dataset whose files SQL may read; may be given several times.",
  },
];

/** `af analytics analyze`. */
export const analyze: CommandSpec = {
  name: "analytics analyze",
  summary: "Show how a question is answered, and answer it",
  describes: [
    "The question is a pattern (totals, drill-down, moving-average, growth, ranking), measures by dimensions (--measures), or SQL over the tables of the dataset. Without --execute its SQL and the files that it reads are shown.",
    "The runs dataset has more patterns: cost, estimates, latency, retries, failures, outcomes, cache, slowest-steps, week-over-week.",
    "A filter is DIMENSION=VALUE, with several values separated by commas, or FROM..UNTIL.",
    "SQL is one SELECT. It reaches no other file than those of the dataset and of folders given with --also-read, and no network.",
  ],
  arguments: [
    {
      name: "question",
      describes: "A pattern, or SQL; none with --measures.",
      optional: true,
      completes: [
        "totals",
        "drill-down",
        "moving-average",
        "growth",
        "ranking",
        "cost",
        "estimates",
        "latency",
        "retries",
        "failures",
        "outcomes",
        "cache",
        "slowest-steps",
        "week-over-week",
      ],
    },
  ],
  options: [...questionOptions, ...outputOptions, declarationOption, threadsOption, memoryOption],
  examples: [
    { line: "af analytics analyze totals --by region,year --execute", does: "Revenue by region and year." },
    {
      line: "af analytics analyze --measures revenue,profit --by category --where year=2023 --top 3 --compare yoy -x",
      does: "The three categories with the most revenue, against the year before.",
    },
    {
      line: "af analytics analyze drill-down --where year=2022 --where quarter=1 --profile",
      does: "The months of a quarter, and what it took.",
    },
    {
      line: "af analytics analyze moving-average --chart lines --chart-file revenue.svg",
      does: "Lines with their moving average, as a picture.",
    },
    {
      line: "af analytics analyze totals --where year=2022 --compare pruning",
      does: "What skipping files saves.",
    },
    {
      line: "af analytics analyze 'SELECT count(*) FROM sales_fact' -x --format json",
      does: "A query of your own.",
    },
  ],
  load: async () => (await import("../commands/analytics-analyze.ts")).analyticsAnalyze,
};
