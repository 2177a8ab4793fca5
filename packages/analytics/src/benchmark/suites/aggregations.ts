import { aggregationQuestions } from "../benchmark-questions.ts";
import type { Limit } from "../limit.ts";
import { measureQuestions, openSales } from "../measure-questions.ts";
import { type BenchmarkContext, joinResults, type ReadyDataset, type Suite } from "../suite.ts";

/** Totals by dimensions, and how many folders a filter leaves out (OLP-20). */
export const aggregations: Suite = {
  describes: "totals by dimensions, beside the bare scan of their columns",
  wishes: (rows) => [{ rows }],
  run: async (context) => {
    const ready = context.dataset({ rows: context.rows });
    const parts = await measureQuestions(context, ready, aggregationQuestions);
    return joinResults([...parts, { limits: [await pruningLimit(context, ready)] }]);
  },
};

async function pruningLimit(context: BenchmarkContext, ready: ReadyDataset): Promise<Limit> {
  using dataset = await openSales(context, ready);
  const { files } = dataset.plan({ measures: ["revenue"], where: { year: 2022, quarter: 2 } });
  const all = files.opened.length + files.skipped.length;
  return {
    name: "partitions skipped with a filter on year and quarter",
    rule: "OLP-20",
    measured: (100 * files.skipped.length) / all,
    bound: "at least",
    limit: 80,
    unit: "%",
  };
}
