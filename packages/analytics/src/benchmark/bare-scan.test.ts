import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DuckDatabase } from "../execute/duck-database.ts";
import { OpenDataset } from "../execute/open-dataset.ts";
import { generateSales } from "../sales/generate-sales.ts";
import { sales } from "../sales/sales-model.ts";
import { bareScanSql } from "./bare-scan.ts";

const directory = mkdtempSync(join(tmpdir(), "agentflow-bare-scan-"));

before(async () => {
  await generateSales(directory, { rows: 3_000, customers: 50, partitionBy: ["year"] });
});

after(() => rmSync(directory, { recursive: true, force: true }));

test("a bare scan reads the columns and the files of the plan, and no others", async () => {
  using dataset = await OpenDataset.open(sales, directory);
  const question = { measures: ["revenue"], by: ["region", "quarter"], where: { year: 2022 } } as const;
  const sql = bareScanSql(dataset.plan(question), directory);
  assert.ok(sql !== undefined);
  assert.ok(sql.includes("year=2022") && !sql.includes("year=2021"), sql);
  using database = await DuckDatabase.open(directory);
  using connection = await database.connect();
  const { columns, rows } = await connection.query(sql);
  assert.deepEqual([...columns].sort(), ["geo_key", "revenue", "time_key"]);
  const answer = await dataset.ask({ measures: ["revenue"], where: { year: 2022 } });
  assert.equal(rows[0]?.["revenue"], answer.rows[0]?.revenue);
});

test("a plan that reads no column of the fact table has no bare scan", async () => {
  using dataset = await OpenDataset.open(sales, directory);
  assert.equal(bareScanSql(dataset.plan({ measures: ["lines"], by: ["year"] }), directory), undefined);
});
