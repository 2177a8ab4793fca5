import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ConfigError, DatasetError, QueryError } from "@agentflow/core";
import { shop, writeShop } from "../check/shop.fixture.ts";
import { cellOf } from "./cell.ts";
import { duckError } from "./duck-error.ts";
import { loadDuckdb } from "./load-duckdb.ts";
import { OpenDataset } from "./open-dataset.ts";
import type { QueryRecord } from "./receipt.ts";

const folder = mkdtempSync(join(tmpdir(), "agentflow-open-"));
const directory = join(folder, "shop");

before(async () => void (await writeShop(directory)));
after(() => rmSync(folder, { recursive: true, force: true }));

test("a receipt says which files, row groups and rows an answer came from (OLP-11)", async () => {
  using dataset = await OpenDataset.open(shop, directory);
  const { rows, receipt } = await dataset.ask(
    { measures: ["sales"], by: ["year"], where: { year: 2022, pieces: { from: 9 } } },
    { profile: true },
  );
  assert.deepEqual(rows, [{ year: 2022, sales: 9 }]);
  assert.deepEqual(
    [receipt.filesRead, receipt.filesSkipped, receipt.rowsInFiles, receipt.resultRows],
    [3, 3, 90, 1],
  );
  assert.deepEqual(receipt.rowGroups, { read: 3, skipped: 0 });
  // The scans hand on what passes the filter, or all rows of the files.
  assert.ok(
    Number(receipt.rowsScanned) >= 9 && Number(receipt.rowsScanned) <= 90,
    String(receipt.rowsScanned),
  );
  assert.ok(receipt.wallMs > 0 && receipt.cpuMs > 0);
  if (process.platform === "linux") assert.ok(Number(receipt.bytesRead) > 0);
});

test("every query is logged, also one that fails, with its rows and code (OLP-11)", async () => {
  const records: QueryRecord[] = [];
  using dataset = await OpenDataset.open(shop, directory, { onQuery: (record) => records.push(record) });
  await dataset.ask({ measures: ["sales"], by: ["year"] });
  await dataset
    .sql("SELECT $1::INTEGER + 1 AS next", [41])
    .then(({ rows }) => assert.deepEqual(rows, [{ next: 42 }]));
  await assert.rejects(dataset.sql("SELECT nothing FROM sale"), QueryError);
  assert.deepEqual(
    records.map(({ resultRows, failed }) => [resultRows, failed]),
    [
      [2, undefined],
      [1, undefined],
      [0, "AF_QUERY_INVALID"],
    ],
  );
  assert.equal(new Set(records.map(({ queryId }) => queryId)).size, 3);
  assert.ok(
    records.every(({ timestamp, durationMs }) => !Number.isNaN(Date.parse(timestamp)) && durationMs > 0),
  );
});

test("questions asked at once get their own answers (OLP-11)", async () => {
  using dataset = await OpenDataset.open(shop, directory);
  const years = [2021, 2022, 2021, 2022];
  const answers = await Promise.all(
    years.map((year) => dataset.ask({ measures: ["sales"], by: ["year"], where: { year } })),
  );
  assert.deepEqual(
    answers.map(({ rows }) => rows),
    years.map((year) => [{ year, sales: 90 }]),
  );
});

test("a dataset that is replaced under its readers is read again from its new files", async () => {
  const own = join(folder, "replaced");
  await writeShop(own);
  using dataset = await OpenDataset.open(shop, own);
  await writeShop(own, { sale: (query) => `SELECT * REPLACE (price + 1000 AS price) FROM (${query})` });
  const { rows } = await dataset.ask({ measures: ["cheapest"] });
  assert.ok(Number(rows[0]?.cheapest) > 1_000);
  assert.equal(dataset.manifest.generation, 2);
  await rm(join(own, "parquet"), { recursive: true });
  await assert.rejects(dataset.ask({ measures: ["cheapest"] }), DatasetError);
});

test("a plan is explained without being executed", async () => {
  using dataset = await OpenDataset.open(shop, directory);
  assert.match(await dataset.explain({ measures: ["revenue"], by: ["kind"] }), /HASH_JOIN[\s\S]*PARQUET/);
});

test("DuckDB that is missing is told with the command that installs it", async () => {
  const missing = "a-package-that-nobody-installed";
  await assert.rejects(
    loadDuckdb(() => import(missing)),
    (error) => error instanceof ConfigError && error.hint === "Install it: npm install @duckdb/node-api",
  );
});

test("errors of DuckDB are told apart: a full disk, a lock, a statement, the rest", () => {
  const codes = [
    'IO Error: Could not write file "x": No space left on device',
    'IO Error: Could not set lock on file "x": Conflicting lock is held',
    "Binder Error: Referenced column not found",
    "Out of Memory Error: failed to allocate",
  ].map((message) => duckError(new Error(message), "data/shop").code);
  assert.deepEqual(codes, ["AF_DATASET_FULL", "AF_DATASET_LOCKED", "AF_QUERY_INVALID", "AF_DATASET_FAILED"]);
});

test("values are read as they are: exact beyond 2^53, days without a time, nothing as null", async () => {
  using dataset = await OpenDataset.open(shop, directory);
  const { rows } = await dataset.sql(
    `SELECT 9007199254740993 AS large, 7::HUGEINT AS small, 1.25::DECIMAL(9,2) AS amount, DATE '2021-12-31' AS day,
       TIMESTAMP '2021-12-31 23:59:58' AS moment, NULL AS nothing, [1, 2] AS list, true AS flag`,
  );
  assert.deepEqual(rows, [
    {
      large: 9007199254740993n,
      small: 7,
      amount: 1.25,
      day: "2021-12-31",
      moment: "2021-12-31T23:59:58.000Z",
      nothing: null,
      list: "[1,2]",
      flag: true,
    },
  ]);
  assert.equal(cellOf({ a: 1n }, false), '{"a":"1"}');
});
