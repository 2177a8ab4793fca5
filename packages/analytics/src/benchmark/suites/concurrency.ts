import type { Row } from "../../execute/duck-database.ts";
import type { OpenDataset } from "../../execute/open-dataset.ts";
import { inParallel } from "../../generate/in-parallel.ts";
import type { Question } from "../../plan/question.ts";
import { applicableIf, type Figure, type Limit, ratioOfTimes } from "../limit.ts";
import { openSales, timingsOf } from "../measure-questions.ts";
import type { Contender } from "../measure-rounds.ts";
import { type BenchmarkContext, joinResults, type Suite, type SuiteResult } from "../suite.ts";

/** Ten questions of about the same work, of which no two are the same. */
const distinct: readonly Question[] = [
  { measures: ["revenue"], by: ["region", "year"] },
  { measures: ["profit"], by: ["country", "year"] },
  { measures: ["cost"], by: ["region", "quarter"] },
  { measures: ["units"], by: ["country", "month"] },
  { measures: ["discount"], by: ["region", "month"] },
  { measures: ["revenue"], by: ["provider", "year"] },
  { measures: ["profit"], by: ["payment_type", "quarter"] },
  { measures: ["cost"], by: ["provider", "month"] },
  { measures: ["units"], by: ["payment_type", "year"] },
  { measures: ["discount"], by: ["provider", "quarter"] },
];

const same: Question = { measures: ["revenue"], by: ["region", "year"] };
const identical = distinct.map(() => same);

const levels = [1, 2, 4, 10] as const;

/** Ten questions at once: the same one ten times, and ten others (OLP-23). */
export const concurrency: Suite = {
  describes: "ten questions at once, the same one and ten others",
  wishes: (rows) => [{ rows }],
  run: async (context) => {
    using dataset = await openSales(context, context.dataset({ rows: context.rows }));
    context.progress("ten questions, 1, 2, 4 and 10 at once");
    const measured = await context.measure([
      { name: "one question", work: () => answers(dataset, [same], 1) },
      { name: "ten identical at once", work: () => answers(dataset, identical, 10) },
      ...levels.map(
        (atOnce): Contender => ({
          name: `ten distinct, ${atOnce} at once`,
          work: () => answers(dataset, distinct, atOnce),
        }),
      ),
    ]);
    const [one, tenSame, ...byLevel] = measured.map(({ timing }) => timing.p50Ms);
    const [serial, together] = [byLevel[0], byLevel.at(-1)];
    if (one === undefined || tenSame === undefined || serial === undefined || together === undefined)
      throw new RangeError("every contender is measured");
    return joinResults([
      timingsOf(measured),
      ratios({ one, tenSame, serial, together }, context),
      {
        curves: [
          {
            title: "Questions answered by how many are asked at once",
            x: "at once",
            y: "questions a second",
            lines: [
              {
                name: `${distinct.length} distinct`,
                points: byLevel.map((ms, index) => ({
                  x: levels[index] ?? 0,
                  y: (distinct.length * 1_000) / ms,
                })),
              },
            ],
          },
        ],
      },
    ]);
  },
};

async function answers(
  dataset: OpenDataset,
  questions: readonly Question[],
  atOnce: number,
): Promise<{ readonly rows: readonly Row[] }> {
  const found: (readonly Row[])[] = [];
  const asked = questions.map((question, index) => ({ question, index }));
  await inParallel(asked, Array.from({ length: atOnce }), async ({ question, index }) => {
    found[index] = (await dataset.ask(question)).rows as readonly Row[];
  });
  return { rows: found.flat() };
}

interface Medians {
  readonly one: number;
  readonly tenSame: number;
  readonly serial: number;
  readonly together: number;
}

function ratios(
  { one, tenSame, serial, together }: Medians,
  { cores, rows }: BenchmarkContext,
): Partial<SuiteResult> {
  const figures: Figure[] = [
    { name: "ten identical at once / one", value: tenSame / one, unit: "x", better: "lower" },
    {
      name: "ten distinct at once / one after another",
      value: together / serial,
      unit: "x",
      better: "lower",
    },
  ];
  const limits: Limit[] = [
    {
      name: "ten identical at once / one",
      rule: "OLP-23",
      measured: tenSame / one,
      bound: "at most",
      limit: 1.2,
      unit: "x",
    },
    {
      name: "ten distinct at once / one after another",
      rule: "OLP-23",
      measured: together / serial,
      bound: "at most",
      limit: 1.1,
      unit: "x",
    },
    applicableIf(cores >= 10, `ten questions that each keep a core busy, on ${cores} cores`, {
      name: "ten distinct at once / one of them",
      rule: "OLP-23",
      measured: together / (serial / distinct.length),
      bound: "below",
      limit: 2,
      unit: "x",
    }),
  ];
  return { figures, limits: limits.map((limit) => ratioOfTimes(rows, limit)) };
}
