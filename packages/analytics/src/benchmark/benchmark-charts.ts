import { lineChartSvg } from "../output/line-chart.ts";
import type { BenchmarkReport } from "./run-benchmark.ts";
import type { Curve } from "./suite.ts";

/** An image of a curve of a report. */
export interface BenchmarkChart {
  /** The title of the curve. */
  readonly title: string;
  /** A name for its file, without the ending. */
  readonly name: string;
  readonly svg: string;
}

/** The curves of a report as SVG. */
export function benchmarkCharts({ suites }: Pick<BenchmarkReport, "suites">): BenchmarkChart[] {
  return suites.flatMap(({ suite, curves }) =>
    curves.map((curve) => ({ title: curve.title, name: suite, svg: chartOf(curve) })),
  );
}

function chartOf({ title, x, y, lines, logarithmic }: Curve): string {
  const along = lines[0]?.points.map((point) => point.x) ?? [];
  const series = lines.map(({ name, points }) => ({ name, values: points.map((point) => point.y) }));
  return lineChartSvg({
    title: `${title}: ${y}`,
    along,
    axisTitle: x,
    panels: [{ title, series }],
    ...(logarithmic === undefined ? {} : { logarithmic }),
  });
}
