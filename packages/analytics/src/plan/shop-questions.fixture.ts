// Questions to the shop at random, and the same as one would write them in SQL without files in mind.
import fc from "fast-check";
import type { shop } from "../check/shop.fixture.ts";
import type { Filter, Question } from "./question.ts";

export type Shop = typeof shop;

/** Each measure as one would write it without files in mind. */
const plain: Readonly<Record<keyof Shop["measures"], string>> = {
  revenue: "sum(price)",
  sales: "count(*)",
  price: "sum(price)::DOUBLE / sum(pieces)",
  cheapest: "min(price)",
  dearest: "max(price)",
  goods: "count(DISTINCT good_key)",
  mean: "sum(price)::DOUBLE / count(price)",
  most: "quantile_cont(price::DOUBLE, 0.9)",
};
const columns: Readonly<Record<keyof Shop["dimensions"], string>> = {
  year: "day.year",
  quarter: "day.quarter",
  month: "day.month",
  kind: "good.kind",
  good: "good.id",
  date: "sale.date",
  pieces: "sale.pieces",
};

const valuesOf: Readonly<Record<keyof Shop["dimensions"], readonly (string | number)[]>> = {
  year: [2021, 2022, 2023],
  quarter: [1, 2, 4],
  month: [1, 2, 3, 12],
  kind: ["tea", "cup", "o'clock"],
  good: ["a", "b", "c"],
  date: ["2021-01-02", "2022-02-01", "2022-12-31"],
  pieces: [1, 5, 9, 10],
};

function conditionOf(name: keyof Shop["dimensions"], filter: Filter): string {
  const sql = (value: unknown): string =>
    typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
  const column = columns[name];
  if (typeof filter !== "object") return `${column} = ${sql(filter)}`;
  if (Array.isArray(filter)) return `${column} IN (${filter.map(sql).join(", ")})`;
  const { from, until } = filter as { from?: unknown; until?: unknown };
  return [
    from === undefined ? "true" : `${column} >= ${sql(from)}`,
    until === undefined ? "true" : `${column} <= ${sql(until)}`,
  ].join(" AND ");
}

const names = Object.keys(columns) as (keyof Shop["dimensions"])[];

function filterOf(name: keyof Shop["dimensions"]): fc.Arbitrary<Filter> {
  const value = fc.constantFrom(...valuesOf[name]);
  return fc.oneof(
    value,
    fc.array(value, { minLength: 1, maxLength: 3 }),
    value.map((from) => ({ from })),
    value.map((until) => ({ until })),
    fc.tuple(value, value).map(([from, until]) => ({ from, until })),
  );
}

/** Random questions. */
export const questions: fc.Arbitrary<Question<Shop>> = fc.record({
  measures: fc.uniqueArray(fc.constantFrom(...(Object.keys(plain) as (keyof Shop["measures"])[])), {
    minLength: 1,
  }),
  by: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 }),
  where: fc
    .uniqueArray(fc.constantFrom(...names), { maxLength: 3 })
    .chain((filtered) =>
      fc.tuple(...filtered.map((name) => filterOf(name).map((filter) => [name, filter] as const))),
    )
    .map((filters) => Object.fromEntries(filters)),
});

/** A question as one plain query over all rows. */
export function plainSql({ measures, by = [], where = {} }: Question<Shop>): string {
  const selected = [
    ...by.map((name) => `${columns[name]} AS "${name}"`),
    ...measures.map((name) => `${plain[name]} AS "${name}"`),
  ];
  const conditions = Object.entries(where).map(([name, filter]) =>
    conditionOf(name as keyof Shop["dimensions"], filter as Filter),
  );
  const grouped = by.length === 0 ? "" : ` GROUP BY ALL ORDER BY ${by.map((name) => `"${name}"`).join(", ")}`;
  const filtered = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  return `SELECT ${selected.join(", ")} FROM sale JOIN day USING (day_key) JOIN good USING (good_key)${filtered}${grouped}`;
}
