import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { QueryError } from "@agentflow/core";
import { shop, writeShop } from "../check/shop.fixture.ts";
import { OpenDataset } from "../execute/open-dataset.ts";
import { patternQuestion, patterns } from "./patterns.ts";
import type { Question } from "./question.ts";

const directory = mkdtempSync(join(tmpdir(), "agentflow-windows-"));
let dataset: OpenDataset<typeof shop>;

before(async () => {
  // Prices such that every sum of a month is known: 30 sales of year - 2020 + month.
  const price = (query: string) =>
    `SELECT * REPLACE ((year(date) - 2020 + month(date))::DECIMAL(9,2) AS price, 1 AS pieces) FROM (${query})`;
  await writeShop(directory, { sale: price });
  dataset = await OpenDataset.open(shop, directory);
});

after(() => {
  dataset.close();
  rmSync(directory, { recursive: true, force: true });
});

test("a moving average is the mean of the rows at hand, the window's size at most (OLP-21)", async () => {
  const { rows } = await dataset.ask({
    measures: ["revenue"],
    by: ["year", "month"],
    windows: { mean: { kind: "moving-average", of: "revenue", size: 3, along: ["year", "month"] } },
  });
  assert.deepEqual(
    rows.map(({ revenue, mean }) => [revenue, mean]),
    [
      [60, 60],
      [90, 75],
      [390, 180],
      [90, 190],
      [120, 200],
      [420, 210],
    ],
  );
});

test("growth is the change since the year before, and is not told across a gap (OLP-21)", async () => {
  const { rows } = await dataset.ask({
    measures: ["revenue"],
    by: ["month", "year"],
    windows: { growth: { kind: "growth", of: "revenue", along: "year" } },
  });
  assert.deepEqual(
    rows.map(({ growth }) => growth),
    [null, 0.5, null, 30 / 90, null, 30 / 390],
  );
  const gaps = await dataset.ask({
    measures: ["revenue"],
    by: ["month"],
    where: { year: 2021 },
    windows: { growth: { kind: "growth", of: "revenue", along: "month" } },
  });
  assert.deepEqual(
    gaps.rows.map(({ growth }) => growth),
    [null, 0.5, null],
  );
});

test("equals share a rank and not a row number, and only the first places are kept where asked (OLP-21)", async () => {
  const windows = {
    rank: { kind: "rank", of: "sales", within: ["year"] },
    place: { kind: "row-number", of: "sales", within: ["year"] },
  } as const;
  const { rows } = await dataset.ask({
    measures: ["sales"],
    by: ["year", "month"],
    windows,
    order: ["year", "place"],
  });
  assert.deepEqual(
    rows.map(({ year, rank, place }) => [year, rank, place]),
    [
      [2021, 1, 1],
      [2021, 1, 2],
      [2021, 1, 3],
      [2022, 1, 1],
      [2022, 1, 2],
      [2022, 1, 3],
    ],
  );
  const first = await dataset.ask({
    measures: ["sales"],
    by: ["year", "month"],
    windows,
    top: { by: "place", count: 1 },
    order: ["-year"],
  });
  assert.deepEqual(first.rows, [
    { year: 2022, month: 1, sales: 30, rank: 1, place: 1 },
    { year: 2021, month: 1, sales: 30, rank: 1, place: 1 },
  ]);
});

test("a window over what the question does not ask for is refused (AF_QUERY_INVALID)", () => {
  const wrong: readonly object[] = [
    { windows: { mean: { kind: "moving-average", of: "price", size: 3, along: ["year"] } } },
    { windows: { mean: { kind: "moving-average", of: "revenue", size: 0, along: ["year"] } } },
    { windows: { mean: { kind: "moving-average", of: "revenue", size: 3, along: ["month"] } } },
    { windows: { growth: { kind: "growth", of: "revenue", along: "kind" } } },
    { windows: { revenue: { kind: "rank", of: "revenue", within: [] } } },
    { windows: { 'x" --': { kind: "rank", of: "revenue", within: [] } } },
    {
      windows: { mean: { kind: "moving-average", of: "revenue", size: 3, along: ["year"] } },
      top: { by: "mean", count: 1 },
    },
    { top: { by: "rank", count: 1 } },
  ];
  for (const each of wrong) {
    const question = { measures: ["revenue"], by: ["year", "kind"], ...each } as unknown as Question<
      typeof shop
    >;
    assert.throws(() => dataset.plan(question), QueryError, JSON.stringify(each));
  }
});

test("every pattern is answered, and drills down one level below its filters", async () => {
  const by = ["kind"];
  for (const name of Object.keys(patterns)) {
    const question = patternQuestion(shop, name, name === "drill-down" ? {} : { by });
    const { rows } = await dataset.ask(question as Question<typeof shop>);
    assert.ok(rows.length > 0, name);
  }
  const below = (where: Question["where"]) =>
    patternQuestion(shop, "drill-down", where === undefined ? {} : { where }).by;
  assert.deepEqual(below(undefined), ["year"]);
  assert.deepEqual(below({ year: 2021 }), ["year", "quarter"]);
  assert.deepEqual(below({ year: 2021, quarter: 1, month: 2 }), ["year", "quarter", "month"]);
  assert.throws(() => patternQuestion(shop, "total"), /Did you mean "totals"\?/);
});
