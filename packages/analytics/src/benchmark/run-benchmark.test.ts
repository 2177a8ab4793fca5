import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ValidationError } from "@agentflow/core";
import { benchmarkCharts } from "./benchmark-charts.ts";
import { benchmarkMarkdown } from "./benchmark-markdown.ts";
import type { Peer } from "./peer.ts";
import { type BenchmarkReport, runBenchmark } from "./run-benchmark.ts";
import { suiteNames } from "./suite.ts";

const directory = mkdtempSync(join(tmpdir(), "agentflow-run-benchmark-"));
// Two rounds of each contender, so that one that is not steady is seen.
const small = { rows: 2_000, rounds: 1, warmups: 1, directory };

after(() => rmSync(directory, { recursive: true, force: true }));

/** A peer that gives what it is told to. */
function fakePeer(name: string, change: (rows: readonly object[]) => readonly object[]): Peer {
  return {
    name,
    open: async (request) => {
      const { globPeer } = await import("./peers/duckdb-peers.ts");
      const glob = await globPeer.open(request);
      return {
        ...glob,
        answer: async (question) => {
          const { rows: right } = await glob.answer(question);
          return { rows: change(right) as typeof right };
        },
      };
    },
  };
}

let report: BenchmarkReport;

before(async () => {
  report = await runBenchmark(small);
});

test("every suite answers, and every system gives the same rows (OLP-24)", () => {
  assert.deepEqual(
    report.suites.map(({ suite }) => suite),
    suiteNames,
  );
  for (const { suite, timings, faults, limits } of report.suites) {
    assert.deepEqual(faults, [], suite);
    assert.ok(limits.length > 0, suite);
    for (const { name, rounds, minMs, p50Ms, p95Ms } of timings) {
      assert.equal(rounds, 1, name);
      assert.ok(0 < minMs && minMs <= p50Ms && p50Ms <= p95Ms, name);
    }
  }
  const peers = report.suites.find(({ suite }) => suite === "peers");
  for (const peer of ["AgentFlow", "DuckDB, naive glob", "DuckDB, own tables", "SQLite"]) {
    assert.ok(
      peers?.timings.some(({ name }) => name === `ranking, ${peer}`),
      peer,
    );
  }
});

const limits: Readonly<Record<string, readonly RegExp[]>> = {
  "OLP-20": [
    /^revenue-by-region-and-year, 95th percentile$/,
    /^category-by-quarter, 95th percentile$/,
    /^drill-down, 95th percentile$/,
    /^partitions skipped with a filter on year and quarter$/,
    /^revenue-by-region-and-year, rounds with other rows$/,
  ],
  "OLP-21": [
    /^moving-average, 95th percentile$/,
    /^growth, 95th percentile$/,
    /^ranking, 95th percentile$/,
    /^window values that arithmetic does not confirm$/,
  ],
  "OLP-22": [/^bytes of CSV/, /declared types \/ Parquet$/, /guessed types \/ Parquet$/, /^bytes read/],
  "OLP-23": [
    /^ranking, 4,000 rows \/ half of them$/,
    /^ranking, 8,000 rows \/ half of them$/,
    /^ten identical at once \/ one$/,
    /^ten distinct at once \/ one after another$/,
    /^ten distinct at once \/ one of them$/,
    /^drill-down, twice the months: 72 \/ 36 folders$/,
    /^bytes of a row at four times the rows/,
  ],
};

test("each limit of OLP-20 to OLP-23 is judged by name, and one that does not apply says why", () => {
  const judged = report.suites.flatMap((suite) => suite.limits);
  for (const [rule, names] of Object.entries(limits)) {
    for (const name of names) {
      assert.ok(
        judged.some((each) => each.rule === rule && name.test(each.name)),
        `${rule} ${name}`,
      );
    }
  }
  const pruning = judged.find(({ name }) => name.startsWith("partitions skipped"));
  assert.equal(pruning?.outcome, "met");
  assert.equal(pruning?.measured.toFixed(1), "91.7");
  const latency = judged.find(({ name }) => name === "ranking, 95th percentile");
  assert.equal(latency?.outcome, "not applicable");
  assert.match(latency?.notApplicable ?? "", /100,000,000 rows/);
});

test("datasets are made once, and measured again without", async () => {
  const made = report.generation.made.map(({ name }) => name);
  assert.ok(made.includes("sales-2000") && made.includes("sales-2000-parquet-csv"), made.join());
  const again = await runBenchmark({ ...small, suites: ["aggregations"] });
  assert.deepEqual(again.generation.made, []);
  assert.deepEqual(
    again.suites.map(({ suite }) => suite),
    ["aggregations"],
  );
});

