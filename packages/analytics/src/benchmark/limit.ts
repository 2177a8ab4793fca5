/** What a figure is counted in. */
export type FigureUnit = "x" | "ms" | "%" | "rows/s" | "MB" | "rounds" | "values";

/** A figure that a baseline keeps: a ratio, a share or a count, which moves less with the machine than a time. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: FigureUnit;
  readonly better: "lower" | "higher";
}

/** A promise about speed or size, as measured (OLP-20 to OLP-23, and ratios of one run). */
export interface Limit {
  readonly name: string;
  /** The rule that sets it; "ratio" for a goal that is a ratio of one run. */
  readonly rule: string;
  readonly measured: number;
  readonly bound: "below" | "at most" | "at least";
  readonly limit: number;
  readonly unit: FigureUnit;
  /** Why it says nothing here. */
  readonly notApplicable?: string;
  /** What is known about why it does not hold, where that is so. */
  readonly remark?: string;
}

/** What became of a limit. */
export type LimitOutcome = "met" | "not met" | "not applicable";

/** Whether a limit holds. */
export function outcomeOf({ measured, bound, limit, notApplicable }: Limit): LimitOutcome {
  if (notApplicable !== undefined) return "not applicable";
  if (bound === "at least") return measured >= limit ? "met" : "not met";
  return measured < limit || (bound === "at most" && measured === limit) ? "met" : "not met";
}

/** The same limit, where it applies only if a condition holds. */
export function applicableIf(condition: boolean, otherwise: string, limit: Limit): Limit {
  return condition ? limit : { ...limit, notApplicable: otherwise };
}

/** Below so many rows, opening files takes most of the time, and ratios of times say nothing about reading them. */
const tellingRows = 1_000_000;

/** The same limit, which is a ratio of times, where there are enough rows for it. */
export function ratioOfTimes(rows: number, limit: Limit): Limit {
  return applicableIf(rows >= tellingRows, `fewer than ${tellingRows.toLocaleString("en")} rows`, limit);
}
