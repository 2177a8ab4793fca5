// Another implementation of Parquet reads the files as any engine would: by the folders, without the manifest.
import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { join, sep } from "node:path";
import { test } from "node:test";
import { exportRuns, generateSales, OpenDataset, runs, sales } from "@agentflow/analytics";
import { openBackend } from "@agentflow/runtime";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { folderOf, openHistory } from "./history.ts";

type Found = Readonly<Record<string, unknown>>;

/** The rows of a table, with what the names of their folders say: `year=2026` is a column of whole numbers. */
async function readTable(directory: string, table: string): Promise<Found[]> {
  const found: Found[] = [];
  for (const path of globSync("**/*.parquet", { cwd: join(directory, "parquet", table) }).sort()) {
    const folders = path.split(sep).flatMap((part) => [...part.matchAll(/^(\w+)=(\d+)$/g)]);
    const said = Object.fromEntries(folders.map(([, name, value]) => [`folder_${name}`, Number(value)]));
    const file = await asyncBufferFromFile(join(directory, "parquet", table, path));
    for (const row of await parquetReadObjects({ file, compressors })) found.push({ ...row, ...said });
  }
  return found;
}

/** A value as DuckDB gives it here: days as texts, whole numbers of 64 bits as numbers, nine decimals at most. */
function plain(value: unknown): unknown {
  // The reader multiplies a decimal's digits by 0.01, which is not exact.
  if (typeof value === "number") return Number(value.toFixed(9));
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value === "bigint") return Number(value);
  return value ?? null;
}

/** Holds that both read the same rows of a table, column by column. */
async function assertSameRows(directory: string, dataset: OpenDataset, table: string): Promise<Found[]> {
  const names = Object.keys(dataset.model.tables[table]?.columns ?? {});
  const key = dataset.model.tables[table]?.key ?? [];
  const ours = await dataset.sql(`SELECT ${names.join(", ")} FROM ${table} ORDER BY ${key.join(", ")}`);
  const theirs = await readTable(directory, table);
  const order = (row: Found): string => key.map((name) => String(row[name]).padStart(12, "0")).join();
  const sorted = theirs.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
  assert.ok(sorted.length > 0, `${table} has rows`);
  assert.deepEqual(
    sorted.map((row) => names.map((name) => plain(row[name]))),
    ours.rows.map((row) => names.map((name) => plain(row[name]))),
    table,
  );
  return theirs;
}

test("another reader of Parquet finds the same rows of sales, and every row in the folder of its day (OLP-32)", async (context) => {
  const directory = folderOf(context);
  await generateSales(directory, { rows: 2_000, customers: 30, until: "2021-06" });
  using dataset = await OpenDataset.open(sales as never, directory);
  for (const table of Object.keys(sales.tables)) {
    const rows = await assertSameRows(directory, dataset, table);
    if (table !== "sales_fact") continue;
    for (const row of rows) {
      const [year, month] = String(plain(row["date"])).split("-").map(Number);
      const quarter = Math.ceil(Number(month) / 3);
      assert.deepEqual(
        [row["folder_year"], row["folder_quarter"], row["folder_month"]],
        [year, quarter, month],
      );
    }
  }
});

test("another reader of Parquet finds the same rows of exported runs, in the folders of their days (OLP-32)", async (context) => {
  const directory = join(folderOf(context), "runs");
  const backend = await openBackend({ store: "memory:" });
  await using history = openHistory(backend);
  for (const nth of [0, 1, 3]) await history.run(nth, "stormy");
  await exportRuns(backend, directory);
  using dataset = await OpenDataset.open(runs as never, directory);
  for (const table of Object.keys(runs.tables)) await assertSameRows(directory, dataset, table);
  const found = await readTable(directory, "fact_run");
  assert.deepEqual(
    found.map((row) => [row["folder_year"], row["folder_month"], row["folder_day"]]),
    [
      [2026, 1, 30],
      [2026, 1, 31],
      [2026, 2, 2],
    ],
  );
});
