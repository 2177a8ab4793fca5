import type { Ratio } from "./ratios.ts";

/** Committed ratios (ENG-63). Ratios of one process run move less than figures, which move with load. */
export interface Baseline {
  /** A ratio fails when it is lower than the committed one by more than this share of it. */
  readonly tolerance: number;
  readonly ratios: Readonly<Record<string, number>>;
  /** Gates that are known not to hold, by name, each with what the limit is. They are reported and fail no check. */
  readonly unmet: Readonly<Record<string, string>>;
}

/** A ratio that fell below the committed one by more than the tolerance. */
export interface Regression {
  readonly name: string;
  readonly committed: number;
  readonly measured: number;
}

/** The regressions against the baseline. Ratios that were not measured, or are new, are none. */
export function regressions(
  { tolerance, ratios: committed }: Pick<Baseline, "tolerance" | "ratios">,
  measured: readonly Ratio[],
): Regression[] {
  return measured.flatMap(({ name, value }) => {
    const expected = committed[name];
    if (expected === undefined || value >= expected * (1 - tolerance)) return [];
    return [{ name, committed: expected, measured: value }];
  });
}

/** The baseline with the measured ratios, rounded to three digits; those not measured stay. */
export function updateBaseline(baseline: Baseline, measured: readonly Ratio[]): Baseline {
  const updated = measured.map(({ name, value }) => [name, Number(value.toPrecision(3))] as const);
  const all = Object.entries({ ...baseline.ratios, ...Object.fromEntries(updated) });
  return {
    ...baseline,
    ratios: Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
