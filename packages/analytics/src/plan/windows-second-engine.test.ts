// Window measures and version joins against another engine: SQLite, which computes them its own way from the same rows.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import fc from "fast-check";
import { shop, writeShop } from "../check/shop.fixture.ts";
import { OpenDataset } from "../execute/open-dataset.ts";
import { generateSales } from "../sales/generate-sales.ts";
import { sales } from "../sales/sales-model.ts";
import type { Question, WindowMeasure } from "./question.ts";

const folder = mkdtempSync(join(tmpdir(), "agentflow-second-engine-"));
after(() => rmSync(folder, { recursive: true, force: true }));

type Cells = readonly (string | number | bigint | boolean | null)[];

/** A table of SQLite with these rows. */
function tableOf(
  rows: readonly Cells[],
  names: readonly string[],
  database: DatabaseSync,
  table: string,
): void {
  database.exec(`CREATE TABLE ${table} (${names.join(", ")})`);
  const insert = database.prepare(`INSERT INTO ${table} VALUES (${names.map(() => "?").join(", ")})`);
  database.exec("BEGIN");
  for (const row of rows) insert.run(...row.map((cell) => (typeof cell === "boolean" ? Number(cell) : cell)));
  database.exec("COMMIT");
}

const dimensions = ["year", "quarter", "month", "kind", "good", "date", "pieces"] as const;
type Dimension = (typeof dimensions)[number];
const numbered: readonly Dimension[] = ["year", "quarter", "month", "pieces"];

interface Case {
  readonly by: readonly Dimension[];
  readonly window: WindowMeasure<"sales", Dimension>;
}

const cases: fc.Arbitrary<Case> = fc
  .uniqueArray(fc.constantFrom(...dimensions), { minLength: 1, maxLength: 4 })
  .chain((by) => {
    const some = fc.subarray([...by]);
    const along = by.filter((name) => numbered.includes(name));
    const kinds: fc.Arbitrary<Case["window"]>[] = [
      fc
        .tuple(fc.subarray([...by], { minLength: 1 }), fc.integer({ min: 1, max: 5 }))
        .map(([over, size]) => ({ kind: "moving-average", of: "sales", size, along: over })),
      some.map((within) => ({ kind: "rank", of: "sales", within })),
      some.map((within) => ({ kind: "row-number", of: "sales", within })),
    ];
    if (along.length > 0) {
      kinds.push(
        fc
          .tuple(
            fc.constantFrom(...along),
            fc.integer({ min: 1, max: 3 }),
            fc.constantFrom("growth", "previous"),
          )
          .map(([name, step, kind]) => ({ kind, of: "sales", along: name, step })),
      );
    }
    return fc.oneof(...kinds).map((window) => ({ by, window }));
  });

const same = (names: readonly string[]): string =>
  names.length === 0 ? "true" : names.map((name) => `b.${name} = a.${name}`).join(" AND ");
// Which row comes before another, in the order of these columns.
const before = (names: readonly string[]): string =>
  `(${names.map((name) => `b.${name}`).join(", ")}) < (${names.map((name) => `a.${name}`).join(", ")})`;

/** What the window measure of a row `a` is, said without a window: by the other rows `b` of the answer. */
function withoutWindow({ by, window }: Case): string {
  switch (window.kind) {
    case "moving-average": {
      const others = by.filter((name) => !window.along.includes(name));
      return `(SELECT avg(sales) FROM (SELECT sales FROM answer b WHERE ${same(others)} AND (${before(window.along)} OR ${same(by)})
        ORDER BY ${window.along.map((name) => `b.${name} DESC`).join(", ")} LIMIT ${window.size}))`;
    }
    case "previous":
    case "growth": {
      const others = by.filter((name) => name !== window.along);
      // The value before is that of the nearest row; it counts only if that one is a step away.
      const nearest = `(SELECT max(b.${window.along}) FROM answer b WHERE ${same(others)} AND b.${window.along} < a.${window.along})`;
      const found = window.kind === "growth" ? "(a.sales - b.sales) * 1.0 / b.sales" : "b.sales";
      return `(SELECT ${found} FROM answer b WHERE ${same(others)}
        AND b.${window.along} = a.${window.along} - ${window.step ?? 1} AND b.${window.along} = ${nearest})`;
    }
    case "rank":
      return `(SELECT count(*) + 1 FROM answer b WHERE ${same(window.within)} AND b.sales > a.sales)`;
    case "row-number": {
      const ties = by.filter((name) => !window.within.includes(name));
      const tie = ties.length === 0 ? "false" : `(b.sales = a.sales AND ${before(ties)})`;
      return `(SELECT count(*) + 1 FROM answer b WHERE ${same(window.within)} AND (b.sales > a.sales OR ${tie}))`;
    }
  }
}

