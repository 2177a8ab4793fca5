import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { af } from "./spawn-af.ts";

const cwd = mkdtempSync(join(tmpdir(), "agentflow-af-analytics-"));

before(async () => {
  const words = ["analytics", "generate", "--rows", "3000", "--customers", "50", "--until", "2021-02"];
  const made = await af([...words, "--partition-by", "year", "--format", "both"], { cwd });
  assert.equal(made.code, 0, made.stderr);
  assert.equal(made.stdout, `${join(cwd, "data", "sales")}\n`);
  assert.match(made.stderr, /100 % {2}\d+ of \d+ rows, [\d,]+ rows\/s\n/);
  assert.match(made.stderr, /Next: af analytics test data\/sales/);
});

after(() => rmSync(cwd, { recursive: true, force: true }));

async function rowsOf(...words: string[]): Promise<Record<string, unknown>[]> {
  const ended = await af(["analytics", "analyze", ...words, "--json"], { cwd });
  assert.equal(ended.code, 0, ended.stderr);
  return JSON.parse(ended.stdout);
}

test("a pattern and SQL give the same figures, from Parquet and from CSV (OLP-12)", async () => {
  const pattern = ["totals", "--by", "region", "--where", "year=2021", "--execute"];
  const rows = await rowsOf(...pattern);
  assert.equal(rows.length, 5);
  assert.deepEqual(await rowsOf(...pattern, "--source", "csv"), rows);
  const sql =
    "SELECT region, sum(revenue) AS revenue FROM sales_fact JOIN dim_geography USING (geo_key) GROUP BY 1 ORDER BY 1";
  assert.deepEqual(await rowsOf(sql, "-x"), rows);
});

test("a plan says what it would read, and reads nothing", async () => {
  const planned = await af(["analytics", "analyze", "growth", "--where", "year=2023"], { cwd });
  assert.equal(planned.code, 0, planned.stderr);
  assert.match(planned.stdout, /lag\("revenue"\) OVER/);
  assert.match(planned.stderr, /Reads 0 of 1 files of sales_fact/);
});

test("rows are printed as a table, JSON, CSV or Markdown; a profile is a note", async () => {
  const printed = async (format: string) =>
    af(["analytics", "analyze", "drill-down", "--where", "year=2021", "--profile", "--format", format], {
      cwd,
    });
  assert.match((await printed("csv")).stdout, /^year,quarter,revenue\n2021,1,[\d.]+\n$/);
  assert.match(
    (await printed("markdown")).stdout,
    /^\| year \| quarter \| revenue \|\n\| ---: \| ---: \| ---: \|\n\| 2021 \| 1 \| [\d.]+ \|\n$/,
  );
  const table = await printed("table");
  assert.match(table.stdout, /^year {2}quarter +revenue\n2021 +1 +[\d.]+\n$/);
  assert.match(
    table.stderr,
    /files +1 read, 0 skipped\n +row groups +1 read, 0 skipped\n +rows +\d+ scanned/,
  );
  const { rows, receipt } = JSON.parse((await printed("json")).stdout);
  assert.equal(rows.length, 1);
  assert.equal(receipt.filesRead, 1);
});

test("two ways to answer a question are compared, and give the same rows (OLP-10)", async () => {
  for (const [what, files] of [
    ["pruning", [0, 1]],
    ["formats", [1, 1]],
  ] as const) {
    const where = what === "pruning" ? ["--where", "year=2022"] : [];
    const compared = await af(["analytics", "analyze", "totals", ...where, "--compare", what, "--json"], {
      cwd,
    });
    assert.equal(compared.code, 0, compared.stderr);
    const receipts: { filesRead: number }[] = JSON.parse(compared.stdout);
    assert.deepEqual(
      receipts.map(({ filesRead }) => filesRead),
      files,
    );
  }
  const shown = await af(["analytics", "analyze", "totals", "--compare", "formats"], { cwd });
  assert.match(shown.stdout, /^WAY +FILES READ[^\n]*\nParquet +1[^\n]*\nCSV +1[^\n]*\n$/);
});

