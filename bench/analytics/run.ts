/**
 * Analytics beside its peers: `n24 bench/analytics/run.ts [--rows 10000000] [--rounds 5] [--suite NAMES] [--check]
 * [--update-baseline] [--name run] [--dry]`. Writes results/analytics/<date>-<name>.md and .json.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type BenchmarkReport,
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
  const markdown = `${benchmarkMarkdown(measured, found === undefined ? {} : { regressions: found })}${footnotes()}`;
  process.stdout.write(markdown);
  if (!dry) writeResults(measured, { markdown, found, name });
  const faults = measured.suites.flatMap((suite) => suite.faults);
  return faults.length > 0 || (check && (found ?? []).length > 0) ? 1 : 0;
}

function writeResults(
  measured: BenchmarkReport,
  {
    markdown,
    found,
    name,
  }: {
    readonly markdown: string;
    readonly found: readonly Regression[] | undefined;
    readonly name: string;
  },
): void {
  const folder = join(here, "../results/analytics");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${measured.machine.date.slice(0, 10)}-${name}`);
  writeFileSync(`${path}.md`, markdown);
  const peerMemory = Object.fromEntries(peaks);
  writeJson(`${path}.json`, {
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
