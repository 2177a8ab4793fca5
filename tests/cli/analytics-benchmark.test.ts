import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { af } from "./spawn-af.ts";

const cwd = mkdtempSync(join(tmpdir(), "agentflow-af-benchmark-"));
const words = ["analytics", "benchmark", "--suite", "aggregations", "--rows", "1000"];

after(() => rmSync(cwd, { recursive: true, force: true }));

interface Baseline {
  readonly figures: Readonly<Record<string, number>>;
}

/** Changes what a baseline says, so that what is measured is surely better, or surely worse. */
function changeBaseline(name: string, factor: number): void {
  const path = join(cwd, name);
  const baseline: Baseline = JSON.parse(readFileSync(path, "utf8"));
  const figures = Object.entries(baseline.figures).map(([figure, value]) => [figure, value * factor]);
  writeFileSync(path, JSON.stringify({ ...baseline, figures: Object.fromEntries(figures), held: [] }));
}

test("a benchmark judges each limit, writes its report, and keeps its datasets (OLP-24)", async () => {
  const both = words.map((word) => (word === "aggregations" ? "aggregations,concurrency" : word));
  const ended = await af([...both, "--output", "out"], { cwd });
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stdout, /^LIMIT +MEASURED +SET +OUTCOME\n/);
  assert.match(
    ended.stdout,
    /drill-down, 95th percentile .* not applicable: set for 100,000,000 rows or more/,
  );
  assert.match(ended.stderr, /sales-1000 is made\n/);
  assert.match(ended.stderr, /\d+ limits: \d+ met, \d+ not met, \d+ not applicable\.\n$/);
  const report = JSON.parse(readFileSync(join(cwd, "out/benchmark.json"), "utf8"));
  assert.equal(report.rows, 1_000);
  assert.equal(report.suites[0].timings[0].rounds, 5);
  const page = readFileSync(join(cwd, "out/benchmark.md"), "utf8");
  assert.match(page, /^# Benchmark of analytics\n.*!\[Questions answered.*\]\(benchmark-concurrency\.svg\)/s);
  assert.match(readFileSync(join(cwd, "out/benchmark-concurrency.svg"), "utf8"), /^<svg /);
  assert.ok(existsSync(join(cwd, "data/benchmark/sales-1000/manifest.json")));
  const again = await af([...words, "--json", "--quiet"], { cwd });
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(JSON.parse(again.stdout).generation.made, []);
});

test("a planted regression fails with --fail-on-regression and is named; without it, it is named only (OLP-24)", async () => {
  const baseline = ["--baseline", "baseline.json"];
  const written = await af([...words, ...baseline, "--update-baseline"], { cwd });
  assert.equal(written.code, 0, written.stderr);
  changeBaseline("baseline.json", 1_000);
  const better = await af([...words, ...baseline, "--fail-on-regression"], { cwd });
  assert.equal(better.code, 0, better.stderr);
  changeBaseline("baseline.json", 1e-9);
  const worse = await af([...words, ...baseline, "--fail-on-regression"], { cwd });
  assert.equal(worse.code, 1, worse.stderr);
  assert.match(worse.stderr, /Worse: aggregations: drill-down \/ bare scan of its columns is [\d.]+ x, was/);
  const told = await af([...words, ...baseline], { cwd });
  assert.equal(told.code, 0, told.stderr);
  assert.match(told.stderr, /Worse: aggregations: drill-down/);
});

test("without a baseline, a limit that does not hold fails with --fail-on-regression, and without it is told only", async () => {
  const few = ["analytics", "benchmark", "--suite", "storage", "--rows", "1000", "--quiet"];
  const failed = await af([...few, "--fail-on-regression"], { cwd });
  assert.equal(failed.code, 1, failed.stderr);
  assert.match(failed.stdout, /bytes of CSV \/ bytes of Parquet, sales_fact +[\d.]+x +at least 5x +not met/);
  const told = await af(few, { cwd });
  assert.equal(told.code, 0, told.stderr);
});

const refused: readonly (readonly [words: string, exit: number, says: RegExp])[] = [
  ["--suite agregations", 2, /no suite "agregations".\n.*Did you mean aggregations\?/],
  ["--suite speed-of-light", 2, /Known are aggregations, windows/],
  ["--rows 10", 2, /--rows is "10"/],
  ["--rounds 4", 2, /--rounds is "4"/],
  ["--update-baseline", 2, /--update-baseline needs --baseline/],
  ["--baseline none.json", 3, /There is no baseline at .*none\.json/],
  ["--baseline broken.json", 3, /The baseline is not JSON/],
  ["--baseline other.json", 3, /The baseline is of 7 rows, not of 1000000/],
];

for (const [given, exit, says] of refused) {
  test(`af analytics benchmark ${given}: an error that says what and how to go on`, async () => {
    writeFileSync(join(cwd, "broken.json"), "{");
    writeFileSync(
      join(cwd, "other.json"),
      JSON.stringify({ version: 1, rows: 7, tolerance: 0.35, figures: {}, held: [] }),
    );
    const ended = await af(["analytics", "benchmark", ...given.split(" ")], { cwd });
    assert.equal(ended.code, exit, ended.stderr);
    assert.match(ended.stderr, says);
  });
}
