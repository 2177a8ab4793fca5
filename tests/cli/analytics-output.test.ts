import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DuckDatabase } from "../../packages/analytics/src/execute/duck-database.ts";
import { af } from "./spawn-af.ts";

const cwd = mkdtempSync(join(tmpdir(), "agentflow-af-output-"));

before(async () => {
  const words = ["analytics", "generate", "--rows", "6000", "--customers", "50", "--partition-by", "year"];
  const made = await af([...words, "--quiet", "--load"], { cwd });
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stderr, /rows of 6 tables in \d+ batches/);
  assert.ok(readdirSync(join(cwd, "data")).includes("sales.duckdb"));
});

after(() => rmSync(cwd, { recursive: true, force: true }));

async function analyze(...words: string[]) {
  const ended = await af(["analytics", "analyze", ...words], { cwd });
  assert.equal(ended.code, 0, ended.stderr);
  return ended;
}

async function rowsOf(...words: string[]): Promise<Record<string, unknown>[]> {
  return JSON.parse((await analyze(...words, "--json")).stdout);
}

/** What another DuckDB finds, without the dataset. */
async function figures(path: string, sql: string): Promise<readonly unknown[]> {
  using database = await DuckDatabase.open(path, { path });
  using connection = await database.connect();
  return await connection.rows(sql);
}

test("measures by dimensions without a pattern, the greatest first, against the year before (OLP-12)", async () => {
  const words = ["--measures", "revenue,profit", "--by", "region", "--where", "year=2023", "-x"];
  const rows = await rowsOf(...words, "--top", "2", "--compare", "yoy");
  assert.equal(rows.length, 2);
  assert.deepEqual(Object.keys(rows[0] ?? {}), [
    "region",
    "year",
    "revenue",
    "profit",
    "revenue_before",
    "revenue_growth",
    "profit_before",
    "profit_growth",
  ]);
  const years = await rowsOf("totals", "--by", "region,year", "-x");
  const greatest = years
    .filter(({ year }) => year === 2023)
    .sort((a, b) => Number(b["revenue"]) - Number(a["revenue"]));
  assert.deepEqual(
    rows.map(({ region }) => region),
    greatest.slice(0, 2).map(({ region }) => region),
  );
  for (const { region, revenue_before } of rows) {
    const before = years.find((each) => each["year"] === 2022 && each["region"] === region);
    assert.equal(revenue_before, before?.["revenue"]);
  }
  const drilled = await rowsOf("drill-down", "--along", "geography", "--where", "region=Europe", "-x");
  assert.ok(drilled.length > 1 && drilled.every(({ region }) => region === "Europe"));
  assert.ok(drilled.every(({ country }) => typeof country === "string"));
});

test("rows go to a file in every format, and Parquet keeps their types (OLP-12)", async () => {
  const words = ["totals", "--by", "year,holiday", "--output"];
  assert.equal((await analyze(...words, "out.csv", "--format", "csv")).stdout, "");
  assert.match(readFileSync(join(cwd, "out.csv"), "utf8"), /^year,holiday,revenue\n2021,false,[\d.]+\n/);
  await analyze(...words, "out.md", "--format", "markdown");
  assert.match(readFileSync(join(cwd, "out.md"), "utf8"), /^\| year \| holiday \| revenue \|\n/);
  await analyze(...words, "out.json", "--format", "json");
  const rows = JSON.parse(readFileSync(join(cwd, "out.json"), "utf8"));
  const written = await analyze(...words, "out.parquet", "--format", "parquet", "--json");
  assert.deepEqual(JSON.parse(written.stdout).rows, rows.length);
  const path = join(cwd, "out.parquet");
  assert.deepEqual(await figures(":memory:", `FROM '${path}'`), rows);
  const types = await figures(":memory:", `SELECT column_type FROM (DESCRIBE FROM '${path}')`);
  assert.deepEqual(
    types.map((row) => (row as { column_type: string }).column_type),
    ["INTEGER", "BOOLEAN", "DECIMAL(38,2)"],
  );
  await analyze(
    "SELECT count(*) AS n, sum(quantity) AS s FROM sales_fact",
    "--output",
    "sql.parquet",
    "--format",
    "parquet",
  );
  assert.equal((await figures(":memory:", `FROM '${join(cwd, "sql.parquet")}'`)).length, 1);
  assert.deepEqual(
    readdirSync(cwd).filter((name) => name.endsWith(".part")),
    [],
  );
});

