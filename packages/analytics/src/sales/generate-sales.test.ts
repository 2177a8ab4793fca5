import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { DatasetError, ValidationError } from "@agentflow/core";
import { checkDataset } from "../check/check-dataset.ts";
import { OpenDataset } from "../execute/open-dataset.ts";
import type { WorkProgress } from "../generate/work-progress.ts";
import { compactDataset } from "../storage/compact-dataset.ts";
import { contentHash } from "../storage/dataset-manifest.ts";
import { readManifest } from "../storage/read-dataset.ts";
import { appendSalesMonth, monthAfter } from "./append-sales.ts";
import { generateSales } from "./generate-sales.ts";
import { sales } from "./sales-model.ts";

const folder = mkdtempSync(join(tmpdir(), "agentflow-sales-"));
const small = { rows: 20_000, customers: 500, until: "2021-03" };

after(() => rmSync(folder, { recursive: true, force: true }));

test("the same seed gives the same bytes, whatever the threads and workers; another seed gives others (OLP-2)", async () => {
  const hashes: string[] = [];
  for (const [threads, workers] of [
    [1, 1],
    [2, 3],
  ] as const) {
    const directory = join(folder, `threads-${threads}`);
    hashes.push(contentHash(await generateSales(directory, { ...small, threads, workers })));
  }
  assert.equal(hashes[0], hashes[1]);
  const other = await generateSales(join(folder, "seed"), { ...small, seed: 43 });
  assert.notEqual(contentHash(other), hashes[0]);
});

test("rows are as many as asked for, spread over weighted days, and every test of the dataset passes (OLP-1)", async () => {
  const directory = join(folder, "whole");
  const seen: WorkProgress[] = [];
  const options = {
    rows: 10_001,
    customers: 500,
    partitionBy: ["year"],
    formats: ["parquet", "csv"],
  } as const;
  await generateSales(directory, { ...options, onProgress: (progress) => seen.push(progress) });
  const report = await checkDataset(sales, directory);
  assert.deepEqual(
    report.checks.filter(({ passed }) => !passed),
    [],
  );
  assert.deepEqual(
    seen.map(({ rowsTotal }) => rowsTotal),
    [10_001, 10_001, 10_001],
  );
  assert.equal(seen.at(-1)?.rowsDone, 10_001);
  using dataset = await OpenDataset.open(sales, directory);
  const { rows } = await dataset.sql(
    `SELECT count(*) AS lines, count(DISTINCT transaction_id) AS receipts, count(DISTINCT date) AS days,
       (SELECT count(*) FROM dim_time) AS dim_days, (SELECT count(*) FROM dim_geography) AS towns,
       (SELECT count(*) FROM dim_product) AS versions, (SELECT count(*) FROM dim_payment) AS payments FROM sales_fact`,
  );
  const { lines, receipts, days, dim_days, towns, versions, payments } = rows[0] ?? {};
  assert.deepEqual([lines, dim_days, payments], [10_001, 1_095, 20]);
  assert.ok(Math.abs(Number(receipts) - 5_000) < 10 && Number(days) > 500);
  assert.ok(
    Number(towns) > 4_900 && Number(towns) < 5_100 && Number(versions) > 10_000 && Number(versions) < 15_000,
  );
  const [top] = (
    await dataset.sql(
      `SELECT sum(lines) FILTER (place <= 1600) / sum(lines) AS share FROM (
         SELECT count(*) AS lines, row_number() OVER (ORDER BY count(*) DESC) AS place
         FROM sales_fact JOIN dim_product USING (product_key) GROUP BY product_id)`,
    )
  ).rows;
  assert.ok(Number(top?.["share"]) > 0.75, `a fifth of the products makes ${top?.["share"]} of the lines`);
});

test("a month that is appended holds what it would have held at once, also past the base years (OLP-2)", async () => {
  for (const [from, until] of [
    ["2021-03", "2021-04"],
    ["2023-12", "2024-01"],
  ] as const) {
    const options = { rows: 2_003, customers: 100, until: from, partitionBy: ["year"] } as const;
    const directory = join(folder, `append-${from}`);
    await generateSales(directory, options);
    const appended = await appendSalesMonth(directory);
    assert.equal(appended.origin["until"], until);
    const whole = await generateSales(join(folder, `whole-${from}`), { ...options, until });
    const { manifest, filesBefore, filesAfter } = await compactDataset(sales, directory);
    // Within a year the month has a file of its own until the folder is compacted.
    assert.equal(filesBefore - filesAfter, from === "2021-03" ? 1 : 0);
    assert.equal(contentHash(manifest), contentHash(whole));
    assert.equal((await checkDataset(sales, directory)).passed, true);
  }
  assert.equal(monthAfter("2022-12"), "2023-01");
});

test("a process that is killed while it generates leaves the dataset of before, and the next one can write (OLP-3)", async () => {
  const directory = join(folder, "killed");
  const before = await generateSales(directory, { ...small, rows: 2_000 });
  const program = fileURLToPath(new URL("generate-sales.fixture.ts", import.meta.url));
  const child = spawn(process.execPath, [program, directory], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  await assert.rejects(
    generateSales(directory, small),
    (error) => error instanceof DatasetError && error.code === "AF_DATASET_LOCKED",
  );
  child.kill("SIGKILL");
  await once(child, "close");
  assert.ok((await readdir(join(directory, ".staging"))).length > 0, "it was killed in the middle");
  assert.deepEqual(await readManifest(directory), before);
  assert.equal((await checkDataset(sales, directory)).passed, true);
  const next = await generateSales(directory, small);
  assert.equal(next.generation, 2);
  assert.equal((await readdir(directory)).includes(".staging"), false);
});

test("what cannot be generated is refused before a file is written", async () => {
  const directory = join(folder, "refused");
  for (const wrong of [
    { rows: 0 },
    { rows: 1.5 },
    { rows: 10, seed: -1 },
    { rows: 10, customers: 0 },
    { rows: 10, until: "2020-12" },
    { rows: 10, until: "2021-13" },
    { rows: 10, partitionBy: ["month"] as const },
    { rows: 10, rowGroupRows: 1 },
    { rows: 10, formats: [] },
    { rows: 10, compression: "lz4" as "zstd" },
    { rows: 10, workers: 0 },
    { rows: 10, until: "2021-01" },
  ]) {
    await assert.rejects(generateSales(directory, wrong), ValidationError, JSON.stringify(wrong));
  }
  await assert.rejects(readdir(directory));
});
