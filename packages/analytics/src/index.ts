export {
  type BenchmarkBaseline,
  parseBaseline,
  type Regression,
  regressions,
  requireRowsOf,
  updatedBaseline,
} from "./benchmark/baseline.ts";
export { type BenchmarkChart, benchmarkCharts } from "./benchmark/benchmark-charts.ts";
export type { Generation } from "./benchmark/benchmark-data.ts";
export { benchmarkMarkdown, figureText, outcomeText } from "./benchmark/benchmark-markdown.ts";
export {
  type BenchmarkQuestion,
  benchmarkQuestions,
  type QuestionId,
} from "./benchmark/benchmark-questions.ts";
export type { Figure, FigureUnit, Limit, LimitOutcome } from "./benchmark/limit.ts";
export type { Machine } from "./benchmark/machine.ts";
export type { Work } from "./benchmark/measure-rounds.ts";
export type { OpenPeer, Peer, PeerRequest } from "./benchmark/peer.ts";
export {
  type BenchmarkOptions,
  type BenchmarkReport,
  type JudgedLimit,
  runBenchmark,
  type SuiteReport,
} from "./benchmark/run-benchmark.ts";
export {
  type Curve,
  type NamedTiming,
  type SuiteName,
  type SuiteResult,
  suiteNames,
} from "./benchmark/suite.ts";
export type { Sample, Timing } from "./benchmark/timing.ts";
export { checkDataset } from "./check/check-dataset.ts";
export type { DatasetCheck, DatasetReport } from "./check/dataset-check.ts";
export type { Answer } from "./execute/answer.ts";
export type { Cell } from "./execute/cell.ts";
export type { DuckSettings, Parameter, Row } from "./execute/duck-database.ts";
export { type AskOptions, OpenDataset, type OpenOptions } from "./execute/open-dataset.ts";
export type { QueryRecord, Receipt } from "./execute/receipt.ts";
export type { WrittenAnswer } from "./execute/write-parquet.ts";
export type { OnProgress, WorkProgress } from "./generate/work-progress.ts";
export type { ExportedStore } from "./history/export-batches.ts";
export {
  type ExportOptions,
  type ExportProgress,
  type ExportReport,
  exportRuns,
} from "./history/export-runs.ts";
export { runs } from "./history/runs-model.ts";
export { runsPatterns } from "./history/runs-patterns.ts";
export { type LoadOptions, type LoadReport, loadDataset } from "./load/load-dataset.ts";
export {
  amount,
  type Column,
  type ColumnKind,
  type ColumnRules,
  date,
  flag,
  integer,
  long,
  money,
  real,
  text,
  type ValueOfKind,
} from "./model/column.ts";
export { columnAt } from "./model/column-reference.ts";
export {
  type ColumnRef,
  type DatasetModel,
  type DatasetSpec,
  type DimensionValue,
  dataset,
  type Rollup,
  type Tables,
} from "./model/dataset-model.ts";
export {
  type Additivity,
  additivityOf,
  average,
  closing,
  count,
  distinct,
  greatest,
  least,
  type Measure,
  percentile,
  ratio,
  sum,
} from "./model/measure.ts";
export {
  type Columns,
  type DimensionSpec,
  dimension,
  type FactSpec,
  fact,
  type Partitions,
  type Table,
  type Versions,
} from "./model/table.ts";
export { barChartSvg } from "./output/bar-chart.ts";
export type { BarChart, ChartPanel, ChartSeries, LineChart } from "./output/chart.ts";
export { barChartOf, type ChartColumns, lineChartOf } from "./output/chart-of.ts";
export { type ChartPage, chartPage } from "./output/chart-page.ts";
export { lineChartSvg } from "./output/line-chart.ts";
export { isNumber, type RowTable, rowsToCsv, rowsToMarkdown } from "./output/rows-text.ts";
export { barChartText, lineChartText, sparkline } from "./output/text-chart.ts";
export { compareYears } from "./plan/compare-years.ts";
export { parseFilter } from "./plan/filter.ts";
export {
  type Pattern,
  type PatternName,
  type PatternParameters,
  patternQuestion,
  patterns,
  patternsOf,
} from "./plan/patterns.ts";
export type { QuestionPlan } from "./plan/plan-question.ts";
export type { PrunedFiles } from "./plan/prune-files.ts";
export type {
  AnswerRow,
  DimensionName,
  Filter,
  FilterValue,
  MeasureName,
  Question,
  WindowMeasure,
} from "./plan/question.ts";
export { buildRollups } from "./rollup/build-rollups.ts";
export { appendSalesMonth } from "./sales/append-sales.ts";
export type { GenerateOptions, SalesParameters } from "./sales/generate-options.ts";
export { generateSales } from "./sales/generate-sales.ts";
export type { PartitionColumn } from "./sales/sales-days.ts";
export { sales } from "./sales/sales-model.ts";
export { type CompactionReport, compactDataset } from "./storage/compact-dataset.ts";
export {
  type ColumnStatistics,
  contentHash,
  type DatasetFile,
  type DatasetManifest,
  type FileFormat,
  type StatisticsValue,
} from "./storage/dataset-manifest.ts";
export type { Compression, FileOptions } from "./storage/file-options.ts";
export { type FoundDataset, listDatasets, readManifest } from "./storage/read-dataset.ts";
export type { RollupFile, RollupManifest } from "./storage/rollup-manifest.ts";
export { type TableQueries, type WriteOptions, writeDataset } from "./storage/write-dataset.ts";
