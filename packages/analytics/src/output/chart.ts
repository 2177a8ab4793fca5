/** One measure of a chart: a value for each place of its axis; null where there is none. */
export interface ChartSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** True for what is derived from another series, such as its moving average: drawn dashed. */
  readonly derived?: boolean;
}

/** Bars from the left, one group for each label. */
export interface BarChart {
  readonly title: string;
  readonly labels: readonly string[];
  readonly series: readonly ChartSeries[];
}

/** A part of a line chart with a title of its own, such as one category; all parts have the same scales. */
export interface ChartPanel {
  readonly title: string;
  readonly series: readonly ChartSeries[];
}

/** Lines along places that are labelled, or that are numbers. */
export interface LineChart {
  readonly title: string;
  /** Texts stand at equal distances, numbers where they belong. */
  readonly along: readonly string[] | readonly number[];
  readonly panels: readonly ChartPanel[];
  /** Logarithmic scales, on which growth in proportion is a straight line; for numbers above 0. */
  readonly logarithmic?: boolean;
  /** What the places are, such as "million rows". */
  readonly axisTitle?: string;
}

/** Writes an amount with about three digits: `950`, `1.23 M`, `0.045`. */
export function amountText(value: number): string {
  const size = Math.abs(value);
  const units: readonly (readonly [number, string])[] = [
    [1e12, " T"],
    [1e9, " G"],
    [1e6, " M"],
    [1e3, " k"],
  ];
  // 999,600 is written with the unit above, as it would otherwise get a fourth digit.
  const [divisor, unit] = units.find(([from]) => size >= from * 0.9995) ?? [1, ""];
  return `${Number((value / divisor).toPrecision(3))}${unit}`;
}

/** What a chart shows, in words, for those who do not see it. */
export function describeSeries(labels: readonly (string | number)[], { name, values }: ChartSeries): string {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ value, at: labels[index] }]));
  const [first] = known;
  if (first === undefined) return `${name}: no values.`;
  const least = known.reduce((a, b) => (b.value < a.value ? b : a));
  const greatest = known.reduce((a, b) => (b.value > a.value ? b : a));
  const last = known.at(-1) ?? first;
  return `${name}: least ${amountText(least.value)} (${least.at}), greatest ${amountText(greatest.value)} (${greatest.at}), last ${amountText(last.value)} (${last.at}).`;
}