for (const seed of [1, 2]) {
  test(`window measures over random rows are what SQLite computes of them without windows (seed ${seed}, OLP-21)`, async () => {
    const directory = join(folder, `shop-${seed}`);
    // Rows go missing at random, so that there are gaps and ties.
    const thinned = (query: string): string =>
      `FROM (${query}) WHERE hash(sale_id * 31 + ${seed}) % 10 < (hash(day_key + ${seed}) % 10)`;
    await writeShop(directory, { sale: thinned });
    using dataset = await OpenDataset.open(shop, directory);
    using database = new DatabaseSync(":memory:");
    const { rows } = await dataset.sql(
      `SELECT year, quarter, month, kind, id AS good, date::VARCHAR AS date, pieces
       FROM sale JOIN day USING (day_key) JOIN good USING (good_key)`,
    );
    tableOf(
      rows.map((row) => dimensions.map((name) => row[name] ?? null)),
      dimensions,
      database,
      "fact",
    );
    const asked = async ({ by, window }: Case): Promise<void> => {
      const question = { measures: ["sales"], by, windows: { found: window } } as unknown as Question<
        typeof shop
      >;
      const answer = await dataset.ask(question);
      database.exec(
        `DROP TABLE IF EXISTS answer; CREATE TABLE answer AS SELECT ${by.join(", ")}, count(*) AS sales FROM fact GROUP BY ${by.join(", ")}`,
      );
      const reference = database
        .prepare(
          `SELECT ${by.join(", ")}, sales, ${withoutWindow({ by, window })} AS found FROM answer a ORDER BY ${by.join(", ")}`,
        )
        .all();
      const shown = (row: object): string =>
        JSON.stringify(row, (_, cell) => (typeof cell === "number" ? Number(cell.toPrecision(12)) : cell));
      assert.deepEqual((answer.rows as readonly object[]).map(shown), reference.map(shown));
    };
    await fc.assert(fc.asyncProperty(cases, asked), { numRuns: 30, seed });
  });
}

test("a sale finds the version of its product that was valid on its day: by key and by dates it is the same one (OLP-13)", async () => {
  const directory = join(folder, "sales");
  await generateSales(directory, { rows: 6_000, customers: 50 });
  using dataset = await OpenDataset.open(sales, directory);
  using database = new DatabaseSync(":memory:");
  const load = async (table: string, names: readonly string[]): Promise<void> => {
    const { rows } = await dataset.sql(`SELECT ${names.join(", ")} FROM ${table}`);
    tableOf(
      rows.map((row) => names.map((name) => row[name] ?? null)),
      names,
      database,
      table,
    );
  };
  await load("dim_product", [
    "product_key",
    "product_id",
    "category",
    "brand",
    "effective_date",
    "expiration_date",
  ]);
  await load("sales_fact", ["transaction_id", "line_item_id", "date", "product_key", "quantity"]);
  // Dates are texts of one length here, so that their order is that of the calendar.
  const byDates = database
    .prepare(
      `SELECT version.category, version.brand, sum(quantity) AS units, sum(version.product_key <> sold.product_key) AS wrong, count(*) AS lines
       FROM sales_fact fact JOIN dim_product sold USING (product_key)
       JOIN dim_product version ON version.product_id = sold.product_id AND fact.date >= version.effective_date
         AND (version.expiration_date IS NULL OR fact.date < version.expiration_date)
       GROUP BY 1, 2 ORDER BY 1, 2`,
    )
    .all();
  assert.ok(byDates.every(({ wrong }) => wrong === 0));
  const { rows } = await dataset.ask({ measures: ["units", "lines"], by: ["category", "brand"] });
  assert.deepEqual(
    rows.map(({ category, brand, units, lines }) => [category, brand, units, lines]),
    byDates.map(({ category, brand, units, lines }) => [category, brand, units, lines]),
  );
  const lines = rows.reduce((sum, row) => sum + Number(row.lines), 0);
  const [found] = (await dataset.sql("SELECT count(*) AS lines FROM sales_fact")).rows;
  assert.equal(lines, found?.["lines"]);
  const [old] = (
    await dataset.sql(
      "SELECT count(*) AS lines FROM sales_fact JOIN dim_product USING (product_key) WHERE NOT is_current",
    )
  ).rows;
  assert.ok(Number(old?.["lines"]) > 100, "some were sold in an older version");
});