test("an appended month is a second file of its folder, until it is compacted, and every test still passes", async () => {
  const appended = await af(["analytics", "generate", "--append", "--json"], { cwd });
  assert.equal(appended.code, 0, appended.stderr);
  const parts = (): number => readdirSync(join(cwd, "data/sales/parquet/sales_fact/year=2021")).length;
  assert.equal(parts(), 2);
  const compacted = await af(["analytics", "compact", "--json"], { cwd });
  assert.equal(compacted.code, 0, compacted.stderr);
  assert.equal(parts(), 1);
  const tested = await af(["analytics", "test"], { cwd });
  assert.equal(tested.code, 0, tested.stderr);
  assert.match(tested.stderr, /\d+ passed, 0 failed\n$/);
  const [listed] = JSON.parse((await af(["analytics", "datasets", "--json"], { cwd })).stdout);
  assert.deepEqual([listed.dataset, listed.generation, listed.origin.until], ["sales", 3, "2021-03"]);
  assert.equal(listed.measures.margin, "decomposable");
});

test("a damaged file is named, and the command fails", async () => {
  const directory = join(cwd, "damaged");
  const words = [
    "--rows",
    "5000",
    "--customers",
    "20",
    "--until",
    "2021-01",
    "--output-dir",
    directory,
    "--quiet",
  ];
  assert.equal((await af(["analytics", "generate", ...words], { cwd })).code, 0);
  writeFileSync(join(directory, "parquet/dim_payment/part-1-0.parquet"), "");
  const tested = await af(["analytics", "test", directory], { cwd });
  assert.equal(tested.code, 1);
  assert.match(tested.stderr, /dim_payment: .*part-1-0\.parquet has 0 bytes instead of \d+/);
});

const refused: readonly (readonly [words: string, exit: number, says: RegExp])[] = [
  [
    "",
    2,
    /af analytics needs a command.*\n.*generate, export, datasets, test, analyze, rollup, load, compact/,
  ],
  ["tset", 2, /There is no command af analytics tset.*\n.*Did you mean test\?/],
  ["generate --rows 0", 2, /--rows is "0"/],
  ["generate --rows 10 --partition-by month", 3, /partitionBy is month/],
  ["generate --rows 10 --until 2020-01", 3, /no month of sales/],
  ["generate --append --rows 10", 2, /--append takes no --rows/],
  ["generate --rows 10 --output-dir .", 3, /holds something else than a dataset: damaged/],
  ["generate --append --output-dir none", 5, /AF_DATASET_NOT_FOUND/],
  ["test none", 5, /none holds no dataset/],
  ["analyze totls", 3, /no pattern "totls". Did you mean "totals"\?/],
  ["analyze totals --by regoin", 3, /no dimension "regoin". Did you mean "region"\?/],
  ["analyze totals --measure revenu", 3, /no measure "revenu". Did you mean "revenue"\?/],
  ["analyze totals --where year", 2, /--where is "year"/],
  ["analyze totals --where year=abc", 3, /year is compared with "abc"/],
  ["analyze totals --where yaer=1", 3, /no dimension "yaer"/],
  ["analyze totals --threads 0", 2, /--threads is "0"/],
];

for (const [words, exit, says] of refused) {
  test(`af analytics ${words}: an error that says what and how to go on`, async () => {
    const ended = await af(["analytics", ...words.split(" ").filter((word) => word !== "")], { cwd });
    assert.equal(ended.code, exit, ended.stderr);
    assert.match(ended.stderr, says);
  });
}

test("SQL that DuckDB refuses, and SQL without --execute, are told as such", async () => {
  const wrong = await af(["analytics", "analyze", "SELECT nothing FROM sales_fact", "-x"], { cwd });
  assert.equal(wrong.code, 3);
  assert.match(wrong.stderr, /AF_QUERY_INVALID.*nothing/);
  const unexecuted = await af(["analytics", "analyze", "SELECT 1"], { cwd });
  assert.equal(unexecuted.code, 2);
});
