import { ratioChart } from "./ratio-chart.ts";
import type { Measurements } from "./result.ts";
import { seriesChart } from "./series-chart.ts";

/** An image beside the report. */
export interface Chart {
  /** The section of the report that shows it. */
  readonly shows: "ratios" | "stored-runs";
  readonly svg: string;
}

/** The charts of what was measured. */
export function renderCharts(measurements: Measurements): Chart[] {
  const charts = [
    { shows: "ratios", svg: ratioChart(measurements) },
    { shows: "stored-runs", svg: seriesChart(measurements, "flat-stored") },
  ] as const;
  return charts.flatMap(({ shows, svg }) => (svg === undefined ? [] : [{ shows, svg }]));
}

/** The file of a chart beside the report of this path without its ending. */
export function chartPath(reportPath: string, { shows }: Pick<Chart, "shows">): string {
  return `${reportPath}-${shows}.svg`;
}
