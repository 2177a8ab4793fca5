import { ValidationError } from "@agentflow/core";
import type { BenchmarkReport, JudgedLimit, SuiteReport } from "./run-benchmark.ts";

/**
 * Figures that a later benchmark is held against. They are ratios, shares and counts of one run each, which move less
 * with the machine and its load than times.
 */
export interface BenchmarkBaseline {
  readonly version: 1;
  /** The rows they were measured with; figures of other sizes are not compared. */
  readonly rows: number;
  /** A figure has regressed when it is worse by more than this share of the one kept here. */
  readonly tolerance: number;
  /** By "suite: name". */
  readonly figures: Readonly<Record<string, number>>;
  /** The limits that held, by "suite: name". */
  readonly held: readonly string[];
}

/** A figure that is worse than in the baseline, or a limit that held there and does not any more. */
export interface Regression {
  readonly name: string;
  readonly before: string;
  readonly now: string;
}

/** By how much a figure may be worse where a baseline does not say it. */
const usualTolerance = 0.35;

function keyed<Each extends { readonly name: string }>(
  { suites }: Pick<BenchmarkReport, "suites">,
  of: (suite: SuiteReport) => readonly Each[],
): (readonly [string, Each])[] {
  return suites.flatMap((suite) => of(suite).map((each) => [`${suite.suite}: ${each.name}`, each] as const));
}

function text(value: number, unit: string): string {
  return `${Number(value.toPrecision(3))} ${unit}`;
}

/** Throws ValidationError if figures of so many rows cannot be held against a baseline. */
export function requireRowsOf(baseline: Pick<BenchmarkBaseline, "rows">, rows: number): void {
  if (baseline.rows === rows) return;
  throw new ValidationError(
    "AF_ARGUMENT_INVALID",
    `The baseline is of ${baseline.rows} rows, not of ${rows}.`,
    {
      hint: `Measure with --rows ${baseline.rows}, or give another baseline.`,
    },
  );
}

/** What is worse than in the baseline. What only one of the two has is none. Throws ValidationError for other rows. */
export function regressions(
  baseline: BenchmarkBaseline,
  report: Pick<BenchmarkReport, "rows" | "suites">,
): Regression[] {
  requireRowsOf(baseline, report.rows);
  const { tolerance, figures, held } = baseline;
  const worse = keyed(report, (suite) => suite.figures).flatMap(([name, { value, unit, better }]) => {
    const before = figures[name];
    if (before === undefined) return [];
    const isWorse = better === "lower" ? value > before * (1 + tolerance) : value < before * (1 - tolerance);
    return isWorse ? [{ name, before: text(before, unit), now: text(value, unit) }] : [];
  });
  const lost = keyed(report, (suite): readonly JudgedLimit[] => suite.limits).flatMap(([name, limit]) => {
    const { outcome, bound, limit: value, unit, measured } = limit;
    if (outcome !== "not met" || !held.includes(name) || worse.some((each) => each.name === name)) return [];
    return [{ name, before: `${bound} ${text(value, unit)}`, now: text(measured, unit) }];
  });
  return [...worse, ...lost];
}

/** The baseline with the figures of a report in place of those that it measured too. */
export function updatedBaseline(
  before: BenchmarkBaseline | undefined,
  report: Pick<BenchmarkReport, "rows" | "suites">,
): BenchmarkBaseline {
  const kept = before?.rows === report.rows ? before : undefined;
  const figures = keyed(report, (suite) => suite.figures).map(
    ([name, { value }]) => [name, Number(value.toPrecision(3))] as const,
  );
  const limits = keyed(report, (suite): readonly JudgedLimit[] => suite.limits);
  const judged = new Set(limits.map(([name]) => name));
  const held = limits.filter(([, { outcome }]) => outcome === "met").map(([name]) => name);
  const entries = Object.entries({ ...kept?.figures, ...Object.fromEntries(figures) });
  return {
    version: 1,
    rows: report.rows,
    tolerance: before?.tolerance ?? usualTolerance,
    figures: Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))),
    held: [...(kept?.held ?? []).filter((name) => !judged.has(name)), ...held].sort(),
  };
}

/** Reads a baseline. Throws ValidationError for a text that is none. */
export function parseBaseline(content: string): BenchmarkBaseline {
  const refuse = (what: string, cause?: unknown): ValidationError =>
    new ValidationError("AF_ARGUMENT_INVALID", `The baseline ${what}.`, {
      cause,
      hint: "Write one with --update-baseline.",
    });
  let parsed: Partial<BenchmarkBaseline>;
  try {
    parsed = JSON.parse(content);
  } catch (error) {
    throw refuse("is not JSON", error);
  }
  if (parsed?.version !== 1) throw refuse("has no version 1");
  const { rows, tolerance, figures, held } = parsed;
  const isWhole =
    Number.isSafeInteger(rows) &&
    typeof tolerance === "number" &&
    tolerance >= 0 &&
    typeof figures === "object" &&
    figures !== null &&
    Object.values(figures).every((each) => typeof each === "number") &&
    Array.isArray(held);
  if (!isWhole) throw refuse("lacks rows, tolerance, figures or held");
  return parsed as BenchmarkBaseline;
}
