// What the query catalogue shows.
import { type AskOptions, type Parameter, patternQuestion, type Question, sales } from "@agentflow/analytics";

interface Titled {
  readonly title: string;
  readonly about: string;
  readonly command: string;
}

/** A question over the declaration. */
export interface Shown extends Titled {
  readonly question: Question | Question<typeof sales>;
  readonly yearOnYear?: boolean;
  /** True to show how a rollup answers it. */
  readonly rollup?: boolean;
  /** Ways to answer it that are compared, in place of the answer. */
  readonly ways?: readonly (readonly [name: string, options: AskOptions])[];
}

/** A SELECT of one's own. */
export interface ShownSql extends Titled {
  readonly sql: string;
  readonly parameters: readonly Parameter[];
}

/** Something that the catalogue shows. */
export type Entry = Shown | ShownSql;

const ask = "af analytics analyze";

const aggregations: readonly Entry[] = [
  {
    title: "Revenue by region and year",
    about: "The pattern `totals`: a measure by dimensions.",
    command: `${ask} totals --by region,year --execute`,
    question: patternQuestion(sales, "totals", { by: ["region", "year"] }),
  },
  {
    title: "Categories by quarter, one year",
    about: "A filter on the year leaves one of three folders.",
    command: `${ask} --measures revenue,units --by category,quarter --where year=2022 --execute`,
    question: { measures: ["revenue", "units"], by: ["category", "quarter"], where: { year: 2022 } },
  },
  {
    title: "A margin, which is no sum",
    about: "A ratio follows from two sums that are kept beside each other until the end.",
    command: `${ask} --measures margin,average_price --by category --top 5 --execute`,
    question: { measures: ["margin", "average_price"], by: ["category"], order: ["-margin"], limit: 5 },
  },
  {
    title: "Customers, which do not add up",
    about:
      "The same customer buys in several years: each file gives its customers, and the whole counts them.",
    command: `${ask} --measures customers,lines --by year --execute`,
    question: { measures: ["customers", "lines"], by: ["year"] },
  },
  {
    title: "Drill-down",
    about: "The pattern `drill-down`: one level below what is filtered by, here of the calendar.",
    command: `${ask} drill-down --where year=2022 --where quarter=1 --execute`,
    question: patternQuestion(sales, "drill-down", { where: { year: 2022, quarter: 1 } }),
  },
  {
    title: "Drill-down along another hierarchy",
    about: "From regions to countries.",
    command: `${ask} drill-down --along geography --where region=Europe --execute`,
    question: patternQuestion(sales, "drill-down", { along: "geography", where: { region: "Europe" } }),
  },
];

const windows: readonly Entry[] = [
  {
    title: "Moving average",
    about: "The pattern `moving-average`: a month, and the mean of it and the two before.",
    command: `${ask} moving-average --where category=Toys --size 3 --execute`,
    question: patternQuestion(sales, "moving-average", { where: { category: "Toys" }, size: 3 }),
  },
  {
    title: "Growth",
    about: "The pattern `growth`: the change since the year before, and nothing where that is missing.",
    command: `${ask} growth --execute`,
    question: patternQuestion(sales, "growth"),
  },
  {
    title: "Ranking",
    about: "The pattern `ranking`: equals share a rank and not a row number.",
    command: `${ask} ranking --by category --top 3 --where year=2023 --execute`,
    question: patternQuestion(sales, "ranking", { by: ["category"], top: 3, where: { year: 2023 } }),
  },
  {
    title: "Against the year before",
    about: "Each measure with its value of the year before; a filter on the year stays what is shown.",
    command: `${ask} --measures revenue,profit --by region --where year=2023 --top 3 --compare yoy --execute`,
    question: {
      measures: ["revenue", "profit"],
      by: ["region"],
      where: { year: 2023 },
      order: ["-revenue"],
      limit: 3,
    },
    yearOnYear: true,
  },
];

const storage: readonly Entry[] = [
  {
    title: "What skipping files saves",
    about: "The same question with and without files skipped; both give the same rows.",
    command: `${ask} totals --where year=2022 --compare pruning`,
    question: patternQuestion(sales, "totals", { where: { year: 2022 } }),
    ways: [
      ["files skipped", { rollups: false }],
      ["all files", { prune: false }],
    ],
  },
  {
    title: "Parquet and CSV",
    about: "The same rows in both formats.",
    command: `${ask} totals --compare formats`,
    question: patternQuestion(sales, "totals"),
    ways: [
      ["Parquet", { format: "parquet" }],
      ["CSV", { format: "csv" }],
    ],
  },
  {
    title: "From a rollup",
    about:
      "`af analytics rollup` keeps totals beside the files; a question that follows from them reads no line.",
    command: `${ask} totals --by region,year --execute`,
    question: patternQuestion(sales, "totals", { by: ["region", "year"] }),
    rollup: true,
  },
  {
    title: "What a rollup saves",
    about: "The question of the section before, from both.",
    command: `${ask} totals --compare rollups`,
    question: patternQuestion(sales, "totals"),
    ways: [
      ["rollup", {}],
      ["files", { rollups: false }],
    ],
  },
];

const ownSql: readonly Entry[] = [
  {
    title: "SQL of your own",
    about: "One SELECT over the tables; in a program, values are parameters.",
    command: `${ask} "SELECT ltv_tier, count(*) AS lines ... GROUP BY ltv_tier ORDER BY lines DESC" --execute`,
    sql: `SELECT ltv_tier, count(*) AS lines, sum(revenue) AS revenue
FROM sales_fact JOIN dim_customer USING (customer_key)
WHERE segment = $1 GROUP BY ltv_tier ORDER BY lines DESC`,
    parameters: ["Consumer"],
  },
  {
    title: "The version of a product that was valid on a day",
    about:
      "A line has the key of its version already; this finds it again by the day, and counts where the two differ.",
    command: `${ask} "SELECT count(*) AS lines ..." --execute`,
    sql: `SELECT count(*) AS lines, count(*) FILTER (WHERE valid.product_key <> sold.product_key) AS wrong
FROM sales_fact
JOIN dim_product AS sold USING (product_key)
JOIN dim_product AS valid ON valid.product_id = sold.product_id
  AND date >= valid.effective_date AND date < coalesce(valid.expiration_date, DATE '2099-12-31')`,
    parameters: [],
  },
];

/** Everything that is shown, by chapter. */
export const catalogue: readonly { readonly title: string; readonly entries: readonly Entry[] }[] = [
  { title: "Aggregations", entries: aggregations },
  { title: "Windows", entries: windows },
  { title: "Storage", entries: storage },
  { title: "SQL", entries: ownSql },
];
