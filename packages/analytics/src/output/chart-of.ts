import { QueryError } from "@agentflow/core";
import type { Cell } from "../execute/cell.ts";
import type { BarChart, LineChart } from "./chart.ts";
import type { RowTable } from "./rows-text.ts";

/** Which columns of an answer a chart is made of. */
export interface ChartColumns {
  readonly title: string;
  /** What the rows are about. */
  readonly dimensions: readonly string[];
  /** Those of the dimensions that are time, from the widest. */
  readonly time: readonly string[];
  /** What is drawn. */
  readonly values: readonly string[];
  /** Those of the values that are derived from another one. */
  readonly derived?: readonly string[];
}

/** More bars, lines or panels than this are not told apart. */
const seriesMax = 4;
const barsMax = 40;
const panelsMax = 12;

/** Makes bars of an answer: its last dimension, where it has few values, stands side by side. */
export function barChartOf({ rows }: RowTable, { title, dimensions, values }: ChartColumns): BarChart {
  const [value] = required(values, "value");
  const last = dimensions.at(-1) ?? "";
  const sides = [...new Set(rows.map((row) => labelOf(row[last])))];
  const isSideBySide = dimensions.length > 1 && values.length === 1 && sides.length <= seriesMax;
  const grouped = isSideBySide ? dimensions.slice(0, -1) : dimensions;
  const labels = [...new Set(rows.map((row) => labelsOf(row, grouped)))].slice(0, barsMax);
  const places = new Map(labels.map((label, index) => [label, index]));
  const series = (isSideBySide ? sides : values).map((name) => ({
    name: isSideBySide ? `${last} ${name}` : name,
    values: Array.from<number | null>({ length: labels.length }).fill(null),
  }));
  for (const row of rows) {
    const place = places.get(labelsOf(row, grouped));
    if (place === undefined) continue;
    for (const [index, each] of series.entries()) {
      if (isSideBySide && labelOf(row[last]) !== sides[index]) continue;
      each.values[place] = numberOf(row[isSideBySide ? value : (values[index] ?? value)]);
    }
  }
  return { title, labels, series };
}

/** Makes lines along time of an answer, with a panel for each value of the other dimensions, the greatest first. */
export function lineChartOf(table: RowTable, columns: ChartColumns): LineChart {
  const { title, dimensions, values, derived = [] } = columns;
  const [value] = required(values, "value");
  const time = required(columns.time, "dimension of time");
  const others = dimensions.filter((name) => !time.includes(name));
  const moments = [...new Set(table.rows.map((row) => momentOf(row, time)))].sort();
  const panels = [...Map.groupBy(table.rows, (row) => labelsOf(row, others))].map(([name, rows]) => {
    const byMoment = new Map(rows.map((row) => [momentOf(row, time), row]));
    const series = values.map((column) => ({
      name: column,
      derived: derived.includes(column),
      values: moments.map((moment) => numberOf(byMoment.get(moment)?.[column])),
    }));
    const total = rows.reduce((sum, row) => sum + (numberOf(row[value]) ?? 0), 0);
    return { panel: { title: name, series }, total };
  });
  panels.sort((a, b) => b.total - a.total);
  return { title, along: moments, panels: panels.slice(0, panelsMax).map(({ panel }) => panel) };
}

function required(columns: readonly string[], what: string): readonly [string, ...string[]] {
  const [first, ...rest] = columns;
  if (first === undefined) throw new QueryError(`The answer has no ${what} that a chart could show.`);
  return [first, ...rest];
}

function labelOf(value: Cell | undefined): string {
  return value === null || value === undefined ? "-" : String(value);
}

function labelsOf(row: RowTable["rows"][number], names: readonly string[]): string {
  return names.map((name) => labelOf(row[name])).join(" · ");
}

// Numbers of two digits, so that months are in their order: 2021-04 before 2021-12. A quarter says nothing beside a month.
function momentOf(row: RowTable["rows"][number], time: readonly string[]): string {
  const told = time.includes("month") ? time.filter((name) => name !== "quarter") : time;
  return told
    .map((name) => (name === "quarter" ? `Q${labelOf(row[name])}` : labelOf(row[name]).padStart(2, "0")))
    .join("-");
}

function numberOf(value: Cell | undefined): number | null {
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : null;
}
