import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { DatasetError, ValidationError } from "@agentflow/core";
import { shop, writeShop } from "../check/shop.fixture.ts";
import { DuckDatabase } from "../execute/duck-database.ts";
import { OpenDataset } from "../execute/open-dataset.ts";
import type { WorkProgress } from "../generate/work-progress.ts";
import { loadDataset } from "./load-dataset.ts";

const folder = mkdtempSync(join(tmpdir(), "agentflow-load-"));

after(() => rmSync(folder, { recursive: true, force: true }));

const question = `SELECT year, kind, sum(price) AS revenue, count(*) AS sales FROM sale
  JOIN day USING (day_key) JOIN good USING (good_key) GROUP BY ALL ORDER BY ALL`;

test("tables hold what the files hold, whatever the size of a batch, and give the same answers (OLP-5)", async () => {
  const directory = join(folder, "shop");
  await writeShop(directory);
  using dataset = await OpenDataset.open(shop, directory);
  const expected = (await dataset.sql(question)).rows;
  for (const batchRows of [7, 30, 1_000_000]) {
    const seen: WorkProgress[] = [];
    const database = join(folder, `shop-${batchRows}.duckdb`);
    const onProgress = (progress: WorkProgress) => void seen.push(progress);
    const report = await loadDataset(shop, directory, { database, batchRows, workers: 2, onProgress });
    assert.deepEqual(report.tables, { day: 72, good: 3, sale: 180 });
    assert.equal(report.batches, { 7: 42, 30: 10, 1000000: 8 }[batchRows]);
    assert.deepEqual([seen.length, seen.at(-1)?.rowsDone], [report.batches, 255]);
    using opened = await DuckDatabase.open(database, { path: database, readOnly: true });
    using connection = await opened.connect();
    assert.deepEqual(await connection.rows(question), expected);
  }
});

test("of two loads at once into one database each is whole, and the later one stays", async () => {
  const directory = join(folder, "twice");
  await writeShop(directory);
  const database = join(folder, "twice.duckdb");
  const loads = [1, 2].map(() => loadDataset(shop, directory, { database, batchRows: 20, workers: 1 }));
  for (const { rows } of await Promise.all(loads)) assert.equal(rows, 255);
  using opened = await DuckDatabase.open(database, { path: database, readOnly: true });
  using connection = await opened.connect();
  assert.deepEqual(await connection.rows("SELECT count(*) AS sales FROM sale"), [{ sales: 180 }]);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith("twice.")),
    ["twice.duckdb"],
  );
});

test("a database appears when it is whole: a load that fails leaves the one of before (OLP-5)", async () => {
  const directory = join(folder, "broken");
  await writeShop(directory, {
    sale: (query) => `SELECT * REPLACE (NULL::DECIMAL(9,2) AS price) FROM (${query})`,
  });
  const database = join(folder, "before.duckdb");
  await writeFile(database, "what was there");
  await assert.rejects(loadDataset(shop, directory, { database }), DatasetError);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith("before")),
    ["before.duckdb"],
  );
  await assert.rejects(loadDataset(shop, join(folder, "none"), { database }), DatasetError);
  await assert.rejects(loadDataset(shop, directory, { database, batchRows: 0 }), ValidationError);
});
