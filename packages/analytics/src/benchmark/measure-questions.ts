import { type DuckConnection, DuckDatabase, type Row } from "../execute/duck-database.ts";
import { type AskOptions, OpenDataset } from "../execute/open-dataset.ts";
import type { DatasetModel } from "../model/dataset-model.ts";
import { sales } from "../sales/sales-model.ts";
import { bareScanSql } from "./bare-scan.ts";
import type { BenchmarkQuestion } from "./benchmark-questions.ts";
import { applicableIf, type Figure, type Limit, ratioOfTimes } from "./limit.ts";
import type { Contender, Measured } from "./measure-rounds.ts";
import { rowDifference } from "./row-difference.ts";
import { StarDatabase } from "./star-database.ts";
import type { BenchmarkContext, NamedTiming, ReadyDataset, SuiteResult } from "./suite.ts";

/** The rows that the limits of OLP-20 and OLP-21 are meant for. */
const fullRows = 100_000_000;

/** Opens a dataset as anybody would. */
export function openSales(
  { duck }: Pick<BenchmarkContext, "duck">,
  { directory }: Pick<ReadyDataset, "directory">,
): Promise<OpenDataset> {
  const model: DatasetModel = sales;
  return OpenDataset.open(model, directory, duck);
}

/** The rows of our answer. */
export async function ourRows(
  dataset: OpenDataset,
  { question }: Pick<BenchmarkQuestion, "question">,
  options: AskOptions = {},
): Promise<readonly Row[]> {
  return (await dataset.ask(question, options)).rows as readonly Row[];
}

/** Our way to answer, as a contender. */
export function ours(dataset: OpenDataset, question: BenchmarkQuestion, name: string): Contender {
  return { name, work: async () => ({ rows: await ourRows(dataset, question) }) };
}

/** Timings by name, and what rounds gave other rows than the first. */
export function timingsOf(measured: readonly Measured[]): Pick<SuiteResult, "timings" | "faults"> {
  return {
    timings: measured.map(({ name, timing }): NamedTiming => ({ name, ...timing })),
    faults: measured
      .filter(({ unsteadyRounds }) => unsteadyRounds > 0)
      .map(
        ({ name, unsteadyRounds }) =>
          `${name}: the rows of ${unsteadyRounds} rounds are not those of the first`,
      ),
  };
}

/**
 * Measures questions beside the bare scans of what they read, and holds the answers against those of one plain join
 * over all files.
 */
export async function measureQuestions(
  context: BenchmarkContext,
  ready: ReadyDataset,
  questions: readonly BenchmarkQuestion[],
  checkRows: (question: BenchmarkQuestion, rows: readonly Row[]) => readonly string[] = () => [],
): Promise<Partial<SuiteResult>[]> {
  const { directory } = ready;
  using dataset = await openSales(context, ready);
  using star = await StarDatabase.overFiles(directory, "parquet", context.duck);
  using database = await DuckDatabase.open(directory, context.duck);
  using connection = await database.connect();
  const results: Partial<SuiteResult>[] = [];
  for (const question of questions) {
    context.progress(question.id);
    const scan = bareScan(connection, dataset, question);
    const measured = await context.measure([ours(dataset, question, question.id), scan]);
    const [own, bare] = measured;
    if (own === undefined || bare === undefined) continue;
    const difference = rowDifference(await star.rows(question), own.rows);
    const { timings, faults } = timingsOf(measured);
    results.push({
      timings,
      faults: [
        ...faults,
        ...(difference === undefined ? [] : [`${question.id}: against one plain join, ${difference}`]),
        ...checkRows(question, own.rows),
      ],
      figures: [ratioToScan(question, own, bare)],
      limits: [
        latencyLimit(context, question, own),
        scanLimit(context, question, { own, bare }),
        steadyLimit(question, own),
      ],
    });
  }
  return results;
}

function bareScan(connection: DuckConnection, dataset: OpenDataset, question: BenchmarkQuestion): Contender {
  const plan = dataset.plan(question.question);
  const sql = bareScanSql(plan, dataset.directory);
  return {
    name: `${question.id}, bare scan`,
    work: async () => ({ rows: sql === undefined ? [] : await connection.rows(sql) }),
  };
}

function ratioToScan({ id }: BenchmarkQuestion, own: Measured, bare: Measured): Figure {
  return {
    name: `${id} / bare scan of its columns`,
    value: own.timing.p50Ms / bare.timing.p50Ms,
    unit: "x",
    better: "lower",
  };
}

function scanLimit(
  { rows }: BenchmarkContext,
  question: BenchmarkQuestion,
  { own, bare }: { readonly own: Measured; readonly bare: Measured },
): Limit {
  const { name, value } = ratioToScan(question, own, bare);
  return ratioOfTimes(rows, {
    name,
    rule: "ratio",
    measured: value,
    bound: "at most",
    limit: 1.5,
    unit: "x",
  });
}

function latencyLimit(
  { rows }: BenchmarkContext,
  { id, limitMs, rule }: BenchmarkQuestion,
  own: Measured,
): Limit {
  return applicableIf(rows >= fullRows, `set for ${fullRows.toLocaleString("en")} rows or more`, {
    name: `${id}, 95th percentile`,
    rule,
    measured: own.timing.p95Ms,
    bound: "below",
    limit: limitMs,
    unit: "ms",
  });
}

function steadyLimit({ id, rule }: BenchmarkQuestion, { unsteadyRounds }: Measured): Limit {
  return {
    name: `${id}, rounds with other rows`,
    rule,
    measured: unsteadyRounds,
    bound: "at most",
    limit: 0,
    unit: "rounds",
  };
}