test("a wrong answer of a peer is found, and a peer that does not start or answer is named (OLP-24)", async () => {
  const changed = (each: readonly object[]) => each.with(0, { ...each[0], revenue: 0.01 });
  const missing: Peer = { name: "absent", open: () => Promise.reject(new Error("it is not installed")) };
  const unable = fakePeer("unable", () => {
    throw new Error("out of memory");
  });
  const limited: Peer = { ...fakePeer("limited", (each) => each), rowsMax: small.rows - 1 };
  const peers = [fakePeer("right", (each) => each), fakePeer("wrong", changed), missing, unable, limited];
  const { suites } = await runBenchmark({ ...small, suites: ["peers"], peers });
  const [suite] = suites;
  assert.equal(suite?.faults.length, 4);
  for (const fault of suite?.faults ?? [])
    assert.match(fault, /^[a-z-]+, wrong: row 1 has revenue 0\.01 in place of/);
  assert.ok(suite?.notes.includes("absent was not measured: it is not installed"));
  assert.ok(suite?.notes.includes("unable did not answer ranking: out of memory"));
  assert.ok(suite?.notes.includes("limited is not asked about more than 1,999 rows."));
  assert.ok(!suite?.timings.some(({ name }) => /, (absent|limited|unable)$/.test(name)));
});

test("a wrong answer of ours is found: rows that the folder has and our plan does not read (OLP-24)", async () => {
  const folder = join(directory, "sales-2000/parquet/sales_fact/year=2022/quarter=2/month=5");
  const [part] = readdirSync(folder);
  const stray = join(folder, "stray.parquet");
  copyFileSync(join(folder, String(part)), stray);
  try {
    const { suites } = await runBenchmark({ ...small, suites: ["aggregations"] });
    const found = suites[0]?.faults.map((fault) => fault.split(":")[0]);
    assert.deepEqual(found, ["revenue-by-region-and-year", "category-by-quarter", "drill-down"]);
  } finally {
    rmSync(stray);
  }
});

test("a report names machine, versions, limits, timings and wrong answers", () => {
  const text = benchmarkMarkdown(report);
  assert.match(text, /2,000 rows, 1 rounds after 1 to warm up/);
  assert.match(text, /DuckDB v\d+\.\d+\.\d+; load average/);
  assert.match(text, /\| aggregations: partitions skipped.* \| OLP-20 \| 91\.7 % \| at least 80 % \| met \|/);
  assert.match(text, /\| ms, median by rows \| 2,000 \| 4,000 \| 8,000 \|/);
  assert.doesNotMatch(text, /Wrong answers/);
  const [first, ...rest] = report.suites;
  assert.ok(first !== undefined);
  const faulty = { ...report, suites: [{ ...first, faults: ["growth: 3 rows in place of 4"] }, ...rest] };
  assert.match(benchmarkMarkdown(faulty), /## Wrong answers\n\n- aggregations: growth: 3 rows in place of 4/);
  const regressed = [{ name: "aggregations: time", before: "1 x", now: "2 x" }];
  assert.match(
    benchmarkMarkdown(report, { regressions: regressed }),
    /## Worse than the baseline\n\n.*\n.*\n\| aggregations: time \| 1 x \| 2 x \|/,
  );
});

test("the curves of a report are drawn, each with its lines and its sizes", () => {
  const charts = benchmarkCharts(report);
  assert.deepEqual(
    charts.map(({ name, title }) => [name, title]),
    [
      ["scaling", "Time by rows"],
      ["concurrency", "Questions answered by how many are asked at once"],
    ],
  );
  assert.match(charts[0]?.svg ?? "", /^<svg .*moving-average.*ranking/s);
  assert.match(charts[1]?.svg ?? "", /^<svg .*10 distinct: least/s);
  const names = Object.fromEntries(charts.map(({ title, name }) => [title, `${name}.svg`]));
  assert.match(benchmarkMarkdown(report, { charts: names }), /!\[Time by rows\]\(scaling\.svg\)/);
});

test("no rounds and too few rows are refused (AF_ARGUMENT_INVALID)", async () => {
  await assert.rejects(runBenchmark({ ...small, rounds: 0 }), ValidationError);
  await assert.rejects(runBenchmark({ ...small, rows: 10 }), ValidationError);
});