test("an answer is drawn in the terminal, as a picture and as a page", async () => {
  const bars = await analyze("totals", "--by", "region,year", "--chart", "bars");
  assert.match(bars.stdout, /^Africa +year 2021 +█*[▏▎▍▌▋▊▉]? ?[\d.]+ k\n/);
  const lines = await analyze("moving-average", "--chart", "lines", "--where", "category=Toys");
  assert.match(lines.stdout, /^Toys +revenue +[▁▂▃▄▅▆▇█ ]{36} +[\d.]+ k → [\d.]+ k\n +moving_average/);
  const drawn = await analyze("moving-average", "--chart", "lines", "--chart-file", "a.svg", "--json");
  assert.equal(JSON.parse(drawn.stdout).length > 36, true);
  const svg = readFileSync(join(cwd, "a.svg"), "utf8");
  assert.match(svg, /^<svg [^>]*role="img"/);
  assert.equal(svg.match(/<polyline/g)?.length, 2 * (svg.match(/class="panel"/g)?.length ?? 0) + 2);
  await analyze(
    "SELECT category, count(*) AS products FROM dim_product GROUP BY 1 ORDER BY 1",
    "--chart-file",
    "b.html",
  );
  const page = readFileSync(join(cwd, "b.html"), "utf8");
  assert.match(page, /<svg [\s\S]*<table>[\s\S]*<th scope="col">category<\/th>/);
});

test("rollups answer what follows from them, are told in plans and receipts, and hold until the dataset changes (OLP-10)", async () => {
  const question = ["--measures", "revenue,margin", "--by", "region,year", "-x"];
  const before = await rowsOf(...question);
  const made = await af(["analytics", "rollup", "--json"], { cwd });
  assert.equal(made.code, 0, made.stderr);
  assert.deepEqual(
    JSON.parse(made.stdout).rollups.map(({ name }: { name: string }) => name),
    ["months", "quarterly_products"],
  );
  assert.deepEqual(await rowsOf(...question), before);
  const profiled = await analyze(...question, "--profile");
  assert.match(profiled.stderr, /rollup +months\n +files +0 read, 3 skipped/);
  const explained = await analyze(...question, "--explain");
  assert.match(explained.stdout, /sum\(revenue\)[\s\S]*rollups\/months-1-[\s\S]*PARQUET/i);
  assert.match(explained.stderr, /Reads the rollup months, [\d,]+ rows, and none of 3 files of sales_fact/);
  assert.match((await analyze(...question, "--explain", "--from-files")).stderr, /Reads 3 of 3 files/);
  const compared = await rowsOf("totals", "--compare", "rollups");
  assert.deepEqual(
    compared.map(({ filesRead }) => filesRead),
    [0, 3],
  );
  assert.equal((await af(["analytics", "test"], { cwd })).code, 0);
  assert.equal((await af(["analytics", "generate", "--append", "--quiet"], { cwd })).code, 0);
  assert.match(
    (await analyze("totals", "--by", "region,year")).stderr,
    /Reads 4 of 4 files.*older than the dataset: af analytics rollup/,
  );
  assert.equal((await rowsOf(...question)).length > before.length, true);
});

test("a dataset is loaded into tables that any DuckDB reads (OLP-5)", async () => {
  const words = ["analytics", "load", "--database", "own.duckdb", "--batch-rows", "2500", "--json"];
  const loaded = await af(words, { cwd });
  assert.equal(loaded.code, 0, loaded.stderr);
  const report = JSON.parse(loaded.stdout);
  assert.equal(report.database, join(cwd, "own.duckdb"));
  const [found] = await figures(report.database, "SELECT count(*)::INTEGER AS lines FROM sales_fact");
  assert.deepEqual(found, { lines: report.tables.sales_fact });
  assert.match(loaded.stderr, /100 %/);
});

test("SQL reads no file that was not allowed, and one that was (AF_QUERY_REFUSED)", async () => {
  writeFileSync(join(cwd, "rates.csv"), "year,rate\n2021,1.5\n");
  const sql = `SELECT * FROM read_csv('${join(cwd, "rates.csv")}')`;
  const refused = await af(["analytics", "analyze", sql, "-x"], { cwd });
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /AF_QUERY_REFUSED/);
  assert.deepEqual(await rowsOf(sql, "-x", "--also-read", "."), [{ year: 2021, rate: 1.5 }]);
  const copied = await af(["analytics", "analyze", "COPY (SELECT 1) TO 'out.txt'", "-x"], { cwd });
  assert.equal(copied.code, 3);
});

const refusals: readonly (readonly [words: string, exit: number, says: RegExp])[] = [
  ["", 2, /There is no question/],
  ["totals --measures revenue", 2, /--measures is a question of its own/],
  ["--measures revenu -x", 3, /Did you mean "revenue"\?/],
  ["--measures revenue --size 3", 2, /--size belongs to a pattern/],
  ["totals --format parquet -x", 2, /Add --output FILE/],
  ["totals --chart-file a.png", 2, /ends in .svg or .html/],
  ["totals --by region --chart lines", 3, /no dimension of time/],
  ["drill-down --along geografy", 3, /Did you mean "geography"\?/],
];

for (const [words, exit, says] of refusals) {
  test(`af analytics analyze ${words}: an error that says what and how to go on`, async () => {
    const ended = await af(["analytics", "analyze", ...words.split(" ").filter((word) => word !== "")], {
      cwd,
    });
    assert.equal(ended.code, exit, ended.stderr);
    assert.match(ended.stderr, says);
  });
}
