// A small dataset that tests can write with any rows, sound or broken.
import { DuckDatabase } from "../execute/duck-database.ts";
import { date, flag, integer, money, text } from "../model/column.ts";
import { dataset } from "../model/dataset-model.ts";
import { average, count, distinct, greatest, least, percentile, ratio, sum } from "../model/measure.ts";
import { dimension, fact } from "../model/table.ts";
import type { DatasetManifest } from "../storage/dataset-manifest.ts";
import { DatasetWriter, type StagedFile } from "../storage/dataset-writer.ts";
import { stageQuery } from "../storage/stage-query.ts";

export const shop = dataset("shop", {
  tables: {
    day: dimension({
      key: "day_key",
      columns: {
        day_key: integer(),
        year: integer(),
        quarter: integer({ min: 1, max: 4 }),
        month: integer(),
      },
    }),
    good: dimension({
      key: "good_key",
      columns: {
        good_key: integer(),
        id: text(),
        kind: text({ oneOf: ["tea", "cup"] }),
        from_day: date(),
        until_day: date({ optional: true }),
        is_open: flag(),
      },
      versions: { of: "id", from: "from_day", until: "until_day", current: "is_open" },
    }),
    sale: fact({
      key: ["sale_id"],
      columns: {
        sale_id: integer({ min: 1 }),
        date: date(),
        day_key: integer(),
        good_key: integer(),
        pieces: integer({ min: 1, max: 9 }),
        price: money({ min: 0 }),
        note: text({ optional: true }),
      },
      joins: { day_key: "day", good_key: "good" },
      day: "date",
      partitions: { table: "day", columns: ["year", "month"] },
      order: ["date", "sale_id"],
      rules: { "a cup costs more than its pieces": "price >= pieces" },
    }),
  },
  dimensions: {
    year: "day.year",
    quarter: "day.quarter",
    month: "day.month",
    kind: "good.kind",
    good: "good.id",
    date: "sale.date",
    pieces: "sale.pieces",
  },
  measures: {
    revenue: sum("sale.price"),
    sales: count("sale"),
    price: ratio("sale.price", "sale.pieces"),
    cheapest: least("sale.price"),
    dearest: greatest("sale.price"),
    goods: distinct("sale.good_key"),
    mean: average("sale.price"),
    most: percentile("sale.price", 90),
  },
  hierarchies: { calendar: ["year", "quarter", "month"] },
  rollups: {
    months: { of: "sale", by: ["year", "quarter", "month", "kind"] },
    goods: { of: "sale", by: ["year", "good"] },
    days: { of: "sale", by: ["date", "pieces"] },
  },
});

/** The queries of the tables: two years of three days a month, two goods of which one has two versions, 30 sales in each of six months. */
export const soundShop = {
  day: `SELECT (y * 10000 + m * 100 + d)::INTEGER AS day_key, y::INTEGER AS year, ((m + 2) // 3)::INTEGER AS quarter, m::INTEGER AS month
    FROM (SELECT unnest([2021, 2022]) AS y), (SELECT unnest(range(1, 13)) AS m), (SELECT unnest([1, 2, 3]) AS d) ORDER BY day_key`,
  good: `FROM (VALUES (1, 'a', 'tea', DATE '2021-01-01', DATE '2022-01-01', false), (2, 'a', 'cup', DATE '2022-01-01', NULL, true),
    (3, 'b', 'cup', DATE '2021-01-01', NULL, true)) t(good_key, id, kind, from_day, until_day, is_open)`,
  sale: (
    year: number,
    month: number,
  ) => `SELECT ((${year} - 2021) * 360 + (${month} - 1) * 30 + n + 1)::INTEGER AS sale_id,
      make_date(${year}, ${month}, n // 10 + 1) AS date, (${year * 10_000 + month * 100 + 1} + n // 10)::INTEGER AS day_key,
      CASE WHEN n % 3 = 0 THEN 3 WHEN ${year} = 2021 THEN 1 ELSE 2 END::INTEGER AS good_key, (n % 9 + 1)::INTEGER AS pieces,
      ((n * 7 + ${month}) % 50 + 10)::DECIMAL(9,2) AS price, CASE WHEN n % 4 = 0 THEN 'it''s "one"' END AS note
    FROM (SELECT unnest(range(30)) AS n) ORDER BY sale_id`,
} as const;

/** Writes the shop; `broken` gives a query in place of that of a table, or of each month of sales. */
export async function writeShop(
  directory: string,
  broken: Partial<{ day: string; good: string; sale: (query: string) => string }> = {},
): Promise<DatasetManifest> {
  await using writer = await DatasetWriter.open(directory, shop.name);
  using database = await DuckDatabase.open(directory);
  using connection = await database.connect();
  const add: StagedFile[] = [];
  const stage = async (table: "day" | "good" | "sale", partition: Record<string, number>, query: string) => {
    const { columns } = shop.tables[table];
    const options = { formats: ["parquet", "csv"] as const, columns };
    add.push(...(await stageQuery(writer, connection, { table, partition, query }, options)));
  };
  await stage("day", {}, broken.day ?? soundShop.day);
  await stage("good", {}, broken.good ?? soundShop.good);
  for (const year of [2021, 2022]) {
    for (const month of [1, 2, 12]) {
      const query = soundShop.sale(year, month);
      await stage("sale", { year, month }, broken.sale?.(query) ?? query);
    }
  }
  return await writer.publish({ origin: {}, add });
}
