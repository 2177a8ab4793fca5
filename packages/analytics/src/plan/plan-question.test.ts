import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { QueryError } from "@agentflow/core";
import fc from "fast-check";
import { shop, writeShop } from "../check/shop.fixture.ts";
import { OpenDataset } from "../execute/open-dataset.ts";
import type { DatasetManifest } from "../storage/dataset-manifest.ts";
import { planQuestion } from "./plan-question.ts";
import type { Filter, Question } from "./question.ts";

const directory = mkdtempSync(join(tmpdir(), "agentflow-plan's-"));
let manifest: DatasetManifest;
let parquet: OpenDataset<typeof shop>;

before(async () => {
  manifest = await writeShop(directory);
  parquet = await OpenDataset.open(shop, directory);
});

after(() => {
  parquet.close();
  rmSync(directory, { recursive: true, force: true });
});

type Shop = typeof shop;

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

const questions: fc.Arbitrary<Question<Shop>> = fc.record({
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

test("an answer from parts of files is that of one plain query over all rows (seeded, OLP-10)", async () => {
  const asked = async (question: Question<Shop>): Promise<void> => {
    const { measures, by = [], where = {} } = question;
    const selected = [
      ...by.map((name) => `${columns[name]} AS "${name}"`),
      ...measures.map((name) => `${plain[name]} AS "${name}"`),
    ];
    const conditions = Object.entries(where).map(([name, filter]) =>
      conditionOf(name as keyof Shop["dimensions"], filter as Filter),
    );
    const grouped =
      by.length === 0 ? "" : ` GROUP BY ALL ORDER BY ${by.map((name) => `"${name}"`).join(", ")}`;
    const filtered = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
    const reference = await parquet.sql(
      `SELECT ${selected.join(", ")} FROM sale JOIN day USING (day_key) JOIN good USING (good_key)${filtered}${grouped}`,
    );
    for (const options of [{}, { prune: false }, { format: "csv" }] as const) {
      assert.deepEqual((await parquet.ask(question, options)).rows, reference.rows);
    }
    // A dimension table that is large is joined while the files are read; the manifest says how large it is.
    const large = manifest.files.map((file) => (file.table === "good" ? { ...file, rows: 1_000_000 } : file));
    const plan = planQuestion(
      shop,
      { directory, manifest: { ...manifest, files: large }, format: "parquet" },
      question as Question,
    );
    assert.deepEqual((await parquet.sql(plan.sql, plan.parameters)).rows, reference.rows);
  };
  await fc.assert(fc.asyncProperty(questions, asked), { numRuns: 40, seed: 11 });
});

test("a folder in which nothing matches is no row of the answer, and a count of nothing is 0", async () => {
  const { rows } = await parquet.ask({ measures: ["revenue"], by: ["year"], where: { kind: "tea" } });
  assert.deepEqual(
    rows.map(({ year }) => year),
    [2021],
  );
  assert.deepEqual((await parquet.ask({ measures: ["sales", "revenue"], where: { year: 2023 } })).rows, [
    { sales: 0, revenue: null },
  ]);
});

test("files in which nothing can match are not read: by folder, and by the extremes in the manifest", () => {
  const read = (question: Question<Shop>): readonly string[] =>
    parquet.plan(question).files.opened.map(({ partition }) => `${partition["year"]}-${partition["month"]}`);
  const all = ["2021-1", "2021-2", "2021-12", "2022-1", "2022-2", "2022-12"];
  assert.deepEqual(read({ measures: ["revenue"] }), all);
  assert.deepEqual(read({ measures: ["revenue"], where: { year: 2022 } }), all.slice(3));
  assert.deepEqual(
    read({ measures: ["revenue"], where: { year: [2021, 2022], month: { from: 2, until: 11 } } }),
    ["2021-2", "2022-2"],
  );
  assert.deepEqual(
    read({ measures: ["revenue"], where: { date: { from: "2021-12-31", until: "2022-01-01" } } }),
    ["2022-1"],
  );
  assert.deepEqual(read({ measures: ["revenue"], where: { pieces: 10 } }), []);
  const unpruned = parquet.plan({ measures: ["revenue"], where: { year: 2022 } }, { prune: false });
  assert.equal(unpruned.files.opened.length, all.length);
  // A quarter is no folder here, so that every file may have some.
  assert.deepEqual(read({ measures: ["revenue"], where: { quarter: 4 } }), all);
});

test("values are parameters: no text of a question is in its SQL", () => {
  const hostile = "x'; DROP TABLE sale; --";
  const { sql, parameters } = parquet.plan({
    measures: ["revenue"],
    where: { kind: hostile, date: { from: "2021-01-01" } },
  });
  assert.ok(!sql.includes("DROP") && !sql.includes("2021-01-01"));
  assert.deepEqual(parameters, [hostile, "2021-01-01"]);
});

test("a name that is not declared is refused, with the one that was likely meant (AF_QUERY_INVALID)", () => {
  const refused = (question: object, message: RegExp): void => {
    assert.throws(
      () => planQuestion(shop, { directory, manifest, format: "parquet" }, question as Question),
      (error) => error instanceof QueryError && message.test(error.message),
      JSON.stringify(question),
    );
  };
  refused({ measures: ["revenu"] }, /no measure "revenu". Did you mean "revenue"\?/);
  refused({ measures: ["revenue"], by: ["yaer"] }, /no dimension "yaer". Did you mean "year"\?/);
  refused({ measures: ["revenue"], by: ["constructor"] }, /no dimension "constructor"/);
  refused({ measures: ["revenue"], where: { knd: "tea" } }, /no dimension "knd". Did you mean "kind"\?/);
  refused({ measures: [] }, /asks for no measure/);
  refused(
    { measures: ["revenue"], order: ["revenu"] },
    /no column "revenu" to order by. Did you mean "revenue"\?/,
  );
  for (const limit of [0, -1, 1.5, 1e9]) refused({ measures: ["revenue"], limit }, /The limit is/);
});

test("a filter value that the dimension cannot have is refused before anything is read", () => {
  const wrong: Readonly<Record<string, readonly unknown[]>> = {
    year: ["2021", 2021.5, Number.NaN, null, [], 3e9, { from: "x" }, {}],
    kind: [7, true, [1]],
    date: ["2021", "2021-13-01", 20210101, "yesterday"],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const question = { measures: ["revenue"], where: { [name]: value } } as unknown as Question<Shop>;
      assert.throws(() => parquet.plan(question), QueryError, `${name} ${JSON.stringify(value)}`);
    }
  }
});
