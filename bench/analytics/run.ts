/**
 * Analytics beside its peers: `n24 bench/analytics/run.ts [--rows 10000000] [--rounds 5] [--suite NAMES] [--check]
 * [--update-baseline] [--name run] [--dry]`. Writes results/analytics/<date>-<name>.md, .json and .svg.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type BenchmarkReport,
  benchmarkCharts,
  benchmarkMarkdown,
  parseBaseline,
  type Regression,
  regressions,
  runBenchmark,
  updatedBaseline,
} from "../../packages/analytics/src/index.ts";
import { installPeers } from "../src/install-peers.ts";
import { type Options, parseOptions } from "./options.ts";
import { installedPeers } from "./peers/catalogue.ts";

const here = import.meta.dirname;
const root = join(here, "../..");
const baselinePath = join(here, "baseline.json");

const options = parseOptions(process.argv.slice(2));
if (options.suites.includes("peers")) installPeers(here);
const peaks = new Map<string, number>();
const report = await runBenchmark({
  rows: options.rows,
  directory: resolve(root, options.data),
  rounds: options.rounds,
  suites: options.suites,
  ...(options.threads === undefined ? {} : { threads: options.threads }),
  peers: installedPeers((name, peakRssMb) => void peaks.set(name, peakRssMb)),
  onStep: (text) => void process.stderr.write(`${text}\n`),
});
process.exitCode = conclude(report, options);

function conclude(measured: BenchmarkReport, { check, updateBaseline, dry, name }: Options): number {
  const before = existsSync(baselinePath) ? parseBaseline(readFileSync(baselinePath, "utf8")) : undefined;
  const found =
    before === undefined || updateBaseline || before.rows !== measured.rows
      ? undefined
      : regressions(before, measured);
  if (updateBaseline) writeJson(baselinePath, updatedBaseline(before, measured));
  const base = `${measured.machine.date.slice(0, 10)}-${name}`;
  const charts = benchmarkCharts(measured).map((chart) => ({ ...chart, file: `${base}-${chart.name}.svg` }));
  const shown = Object.fromEntries(charts.map(({ title, file }) => [title, file]));
  const page = benchmarkMarkdown(measured, { charts: shown, ...(found && { regressions: found }) });
  const markdown = `${page}${footnotes()}`;
  process.stdout.write(markdown);
  if (!dry) writeResults(measured, { markdown, found, base, charts });
  const faults = measured.suites.flatMap((suite) => suite.faults);
  return faults.length > 0 || (check && (found ?? []).length > 0) ? 1 : 0;
}

interface Results {
  readonly markdown: string;
  readonly found: readonly Regression[] | undefined;
  /** The name of the files without their endings. */
  readonly base: string;
  readonly charts: readonly { readonly file: string; readonly svg: string }[];
}

function writeResults(measured: BenchmarkReport, { markdown, found, base, charts }: Results): void {
  const folder = join(here, "../results/analytics");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${base}.md`), markdown);
  for (const { file, svg } of charts) writeFileSync(join(folder, file), svg);
  const peerMemory = Object.fromEntries(peaks);
  writeJson(join(folder, `${base}.json`), {
    commit: commit(),
    ...measured,
    peerMemory,
    ...(found && { regressions: found }),
  });
}

function footnotes(): string {
  const memory = [...peaks].map(([name, peakRssMb]) => `${name} held ${Math.round(peakRssMb)} MB at most`);
  const own = `AgentFlow, DuckDB's peers and SQLite, in one process, ${Math.round(process.resourceUsage().maxRSS / 1_024)} MB`;
  return `\nCommit ${commit()}. ${[...memory, own].join("; ")}.\n`;
}

function commit(): string {
  return execFileSync("git", ["describe", "--always", "--dirty"], { cwd: root, encoding: "utf8" }).trim();
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
