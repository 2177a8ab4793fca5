import { OpenDataset } from "../../execute/open-dataset.ts";
import type { Question } from "../../plan/question.ts";
import type { DatasetWish } from "../benchmark-data.ts";
import { benchmarkQuestions } from "../benchmark-questions.ts";
import { applicableIf, type Figure, type Limit, ratioOfTimes } from "../limit.ts";
import { openSales, ourRows, ours, timingsOf } from "../measure-questions.ts";
import type { Measured } from "../measure-rounds.ts";
import { rowDifference } from "../row-difference.ts";
import { StarDatabase } from "../star-database.ts";
import {
  type BenchmarkContext,
  joinResults,
  type ReadyDataset,
  type Suite,
  type SuiteResult,
} from "../suite.ts";

/** More rows of CSV would fill disks and hours, and say nothing new: it is read from one end to the other. */
const csvRowsMax = 10_000_000;

const compared = ["revenue-by-region-and-year", "category-by-quarter", "moving-average"];

function wishOf(rows: number): DatasetWish {
  return { rows: Math.min(rows, csvRowsMax), formats: ["parquet", "csv"] };
}

/** Parquet against CSV: sizes, times and bytes read (OLP-22). */
export const storage: Suite = {
  describes: "Parquet against CSV, with declared types and with types that are guessed",
  wishes: (rows) => [wishOf(rows)],
  run: async (context) => {
    const wish = wishOf(context.rows);
    const ready = context.dataset(wish);
    const notes =
      wish.rows < context.rows
        ? [`CSV is written and read with ${wish.rows.toLocaleString("en")} rows.`]
        : [];
    return joinResults([
      { notes },
      sizes(ready),
      await bytesRead(context, ready),
      ...(await times(context, ready)),
    ]);
  },
};

function factBytes({ manifest }: ReadyDataset, format: "parquet" | "csv"): number {
  return manifest.files
    .filter((file) => file.table === "sales_fact" && file.format === format)
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function sizes(ready: ReadyDataset): Partial<SuiteResult> {
  const value = factBytes(ready, "csv") / factBytes(ready, "parquet");
  const name = "bytes of CSV / bytes of Parquet, sales_fact";
  return {
    figures: [{ name, value, unit: "x", better: "higher" }],
    limits: [{ name, rule: "OLP-22", measured: value, bound: "at least", limit: 5, unit: "x" }],
  };
}

interface Selective {
  readonly name: string;
  readonly question: Question;
  readonly remark?: string;
}

const selective: readonly Selective[] = [
  { name: "one measure of all rows", question: { measures: ["revenue"] } },
  {
    name: "category by quarter of one year",
    question: { measures: ["revenue"], by: ["category", "quarter"], where: { year: 2022 } },
  },
  {
    name: "revenue by region and year",
    question: { measures: ["revenue"], by: ["region", "year"] },
    remark: "two of fourteen columns, and those that hold the most: revenue alone is a seventh of all bytes",
  },
];

async function bytesRead(context: BenchmarkContext, ready: ReadyDataset): Promise<Partial<SuiteResult>> {
  using dataset = await openSales(context, ready);
  const all = factBytes(ready, "parquet");
  const figures: Figure[] = [];
  const limits: Limit[] = [];
  for (const { name, question, remark } of selective) {
    const { receipt } = await dataset.ask(question);
    const measured = ((receipt.bytesRead ?? 0) / all) * 100;
    const counted = receipt.bytesRead !== undefined;
    const title = `bytes read, ${name}`;
    if (counted) figures.push({ name: title, value: measured, unit: "%", better: "lower" });
    limits.push(
      applicableIf(counted, "this system does not count the bytes that a process reads", {
        name: title,
        rule: "OLP-22",
        measured,
        bound: "below",
        limit: 20,
        unit: "%",
        ...(remark === undefined ? {} : { remark }),
      }),
    );
  }
  return { figures, limits };
}

async function times(context: BenchmarkContext, ready: ReadyDataset): Promise<Partial<SuiteResult>[]> {
  const { directory } = ready;
  using dataset = await openSales(context, ready);
  using typed = await OpenDataset.open(dataset.model, directory, { ...context.duck, format: "csv" });
  using guessed = await StarDatabase.overFiles(directory, "csv", context.duck);
  const results: Partial<SuiteResult>[] = [];
  for (const question of benchmarkQuestions.filter(({ id }) => compared.includes(id))) {
    context.progress(`${question.id} on Parquet and CSV`);
    const measured = await context.measure([
      ours(dataset, question, `${question.id}, Parquet`),
      {
        name: `${question.id}, CSV with declared types`,
        work: async () => ({ rows: await ourRows(typed, question) }),
      },
      {
        name: `${question.id}, CSV with guessed types`,
        work: async () => ({ rows: await guessed.rows(question) }),
      },
    ]);
    const [parquet, ...csv] = measured;
    if (parquet !== undefined)
      results.push(timingsOf(measured), ...csv.map((each) => against(context.rows, parquet, each)));
  }
  return results;
}

function against(rows: number, parquet: Measured, csv: Measured): Partial<SuiteResult> {
  const name = `${csv.name} / Parquet`;
  const value = csv.timing.p50Ms / parquet.timing.p50Ms;
  const difference = rowDifference(parquet.rows, csv.rows);
  return {
    figures: [{ name, value, unit: "x", better: "higher" }],
    limits: [
      ratioOfTimes(rows, { name, rule: "OLP-22", measured: value, bound: "at least", limit: 10, unit: "x" }),
    ],
    faults: difference === undefined ? [] : [`${csv.name}: ${difference}`],
  };
}
