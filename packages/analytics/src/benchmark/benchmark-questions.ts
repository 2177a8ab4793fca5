import type { Question } from "../plan/question.ts";
import type { sales } from "../sales/sales-model.ts";

/** The name of a question. */
export type QuestionId =
  | "revenue-by-region-and-year"
  | "category-by-quarter"
  | "drill-down"
  | "moving-average"
  | "growth"
  | "ranking";

/** A question that is measured. */
export interface BenchmarkQuestion {
  readonly id: QuestionId;
  readonly question: Question<typeof sales>;
  /**
   * The same as one join in plain SQL, over tables or views with the names of the declaration: what others answer, and
   * what our answer is held against. `time` joins dim_time where the fact table has no columns of its folders.
   */
  readonly sql: (time: string) => string;
  /** The limit of its 95th percentile with 100 million rows, and the rule that sets it. */
  readonly limitMs: number;
  readonly rule: string;
}

/** The join of the calendar. */
export const joinTime = " JOIN dim_time USING (time_key)";

const geography = " JOIN dim_geography USING (geo_key)";
const product = " JOIN dim_product USING (product_key)";

interface Totals {
  readonly by: readonly string[];
  readonly joins: string;
  readonly where?: string;
}

// Rounded, so that engines which add floating-point numbers break ties as those do that add decimals.
function totals({ by, joins, where }: Totals): string {
  const filter = where === undefined ? "" : ` WHERE ${where}`;
  return `SELECT ${by.join(", ")}, round(sum(revenue), 2) AS revenue FROM sales_fact${joins}${filter} GROUP BY ${by.join(", ")}`;
}

/** Totals by dimensions (OLP-20). */
export const aggregationQuestions: readonly BenchmarkQuestion[] = [
  {
    id: "revenue-by-region-and-year",
    question: { measures: ["revenue"], by: ["region", "year"] },
    sql: (time) => `${totals({ by: ["region", "year"], joins: geography + time })} ORDER BY region, year`,
    limitMs: 2_000,
    rule: "OLP-20",
  },
  {
    id: "category-by-quarter",
    question: { measures: ["revenue"], by: ["category", "quarter"], where: { year: 2022 } },
    sql: (time) =>
      `${totals({ by: ["category", "quarter"], joins: product + time, where: "year = 2022" })} ORDER BY category, quarter`,
    limitMs: 1_000,
    rule: "OLP-20",
  },
  {
    id: "drill-down",
    question: {
      measures: ["revenue"],
      by: ["year", "quarter", "month", "region"],
      where: { year: 2022, quarter: 2 },
    },
    sql: (time) =>
      `${totals({ by: ["year", "quarter", "month", "region"], joins: geography + time, where: "year = 2022 AND quarter = 2" })} ORDER BY year, quarter, month, region`,
    limitMs: 1_000,
    rule: "OLP-20",
  },
];

const months = ["year", "quarter", "month"] as const;

/** Windows over totals (OLP-21). */
export const windowQuestions: readonly BenchmarkQuestion[] = [
  {
    id: "moving-average",
    question: {
      measures: ["revenue"],
      by: ["category", ...months],
      windows: { moving_average: { kind: "moving-average", of: "revenue", size: 3, along: months } },
    },
    sql: (time) =>
      `SELECT category, year, quarter, month, revenue, avg(revenue) OVER (PARTITION BY category ORDER BY year, quarter, month ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving_average FROM (${totals({ by: ["category", ...months], joins: product + time })}) AS totals ORDER BY category, year, quarter, month`,
    limitMs: 3_000,
    rule: "OLP-21",
  },
  {
    id: "growth",
    question: {
      measures: ["revenue"],
      by: ["region", "year"],
      windows: { growth: { kind: "growth", of: "revenue", along: "year" } },
    },
    sql: (time) =>
      `SELECT region, year, revenue, CASE WHEN lag(year) OVER along = year - 1 THEN (revenue - lag(revenue) OVER along) / lag(revenue) OVER along END AS growth FROM (${totals({ by: ["region", "year"], joins: geography + time })}) AS totals WINDOW along AS (PARTITION BY region ORDER BY year) ORDER BY region, year`,
    limitMs: 3_000,
    rule: "OLP-21",
  },
  {
    id: "ranking",
    question: {
      measures: ["revenue"],
      by: ["year", "quarter", "product", "product_name"],
      where: { year: 2022 },
      windows: {
        rank: { kind: "rank", of: "revenue", within: ["year", "quarter"] },
        row_number: { kind: "row-number", of: "revenue", within: ["year", "quarter"] },
      },
      top: { by: "row_number", count: 10 },
      order: ["year", "quarter", "row_number"],
    },
    sql: (time) =>
      `SELECT * FROM (SELECT year, quarter, product, product_name, revenue, rank() OVER (PARTITION BY year, quarter ORDER BY revenue DESC) AS "rank", row_number() OVER (PARTITION BY year, quarter ORDER BY revenue DESC, product, product_name) AS "row_number" FROM (SELECT year, quarter, product_id AS product, name AS product_name, round(sum(revenue), 2) AS revenue FROM sales_fact${product}${time} WHERE year = 2022 GROUP BY year, quarter, product_id, name) AS totals) AS ranked WHERE "row_number" <= 10 ORDER BY year, quarter, "row_number"`,
    limitMs: 2_000,
    rule: "OLP-21",
  },
];

/** All questions by name. */
export const benchmarkQuestions = [...aggregationQuestions, ...windowQuestions];
