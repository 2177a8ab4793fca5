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
import type { Question } from "./question.ts";
import { plainSql, questions, type Shop } from "./shop-questions.fixture.ts";

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

test("an answer from parts of files is that of one plain query over all rows (seeded, OLP-10)", async () => {
  const asked = async (question: Question<Shop>): Promise<void> => {
    const reference = await parquet.sql(plainSql(question));
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
