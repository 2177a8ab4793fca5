import type { Row } from "../../execute/duck-database.ts";
import type { BenchmarkQuestion } from "../benchmark-questions.ts";
import { windowQuestions } from "../benchmark-questions.ts";
import { measureQuestions } from "../measure-questions.ts";
import { joinResults, type Suite } from "../suite.ts";
import { wrongWindowValues } from "../window-arithmetic.ts";

/** Moving averages, growth and rankings (OLP-21). */
export const windows: Suite = {
  describes: "moving averages, growth and rankings, beside the bare scan of their columns",
  wishes: (rows) => [{ rows }],
  run: async (context) => {
    let wrong = 0;
    const check = ({ id }: BenchmarkQuestion, rows: readonly Row[]): string[] => {
      const found = wrongWindowValues(id, rows);
      wrong += found;
      return found === 0 ? [] : [`${id}: ${found} window values are not what arithmetic gives`];
    };
    const ready = context.dataset({ rows: context.rows });
    const parts = await measureQuestions(context, ready, windowQuestions, check);
    const limit = {
      name: "window values that arithmetic does not confirm",
      rule: "OLP-21",
      measured: wrong,
      bound: "at most",
      limit: 0,
      unit: "values",
    } as const;
    return joinResults([...parts, { limits: [limit] }]);
  },
};
