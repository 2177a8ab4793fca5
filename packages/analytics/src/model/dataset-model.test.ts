import assert from "node:assert/strict";
import { test } from "node:test";
import { DatasetError } from "@agentflow/core";
import { sales } from "../sales/sales-model.ts";
import { date, integer, money, text } from "./column.ts";
import { type DatasetSpec, dataset, type Tables } from "./dataset-model.ts";
import {
  additivityOf,
  average,
  count,
  distinct,
  greatest,
  least,
  type Measure,
  percentile,
  ratio,
  sum,
} from "./measure.ts";
import { dimension, fact } from "./table.ts";

const day = dimension({ key: "day_key", columns: { day_key: integer(), year: integer() } });
const good = dimension({ key: "good_key", columns: { good_key: integer(), name: text() } });
const sale = fact({
  key: ["sale_id"],
  columns: { sale_id: integer(), date: date(), day_key: integer(), good_key: integer(), price: money() },
  joins: { day_key: "day", good_key: "good" },
  day: "date",
  partitions: { table: "day", columns: ["year"] },
  order: ["date", "sale_id"],
});

// What a program without types may declare.
type Loose = DatasetSpec<Tables, Readonly<Record<string, never>>, Readonly<Record<string, Measure<never>>>>;

function problemsOf(change: object, name = "shop"): readonly string[] {
  const spec = { tables: { day, good, sale }, dimensions: {}, measures: {}, hierarchies: {}, ...change };
  try {
    dataset(name, spec as unknown as Loose);
    return [];
  } catch (error) {
    assert.ok(error instanceof DatasetError && error.code === "AF_DATASET_DECLARATION", String(error));
    return error.context["problems"] as string[];
  }
}

test("a sound declaration passes, and sales is one", () => {
  const measures = { revenue: sum("sale.price"), sales: count("sale"), most: greatest("sale.price") };
  assert.deepEqual(problemsOf({ dimensions: { year: "day.year" }, measures }), []);
  assert.equal(sales.name, "sales");
});

test("every problem of a declaration is told at once, with its place and the name that was likely meant", () => {
  const problems = problemsOf({
    dimensions: { year: "day.yaer", name: "goods.name" },
    measures: { revenue: sum("sale.prise"), name_sum: sum("good.name") },
    hierarchies: { calendar: ["yeer"], nothing: [] },
    rollups: {
      years: { of: "sale", by: ["yeer"] },
      goods: { of: "good", by: [] },
      none: { of: "sale", by: [] },
    },
  });
  assert.deepEqual(problems, [
    'dimension "year": day has no column "yaer". Did you mean "year"?',
    'dimension "name": there is no table "goods". Did you mean "good"?',
    'measure "revenue": sale has no column "prise". Did you mean "price"?',
    'measure "name_sum": good is no fact table: it joins nothing.',
    'hierarchy "calendar": there is no dimension "yeer". Did you mean "year"?',
    'hierarchy "nothing": it has no dimensions.',
    'rollup "years": there is no dimension "yeer". Did you mean "year"?',
    'rollup "goods": "good" is no fact table: it joins nothing.',
    'rollup "none": it has no dimensions.',
  ]);
});

test("keys, joins, versions and partitions of a table have to be columns and tables", () => {
  const broken = {
    ...sale,
    key: [],
    day: "dat",
    joins: { day_key: "days", good_key: "sale" },
    order: ["dates"],
    partitions: { table: "day", columns: ["year"] },
  };
  const versioned = {
    ...good,
    versions: { of: "name", from: "good_key", until: "good_key", current: "now" },
  };
  assert.deepEqual(problemsOf({ tables: { day, good: versioned, sale: broken } }), [
    'table "good": version column "now" is no column.',
    'table "good": version column "good_key" is not optional, but the open version has no end.',
    'table "sale": it has no key.',
    'table "sale": order "dates" is no column. Did you mean "date"?',
    'table "sale": day "dat" is no column. Did you mean "date"?',
    'table "sale": it joins "days", which is no table. Did you mean "day"?',
    'table "sale": it joins "sale", which is a fact table.',
    'table "sale": it is partitioned by "day", which it does not join.',
  ]);
  const unknown = { ...sale, partitions: { table: "day", columns: ["yeer"] } };
  assert.deepEqual(problemsOf({ tables: { day, good, sale: unknown } }), [
    'table "sale": partition "yeer" is no column of day. Did you mean "year"?',
  ]);
});

test("a measure is over numbers of one fact table, and shares its name with no dimension", () => {
  const other = { ...sale };
  const problems = problemsOf({
    tables: { day, good, sale, other },
    dimensions: { year: "day.year" },
    measures: {
      year: count("sale"),
      day_sum: sum("sale.date"),
      days: distinct("sale.date"),
      mixed: ratio("sale.price", "other.price"),
      lost: count("sales"),
      beyond: percentile("sale.price", 100),
    },
  });
  assert.deepEqual(problems, [
    'measure "year": there is a dimension of this name.',
    'measure "day_sum": sale.date is of kind date, which cannot be computed with.',
    'measure "mixed": its columns belong to different tables.',
    'measure "lost": there is no table "sales". Did you mean "sale"?',
    'measure "beyond": a percentile lies between 0 and 100, not at 100.',
  ]);
});

test("a dimension that no fact leads to, and names that SQL would have to quote, are refused", () => {
  const alone = dimension({ key: "id", columns: { id: integer(), Name: text() } });
  const problems = problemsOf(
    { tables: { day, good, sale, alone }, dimensions: { id: "alone.id", "a b": "day.year" } },
    "Shop",
  );
  assert.deepEqual(
    problems.map((problem) => problem.split(":", 2).join(":")),
    [
      'dataset "Shop": a name has 1 to 63 lower-case letters, digits and _, and begins with a letter.',
      'table "alone": column "Name"',
      'dimension "id": no fact table joins "alone".',
      'dimension "a b": a name has 1 to 63 lower-case letters, digits and _, and begins with a letter.',
    ],
  );
});

test("how parts of a measure become a whole follows from its kind", () => {
  const kinds = [
    sum("a.b"),
    count("a"),
    least("a.b"),
    greatest("a.b"),
    ratio("a.b", "a.c"),
    average("a.b"),
    distinct("a.b"),
    percentile("a.b", 95),
  ];
  assert.deepEqual(kinds.map(additivityOf), [
    "additive",
    "additive",
    "decomposable",
    "decomposable",
    "decomposable",
    "decomposable",
    "distinct",
    "holistic",
  ]);
});
