import { benchmarkQuestions } from "../benchmark-questions.ts";
import { type Limit, ratioOfTimes } from "../limit.ts";
import { openSales, ours, timingsOf } from "../measure-questions.ts";
import type { Measured } from "../measure-rounds.ts";
import { type Curve, joinResults, type ReadyDataset, type Suite, type SuiteResult } from "../suite.ts";

const factors = [1, 2, 4] as const;

/** The same questions of once, twice and four times the rows (OLP-23). */
export const scaling: Suite = {
  describes: "the same questions with once, twice and four times the rows",
  wishes: (rows) => factors.map((factor) => ({ rows: rows * factor })),
  run: async (context) => {
    const sizes = factors.map((factor) => context.rows * factor);
    const ready = sizes.map((rows) => context.dataset({ rows }));
    const opened = await Promise.all(ready.map((each) => openSales(context, each)));
    try {
      const results: Partial<SuiteResult>[] = [];
      const lines: Curve["lines"][number][] = [];
      for (const question of benchmarkQuestions) {
        context.progress(
          `${question.id} at ${sizes.map((rows) => rows.toLocaleString("en")).join(", ")} rows`,
        );
        const measured = await context.measure(
          opened.map((dataset, index) =>
            ours(dataset, question, `${question.id}, ${(sizes[index] ?? 0).toLocaleString("en")} rows`),
          ),
        );
        lines.push({
          name: question.id,
          points: measured.map(({ timing }, index) => ({ x: sizes[index] ?? 0, y: timing.p50Ms })),
        });
        results.push(timingsOf(measured), { limits: doublings(context.rows, measured) });
      }
      const curve = { title: "Time by rows", x: "rows", y: "ms, median", lines, logarithmic: true };
      return joinResults([...results, { curves: [curve] }, bytesPerRow(ready)]);
    } finally {
      for (const each of opened) each.close();
    }
  },
};

function doublings(rows: number, measured: readonly Measured[]): Limit[] {
  return measured.slice(1).flatMap((larger, index) => {
    const smaller = measured[index];
    if (smaller === undefined) return [];
    const name = `${larger.name} / half of them`;
    const value = larger.timing.p50Ms / smaller.timing.p50Ms;
    return [
      ratioOfTimes(rows, { name, rule: "OLP-23", measured: value, bound: "below", limit: 2.5, unit: "x" }),
    ];
  });
}

// What holds at the largest size too: a row takes no more bytes there.
function bytesPerRow(ready: readonly ReadyDataset[]): Partial<SuiteResult> {
  const perRow = ready.map(({ manifest }) => {
    const facts = manifest.files.filter(({ table }) => table === "sales_fact");
    const bytes = facts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return bytes / facts.reduce((sum, { rows }) => sum + rows, 0);
  });
  const [first, last] = [perRow[0] ?? 0, perRow.at(-1) ?? 0];
  const name = "bytes of a row at four times the rows / at once the rows";
  return {
    figures: [{ name, value: last / first, unit: "x", better: "lower" }],
    limits: [{ name, rule: "OLP-23", measured: last / first, bound: "at most", limit: 1.05, unit: "x" }],
  };
}
