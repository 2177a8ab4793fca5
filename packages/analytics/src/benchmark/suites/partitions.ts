import type { DatasetWish } from "../benchmark-data.ts";
import { type BenchmarkQuestion, benchmarkQuestions } from "../benchmark-questions.ts";
import { ratioOfTimes } from "../limit.ts";
import { openSales, ours, timingsOf } from "../measure-questions.ts";
import { rowDifference } from "../row-difference.ts";
import { type BenchmarkContext, joinResults, type Suite, type SuiteResult } from "../suite.ts";

const byDay = ["year", "quarter", "month", "day"] as const;

function questionOf(id: BenchmarkQuestion["id"]): BenchmarkQuestion[] {
  return benchmarkQuestions.filter((each) => each.id === id);
}

interface Comparison {
  readonly name: string;
  readonly questions: readonly BenchmarkQuestion[];
  readonly other: (rows: number) => DatasetWish;
  readonly remark?: string;
}

const comparisons: readonly Comparison[] = [
  {
    name: "twice the months",
    questions: questionOf("drill-down"),
    other: (rows) => ({ rows, until: "2026-12" }),
  },
  {
    name: "a folder for each day",
    questions: [...questionOf("revenue-by-region-and-year"), ...questionOf("category-by-quarter")],
    other: (rows) => ({ rows, partitionBy: byDay }),
    remark: "a file costs the same time however few rows it has, which shows until days have many rows",
  },
];

/** The same answers from more folders: more months beside those asked for, and the same rows in finer ones (OLP-23). */
export const partitions: Suite = {
  describes: "the same answers from twice the months, and from a folder for each day",
  wishes: (rows) => [{ rows }, ...comparisons.map(({ other }) => other(rows))],
  run: async (context) => {
    const results: Partial<SuiteResult>[] = [];
    for (const comparison of comparisons) results.push(...(await compare(context, comparison)));
    return joinResults(results);
  },
};

async function compare(
  context: BenchmarkContext,
  { name, questions, other, remark }: Comparison,
): Promise<Partial<SuiteResult>[]> {
  const [few, many] = [context.dataset({ rows: context.rows }), context.dataset(other(context.rows))];
  const folders = [few, many].map(
    ({ manifest }) => manifest.files.filter(({ table }) => table === "sales_fact").length,
  );
  using base = await openSales(context, few);
  using finer = await openSales(context, many);
  const results: Partial<SuiteResult>[] = [];
  for (const question of questions) {
    context.progress(`${question.id} from ${folders.join(" and ")} folders`);
    const measured = await context.measure([
      ours(base, question, `${question.id}, ${folders[0]} folders`),
      ours(finer, question, `${question.id}, ${folders[1]} folders, ${name}`),
    ]);
    const [first, second] = measured;
    if (first === undefined || second === undefined) continue;
    const title = `${question.id}, ${name}: ${folders[1]} / ${folders[0]} folders`;
    const value = second.timing.p50Ms / first.timing.p50Ms;
    const difference = rowDifference(first.rows, second.rows);
    results.push(timingsOf(measured), {
      figures: [{ name: title, value, unit: "x", better: "lower" }],
      limits: [
        ratioOfTimes(context.rows, {
          name: title,
          rule: "OLP-23",
          measured: value,
          bound: "at most",
          limit: 1.1,
          unit: "x",
          ...(remark === undefined ? {} : { remark }),
        }),
      ],
      faults: difference === undefined ? [] : [`${title}: ${difference}`],
    });
  }
  return results;
}
