import type { Regression } from "./baseline.ts";
import type { FigureUnit } from "./limit.ts";
import type { BenchmarkReport, JudgedLimit, SuiteReport } from "./run-benchmark.ts";
import type { Curve, NamedTiming } from "./suite.ts";

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = header.map((_, index) => (index === 0 ? "---" : "---:"));
  return [line(header), line(rule), ...rows.map(line), ""];
}

/** Three significant digits with thousands separated: 41.2, 1,230, 0.034. */
export function figureText(value: number, unit: FigureUnit): string {
  const rounded = Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 10 });
  return unit === "x" ? `${rounded}x` : `${rounded} ${unit}`;
}

/** What a benchmark measured, as a page of Markdown: limits first, then timings and curves. */
export function benchmarkMarkdown(
  report: BenchmarkReport,
  found: {
    readonly regressions?: readonly Regression[];
    readonly charts?: Readonly<Record<string, string>>;
  } = {},
): string {
  const { machine, suites, generation } = report;
  const lines = [
    "# Benchmark of analytics",
    "",
    `${report.rows.toLocaleString("en")} rows, ${report.rounds} rounds after ${report.warmups} to warm up, ${report.threads} threads.`,
    `${machine.date.slice(0, 16)}Z on ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.platform};`,
    `Node ${machine.node}, DuckDB ${machine.duckdb}; load average ${machine.loadAverage} when it began.`,
    "",
    ...faultLines(suites),
    ...regressionLines(found.regressions),
    "## Limits",
    "",
    ...limitLines([
      ...suites.flatMap(({ suite, limits }) => limits.map((limit) => [suite, limit] as const)),
      ...generation.limits.map((limit) => ["generation", limit] as const),
    ]),
    ...suites.flatMap((suite) => suiteLines(suite, found.charts ?? {})),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function faultLines(suites: readonly SuiteReport[]): string[] {
  const faults = suites.flatMap(({ suite, faults: own }) => own.map((fault) => `- ${suite}: ${fault}`));
  return faults.length === 0 ? [] : ["## Wrong answers", "", ...faults, ""];
}

function regressionLines(regressions: readonly Regression[] | undefined): string[] {
  if (regressions === undefined) return [];
  if (regressions.length === 0) return ["No figure is worse than in the baseline.", ""];
  const rows = regressions.map(({ name, before, now }) => [name, before, now]);
  return ["## Worse than the baseline", "", ...table(["figure", "baseline", "now"], rows)];
}

function limitLines(limits: readonly (readonly [string, JudgedLimit])[]): string[] {
  const rows = limits.map(([suite, limit]) => [
    `${suite}: ${limit.name}`,
    limit.rule,
    figureText(limit.measured, limit.unit),
    `${limit.bound} ${figureText(limit.limit, limit.unit)}`,
    outcomeText(limit),
  ]);
  return table(["limit", "rule", "measured", "set", "outcome"], rows);
}

/** What became of a limit, with the reason where there is one. */
export function outcomeText({ outcome, notApplicable, remark }: JudgedLimit): string {
  const reason = outcome === "not applicable" ? notApplicable : outcome === "not met" ? remark : undefined;
  return reason === undefined ? outcome : `${outcome}: ${reason}`;
}

function suiteLines(
  { suite, describes, timings, notes, curves }: SuiteReport,
  charts: Readonly<Record<string, string>>,
): string[] {
  return [
    `## ${suite}`,
    "",
    `${describes.charAt(0).toUpperCase()}${describes.slice(1)}.`,
    "",
    ...notes.map((note) => `- ${note}`),
    ...(notes.length === 0 ? [] : [""]),
    ...timingLines(timings),
    ...curves.flatMap((curve) => curveLines(curve, charts[curve.title])),
  ];
}

function timingLines(timings: readonly NamedTiming[]): string[] {
  if (timings.length === 0) return [];
  const rows = timings.map(({ name, minMs, p50Ms, p95Ms, cpuMs }) => [
    name,
    ...[minMs, p50Ms, p95Ms, cpuMs].map((value) => figureText(value, "ms")),
  ]);
  return table(["work", "min", "p50", "p95", "CPU"], rows);
}

function curveLines({ title, x, y, lines }: Curve, chart: string | undefined): string[] {
  const sizes = lines[0]?.points.map((point) => point.x.toLocaleString("en")) ?? [];
  const rows = lines.map(({ name, points }) => [
    name,
    ...points.map((point) => Number(point.y.toPrecision(3)).toLocaleString("en")),
  ]);
  return [
    `### ${title}`,
    "",
    ...(chart === undefined ? [] : [`![${title}](${chart})`, ""]),
    ...table([`${y} by ${x}`, ...sizes], rows),
  ];
}
