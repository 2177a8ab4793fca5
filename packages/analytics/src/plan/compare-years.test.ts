import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { QueryError } from "@agentflow/core";
import { shop, writeShop } from "../check/shop.fixture.ts";
import { OpenDataset } from "../execute/open-dataset.ts";
import { compareYears } from "./compare-years.ts";
import { patternQuestion } from "./patterns.ts";
import type { Question } from "./question.ts";

const directory = mkdtempSync(join(tmpdir(), "agentflow-years-"));
let dataset: OpenDataset<typeof shop>;

before(async () => {
  // Each sale of 2022 is twice as dear as one of 2021.
  await writeShop(directory, {
    sale: (query) => `SELECT * REPLACE ((10 * (year(date) - 2020))::DECIMAL(9,2) AS price) FROM (${query})`,
  });
  dataset = await OpenDataset.open(shop, directory);
});

after(() => {
  dataset.close();
  rmSync(directory, { recursive: true, force: true });
});

const asked = async (question: Question): Promise<unknown[]> =>
  (await dataset.ask(compareYears(shop, question) as Question<typeof shop>)).rows.map((row) =>
    Object.values(row),
  );

test("each measure stands beside its value of the year before, of which only what was asked for is shown", async () => {
  const measures = ["revenue", "sales"];
  assert.deepEqual(await asked({ measures }), [
    [2021, 900, 90, null, null, null, null],
    [2022, 1_800, 90, 900, 1, 90, 0],
  ]);
  for (const year of [2022, [2022], { from: 2022 }, { from: 2022, until: 2023 }])
    assert.deepEqual(await asked({ measures: ["revenue"], where: { year } }), [[2022, 1_800, 900, 1]]);
  assert.deepEqual(await asked({ measures: ["revenue"], where: { year: { until: 2021 } } }), [
    [2021, 900, null, null],
  ]);
  const cups = { measures: ["revenue"], by: ["kind"], where: { year: 2022, month: 1 } };
  // In 2021 a third of the goods were cups, in 2022 all of them.
  assert.deepEqual(await asked({ ...cups, order: ["-revenue"], limit: 1 }), [["cup", 2022, 600, 100, 5]]);
});

test("years are compared by whole years only, and rows are shown by dimensions of the answer (AF_QUERY_INVALID)", async () => {
  const { calendar: _, ...none } = shop.hierarchies;
  assert.throws(() => compareYears({ ...shop, hierarchies: none }, { measures: ["revenue"] }), QueryError);
  const odd = { measures: ["revenue"], where: { year: "2022" } } as unknown as Question;
  assert.throws(() => compareYears(shop, odd), QueryError);
  const hidden = { measures: ["revenue"], by: ["month"], show: { year: 2022 } } as unknown as Question<
    typeof shop
  >;
  assert.throws(() => dataset.plan(hidden), /no dimension "year" to be shown by/);
});

test("a drill-down goes along the hierarchy that is asked for, one level below what is filtered by (OLP-10)", () => {
  const deeper = {
    ...shop,
    hierarchies: { ...shop.hierarchies, goods: ["kind", "good"] },
  };
  const by = (parameters: object): unknown => patternQuestion(deeper, "drill-down", parameters).by;
  assert.deepEqual(by({ along: "goods" }), ["kind"]);
  assert.deepEqual(by({ along: "goods", where: { kind: "cup" } }), ["kind", "good"]);
  assert.deepEqual(by({ along: "goods", where: { year: 2021 } }), ["kind"]);
  assert.throws(() => by({ along: "godos" }), /no hierarchy "godos". Did you mean "goods"\?/);
});
