import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { QueryError, QueryRefusedError } from "@agentflow/core";
import { checkDataset } from "../check/check-dataset.ts";
import { shop, writeShop } from "../check/shop.fixture.ts";
import { OpenDataset } from "./open-dataset.ts";

const folder = mkdtempSync(join(tmpdir(), "agentflow-confined-"));
const directory = join(folder, "shop");
const secret = join(folder, "secret.csv");
const beside = join(folder, "shop-too");
const requests: string[] = [];
const server = createServer((request, response) => {
  requests.push(String(request.url));
  response.end("a\n1\n");
});
let url: string;

before(async () => {
  await writeShop(directory);
  mkdirSync(beside);
  writeFileSync(secret, "a\n1\n");
  // A name that begins with that of the dataset's folder.
  writeFileSync(join(beside, "x.csv"), "a\n1\n");
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.csv`;
});

after(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const part = () => join(directory, "parquet/sale/year=2021/month=1/part-1-0.parquet");

/** Each is a way out of the dataset, or a way to change something. */
const attacks: readonly (() => string)[] = [
  () => "SELECT * FROM read_csv('/etc/passwd', header = false)",
  () => `SELECT * FROM read_csv('${secret}')`,
  () => `SELECT * FROM '${secret}'`,
  () => `SELECT * FROM read_text('${secret}')`,
  () => `SELECT * FROM read_blob('${secret}')`,
  () => `SELECT * FROM read_csv('${directory}/../secret.csv')`,
  () => `SELECT * FROM read_csv('${directory}/parquet/../../secret.csv')`,
  () => `SELECT * FROM read_csv('${join(beside, "x.csv")}')`,
  () => `SELECT * FROM read_csv('${folder}/*.csv')`,
  () => `SELECT * FROM glob('${folder}/*')`,
  () => `SELECT * FROM sniff_csv('${secret}')`,
  () => `SELECT * FROM query('FROM read_csv(''${secret}'')')`,
  () => `SELECT * FROM query_table('${secret}')`,
  () => `SELECT * FROM parquet_metadata('${secret}')`,
  () => `SELECT * FROM read_json('${secret}')`,
  () => `EXPLAIN ANALYZE SELECT * FROM read_csv('${secret}')`,
  () => `SELECT * FROM read_csv('${url}')`,
  () => `SELECT * FROM '${url.replace("csv", "parquet")}'`,
  () => `COPY (SELECT 1) TO '${join(folder, "out.csv")}'`,
  () => `COPY (SELECT 1) TO '${join(directory, "out.csv")}'`,
  () => `COPY (SELECT 1 AS a) TO '${part()}' (FORMAT parquet)`,
  () => `EXPLAIN ANALYZE COPY (SELECT 1 AS a) TO '${part()}' (FORMAT parquet)`,
  () => `EXPLAIN (ANALYZE) COPY (SELECT 1 AS a) TO '${part()}' (FORMAT parquet)`,
  () => `EXPLAIN (FORMAT json, ANALYZE) COPY (SELECT 1) TO '${part()}'`,
  () => `/* */ EXPLAIN ANALYZE COPY (SELECT 1 AS a) TO '${part()}' (FORMAT parquet)`,
  () => `SELECT 1; COPY (SELECT 1) TO '${join(directory, "out.csv")}'`,
  () => `PREPARE p AS COPY (SELECT 1) TO '${join(directory, "out.csv")}'`,
  () => "EXECUTE p",
  () => `EXPORT DATABASE '${join(directory, "exported")}'`,
  () => `IMPORT DATABASE '${folder}'`,
  () => `ATTACH '${join(folder, "other.duckdb")}' AS other`,
  () => `ATTACH '${join(directory, "other.duckdb")}' AS other`,
  () => "INSTALL httpfs",
  () => "LOAD httpfs",
  () => `LOAD '${join(directory, "evil.duckdb_extension")}'`,
  () => "SET enable_external_access = true",
  () => `SET allowed_directories = ['/']`,
  () => "SET autoinstall_known_extensions = true",
  () => "RESET enable_external_access",
  () => `SET temp_directory = '${folder}'`,
  () => `SET profiling_output = '${join(folder, "out.json")}'`,
  () => "PRAGMA enable_profiling = 'json'",
  () => "CALL enable_logging(storage = 'stdout')",
  () => "CREATE TABLE taken AS SELECT 1",
  () => "CREATE OR REPLACE VIEW sale AS SELECT 1 AS price",
  () => "CREATE TEMP MACRO sum(x) AS 0",
  () => "DROP VIEW sale",
  () => "INSERT INTO sale VALUES (1)",
  () => "DELETE FROM sale",
  () => "CREATE SECRET s (TYPE s3)",
  () => "BEGIN",
  () => "USE memory",
  () => "CHECKPOINT",
  () => "",
  () => "-- nothing",
];

test("SQL reads the tables of the dataset and nothing else, changes nothing, and calls nobody (AF_QUERY_REFUSED, OLP-12)", async () => {
  using dataset = await OpenDataset.open(shop, directory);
  for (const attack of attacks) {
    await assert.rejects(
      dataset.sql(attack()),
      (error) => error instanceof QueryRefusedError || error instanceof QueryError,
      attack(),
    );
  }
  // What is within reach: the tables, one SELECT, its explanation, and what looks like an attack in a text.
  const { rows } = await dataset.sql("SELECT count(*) AS sales, 'COPY; x' AS text FROM sale -- DROP;");
  assert.deepEqual(rows, [{ sales: 180, text: "COPY; x" }]);
  assert.equal((await dataset.sql("EXPLAIN SELECT * FROM sale")).rows.length, 1);
  assert.equal((await dataset.sql("explain analyze FROM sale")).rows.length, 1);
  assert.deepEqual(requests, []);
  assert.deepEqual(readdirSync(folder).sort(), ["secret.csv", "shop", "shop-too"]);
  assert.equal((await checkDataset(shop, directory)).passed, true);
});

test("a folder that was allowed is read too, and no other", async () => {
  using dataset = await OpenDataset.open(shop, directory, { alsoRead: [beside] });
  const read = (path: string) => dataset.sql(`SELECT count(*) AS lines FROM read_csv('${path}'), sale`);
  assert.deepEqual((await read(join(beside, "x.csv"))).rows, [{ lines: 180 }]);
  await assert.rejects(read(secret), QueryRefusedError);
});
