import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  type BenchmarkBaseline,
  type BenchmarkReport,
  benchmarkCharts,
  benchmarkMarkdown,
  figureText,
  outcomeText,
  parseBaseline,
  type Regression,
  regressions,
  requireRowsOf,
  runBenchmark,
  type SuiteName,
  suiteNames,
  updatedBaseline,
} from "@agentflow/analytics";
import { closestName, UsageError, ValidationError } from "@agentflow/core";
import { datasetFolder, duckOptions } from "../analytics/dataset-options.ts";
import { showProgress } from "../analytics/progress-line.ts";
import { textOption } from "../command-configuration.ts";
import { numberOption } from "../number-option.ts";
import type { Session } from "../session.ts";
import type { CommandHandler, CommandInput } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";
import { formatCount } from "../terminal/format-count.ts";
import type { Output } from "../terminal/output.ts";
import { textTable } from "../terminal/text-table.ts";

/** `af analytics benchmark`: measures, judges the limits, and compares with an earlier benchmark (OLP-24). */
export const analyticsBenchmark: CommandHandler = async (input, session) => {
  const { output } = session;
  const rows = numberOption(input, "rows", { fallback: 1_000_000, min: 1_000, max: 250_000_000 });
  const baseline = await openBaseline(input, session);
  if (baseline.before !== undefined && !baseline.updates) requireRowsOf(baseline.before, rows);
  const suites = suitesOf(input);
  const report = await runBenchmark({
    rows,
    directory: datasetFolder(input.options["data"], session, "data/benchmark"),
    rounds: numberOption(input, "rounds", { fallback: 5, min: 5, max: 1_000 }),
    warmups: numberOption(input, "warmups", { fallback: 1, min: 0, max: 1_000 }),
    ...duckOptions(input),
    ...(suites === undefined ? {} : { suites }),
    ...(input.options["quiet"] === true
      ? {}
      : { onStep: (text: string) => output.note(text), onProgress: showProgress(output) }),
  });
  const found =
    baseline.before === undefined || baseline.updates ? undefined : regressions(baseline.before, report);
  if (baseline.updates && baseline.path !== undefined) {
    await writeJson(baseline.path, updatedBaseline(baseline.before, report));
  }
  const folder = textOption(input, "output");
  if (folder !== undefined) await writeReport(resolve(session.directory, folder), report, found);
  if (output.json) output.object({ ...report, ...(found && { regressions: found }) });
  else printLimits(report, output);
  return verdict(report, found, { output, strict: input.options["failOnRegression"] === true });
};

function suitesOf(input: CommandInput): SuiteName[] | undefined {
  return textOption(input, "suite")
    ?.split(",")
    .map((name) => {
      const suite = suiteNames.find((each) => each === name);
      if (suite !== undefined) return suite;
      const near = closestName(name, suiteNames);
      throw new UsageError(`There is no suite ${JSON.stringify(name)}.`, {
        hint: near === undefined ? `Known are ${suiteNames.join(", ")}.` : `Did you mean ${near}?`,
      });
    });
}

interface GivenBaseline {
  readonly path: string | undefined;
  readonly before: BenchmarkBaseline | undefined;
  readonly updates: boolean;
}

async function openBaseline(input: CommandInput, session: Session): Promise<GivenBaseline> {
  const given = textOption(input, "baseline");
  const updates = input.options["updateBaseline"] === true;
  if (given === undefined) {
    if (updates) throw new UsageError("--update-baseline needs --baseline, the file to write.");
    return { path: undefined, before: undefined, updates };
  }
  const path = resolve(session.directory, given);
  try {
    return { path, before: parseBaseline(await readFile(path, "utf8")), updates };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    if (updates) return { path, before: undefined, updates };
    throw new ValidationError("AF_ARGUMENT_INVALID", `There is no baseline at ${path}.`, {
      hint: "Write it with --update-baseline.",
    });
  }
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, undefined, 2)}\n`);
}

async function writeReport(
  folder: string,
  report: BenchmarkReport,
  found: readonly Regression[] | undefined,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const charts = benchmarkCharts(report).map((chart) => ({ ...chart, file: `benchmark-${chart.name}.svg` }));
  for (const { file, svg } of charts) await writeFile(join(folder, file), svg);
  await writeJson(join(folder, "benchmark.json"), { ...report, ...(found && { regressions: found }) });
  await writeFile(
    join(folder, "benchmark.md"),
    benchmarkMarkdown(report, {
      charts: Object.fromEntries(charts.map(({ title, file }) => [title, file])),
      ...(found && { regressions: found }),
    }),
  );
}

function limitsOf({ suites, generation }: BenchmarkReport) {
  return [
    ...suites.flatMap(({ suite, limits }) =>
      limits.map((limit) => [`${suite}: ${limit.name}`, limit] as const),
    ),
    ...generation.limits.map((limit) => [`generation: ${limit.name}`, limit] as const),
  ];
}

function printLimits(report: BenchmarkReport, output: Output): void {
  const titles = (["LIMIT", "MEASURED", "SET", "OUTCOME"] as const).map((title) => ({
    title,
    align: title === "MEASURED" || title === "SET" ? ("right" as const) : ("left" as const),
  }));
  const cells = limitsOf(report).map(([name, limit]) => [
    name,
    figureText(limit.measured, limit.unit),
    `${limit.bound} ${figureText(limit.limit, limit.unit)}`,
    outcomeText(limit),
  ]);
  for (const line of textTable(titles, cells)) output.line(line);
}

function verdict(
  report: BenchmarkReport,
  found: readonly Regression[] | undefined,
  { output, strict }: { readonly output: Output; readonly strict: boolean },
): number {
  const faults = report.suites.flatMap(({ suite, faults: own }) => own.map((fault) => `${suite}: ${fault}`));
  for (const fault of faults) output.note(`Wrong answer: ${fault}`);
  for (const { name, before, now } of found ?? []) output.note(`Worse: ${name} is ${now}, was ${before}`);
  const outcomes = limitsOf(report).map(([, { outcome }]) => outcome);
  const count = (wanted: string): number => outcomes.filter((outcome) => outcome === wanted).length;
  output.note(
    `${formatCount(outcomes.length, "limit")}: ${count("met")} met, ${count("not met")} not met, ${count("not applicable")} not applicable.`,
  );
  const failed = found === undefined ? count("not met") > 0 : found.length > 0;
  return faults.length > 0 || (strict && failed) ? exitCodes.runFailed : exitCodes.ok;
}
