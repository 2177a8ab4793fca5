import { join } from "node:path";
import pl, { type LazyDataFrame } from "nodejs-polars";
import type { QuestionId, Row } from "../../../packages/analytics/src/index.ts";
import type { OpenSystem } from "../peer-system.ts";

type Answer = () => Promise<readonly Row[]>;

const months = ["year", "quarter", "month"];

/** Polars' lazy frames over a pattern of paths, with the folders as columns. */
export const openSystem: OpenSystem = async (directory) => {
  const answers = answersOver(directory);
  return {
    version: pl.version,
    answer: (id) => {
      const answer = answers[id];
      if (answer === undefined) throw new Error(`${id} is not written for polars.`);
      return answer();
    },
  };
};

function answersOver(directory: string): Readonly<Partial<Record<QuestionId, Answer>>> {
  const scan = (table: string, hivePartitioning = false) =>
    pl.scanParquet(join(directory, "parquet", table, "**", "*.parquet"), { hivePartitioning });
  const facts = () => scan("sales_fact", true);
  const ofYear = () => facts().filter(pl.col("year").eq(pl.lit(2022)));
  const byProduct = (lazy: LazyDataFrame) => lazy.join(scan("dim_product"), { on: "product_key" });
  return {
    "revenue-by-region-and-year": () =>
      rowsOf(totals(facts().join(scan("dim_geography"), { on: "geo_key" }), ["region", "year"])),
    "category-by-quarter": () => rowsOf(totals(byProduct(ofYear()), ["category", "quarter"])),
    "moving-average": () =>
      rowsOf(
        totals(byProduct(facts()), ["category", ...months]).withColumns(
          pl
            .col("revenue")
            .rollingMean({ windowSize: 3, minPeriods: 1 })
            .over("category")
            .alias("moving_average"),
        ),
      ),
    ranking: async () => firstTen(await ranked(byProduct(ofYear()))),
  };
}

function totals(lazy: LazyDataFrame, by: string[]): LazyDataFrame {
  const revenue = pl.col("revenue").sum().cast(pl.Float64).round(2).alias("revenue");
  return lazy.groupBy(by).agg(revenue).sort(by);
}

async function rowsOf(lazy: LazyDataFrame): Promise<readonly Row[]> {
  return (await lazy.collect()).toRecords() as readonly Row[];
}

/** Products of each quarter with their rank, the greatest revenue first and then by name. */
function ranked(lazy: LazyDataFrame): Promise<readonly Row[]> {
  const within = ["year", "quarter"];
  const rank = pl
    .col("revenue")
    .rank({ method: "min", descending: true })
    .over("year", "quarter")
    .alias("rank");
  const whole = totals(lazy, [...within, "product_id", "name"])
    .withColumns(rank)
    .filter(pl.col("rank").ltEq(pl.lit(10)))
    .sort([...within, "rank", "product_id", "name"]);
  return rowsOf(whole);
}

function firstTen(rows: readonly Row[]): readonly Row[] {
  const places = new Map<string, number>();
  return rows.flatMap(({ product_id, name, ...row }) => {
    const key = `${row["year"]} ${row["quarter"]}`;
    const place = (places.get(key) ?? 0) + 1;
    places.set(key, place);
    return place > 10
      ? []
      : [{ ...row, product: product_id ?? null, product_name: name ?? null, row_number: place }];
  });
}
