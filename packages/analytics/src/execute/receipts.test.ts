import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { tableOf } from "../model/column-reference.ts";
import type { Question } from "../plan/question.ts";
import { generateSales } from "../sales/generate-sales.ts";
import { sales } from "../sales/sales-model.ts";
import type { DatasetFile } from "../storage/dataset-manifest.ts";
import { bareScanSql } from "./bare-scan.ts";
import { DuckDatabase } from "./duck-database.ts";
import { OpenDataset } from "./open-dataset.ts";
import { quoteName, readFiles } from "./sql-text.ts";

const directory = mkdtempSync(join(tmpdir(), "agentflow-receipts-"));
let dataset: OpenDataset<typeof sales>;
let database: DuckDatabase;

// Row groups of 8,192 lines, so that a quarter has several of some size.
before(async () => {
  const parameters = {
    rows: 600_000,
    customers: 100,
    until: "2021-06",
    partitionBy: ["year", "quarter"],
  } as const;
  await generateSales(directory, { ...parameters, rowGroupRows: 8_192 });
  dataset = await OpenDataset.open(sales, directory);
  database = await DuckDatabase.open("receipts");
});

after(() => {
  dataset.close();
  database.close();
  rmSync(directory, { recursive: true, force: true });
});

type Sales = Question<typeof sales>;

async function ask(question: Sales) {
  const plan = dataset.plan(question);
  const { receipt } = await dataset.ask(question, { profile: true });
  return { plan, receipt };
}

async function figure(sql: string): Promise<number> {
  using connection = await database.connect();
  const [row] = await connection.rows(sql);
  return Number(row?.["figure"]);
}

const read = (files: readonly DatasetFile[]): string =>
  readFiles(
    "parquet",
    files.map(({ path }) => join(directory, path)),
  );

/** The bytes of some columns of some files, by the footers of the files. */
async function columnBytes(files: readonly DatasetFile[], columns: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const { path } of files) {
    bytes += await figure(
      `SELECT sum(total_compressed_size) AS figure FROM parquet_metadata('${join(directory, path)}')
       WHERE path_in_schema IN (${columns.map((name) => `'${name}'`).join(", ")})`,
    );
  }
  return bytes;
}

/** The bytes of the footers themselves: their length is in the eight bytes at the end of each file. */
function footerBytes(files: readonly DatasetFile[]): number {
  return files.reduce((sum, { path }) => {
    const bytes = readFileSync(join(directory, path));
    return sum + bytes.readUInt32LE(bytes.length - 8) + 8;
  }, 0);
}

test("row groups that are said to be read are those that hold a matching line, by the lines themselves (OLP-11)", async () => {
  for (const where of [
    { date: { from: "2021-02-10", until: "2021-02-12" } },
    { date: "2021-06-30" },
    { date: { from: "2021-03-25", until: "2021-04-05" } },
    {},
  ] satisfies Sales["where"][]) {
    const { plan, receipt } = await ask({ measures: ["revenue"], where });
    const { from, until } = spanOf(where);
    let holding = 0;
    let all = 0;
    for (const file of plan.files.opened) {
      const numbered = read([file]).replace(/\)$/, ", file_row_number = true)");
      const groups = (condition: string): string =>
        `SELECT count(DISTINCT file_row_number // 8192) AS figure FROM ${numbered} WHERE ${condition}`;
      holding += await figure(groups(`date BETWEEN DATE '${from}' AND DATE '${until}'`));
      all += await figure(groups("true"));
    }
    assert.deepEqual(receipt.rowGroups, { read: holding, skipped: all - holding }, JSON.stringify(where));
    assert.ok(plan.files.opened.length > 0);
  }
});

function spanOf(where: Sales["where"]): { from: string; until: string } {
  const date = where?.date;
  if (date === undefined) return { from: "2021-01-01", until: "2021-12-31" };
  return typeof date === "string" ? { from: date, until: date } : (date as { from: string; until: string });
}

test("bytes that are said to be read are those of the columns by the footers, and footers (OLP-11, OLP-22)", async (context) => {
  if (process.platform !== "linux") {
    context.diagnostic("only Linux counts the bytes of a process");
    return;
  }
  for (const measures of [["revenue"], ["revenue", "units", "cost"]] as const) {
    const { plan, receipt } = await ask({ measures, by: ["quarter"] });
    const columns = await columnBytes(plan.files.opened, plan.columns);
    const footers = footerBytes(plan.files.opened);
    const bytesRead = Number(receipt.bytesRead);
    assert.ok(bytesRead >= columns * 0.99, `${bytesRead} of ${columns}`);
    assert.ok(
      bytesRead <= columns * 1.05 + footers * 3 + 100_000,
      `${bytesRead}: ${columns}, footers ${footers}`,
    );
    const files = plan.files.opened.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    assert.equal(receipt.bytesInFiles, files);
  }
});

test("rows that are said to be scanned are the lines of the row groups, or those that pass (OLP-11)", async () => {
  const where = { date: { from: "2021-02-10", until: "2021-02-12" } } as const;
  const { plan, receipt } = await ask({ measures: ["revenue"], where });
  const passing = await figure(
    `SELECT count(*) AS figure FROM ${read(plan.files.opened)} WHERE date BETWEEN DATE '2021-02-10' AND DATE '2021-02-12'`,
  );
  assert.ok(Number(receipt.rowsScanned) >= passing, `${receipt.rowsScanned} of ${passing}`);
  assert.ok(Number(receipt.rowsScanned) <= Number(receipt.rowGroups?.read) * 8_192);
});

test("a bare scan reads each value of the columns of a plan, of its files, and no other (OLP-11)", async (context) => {
  const question: Sales = {
    measures: ["margin", "customers"],
    by: ["region"],
    where: { quarter: 2, holiday: false },
  };
  const { plan, receipt } = await ask(question);
  assert.deepEqual([...plan.columns].sort(), ["customer_key", "geo_key", "profit", "revenue", "time_key"]);
  assert.ok(Number(receipt.bareScanMs) > 0);
  const { columns } = tableOf(sales, "sales_fact");
  const sql = String(bareScanSql(columns, plan, directory));
  using connection = await database.connect();
  const [sums] = await connection.rows(sql);
  const expected = await Promise.all(
    plan.columns.map((name) =>
      figure(`SELECT sum(${quoteName(name)}) AS figure FROM ${read(plan.files.opened)}`),
    ),
  );
  assert.deepEqual(Object.values(sums ?? {}).map(Number), expected);
  if (process.platform !== "linux") {
    context.diagnostic("only Linux counts the bytes of a process");
    return;
  }
  const rchar = (): number => Number(/^rchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
  const before = rchar();
  await connection.rows(sql);
  const bytes = rchar() - before;
  const inColumns = await columnBytes(plan.files.opened, plan.columns);
  assert.ok(bytes >= inColumns * 0.99 && bytes <= inColumns * 1.05 + 100_000, `${bytes} of ${inColumns}`);
  // Texts, days and flags are read too.
  const dimension = { columns: ["day", "note", "open"], files: { opened: plan.files.opened, skipped: [] } };
  const kinds = { day: { kind: "date" }, note: { kind: "text" }, open: { kind: "flag" } } as const;
  const every = Object.fromEntries(
    Object.entries(kinds).map(([name, column]) => [name, { ...column, optional: false }]),
  );
  assert.match(
    String(bareScanSql(every, dimension, directory)),
    /DATE '2000-01-01'.*strlen\("note"\).*"open"::TINYINT/,
  );
  assert.equal(bareScanSql(columns, { columns: [], files: plan.files }, directory), undefined);
});
