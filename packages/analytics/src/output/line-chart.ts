import { type Axis, linearAxis, logarithmicAxis } from "./axis.ts";
import { amountText, type ChartPanel, type ChartSeries, describeSeries, type LineChart } from "./chart.ts";
import {
  lookOf,
  type Place,
  type SeriesLook,
  svgCurve,
  svgLine,
  svgMark,
  svgPicture,
  svgText,
} from "./svg.ts";

const panelHeight = 190;
const plotHeight = 130;
const margin = 16;
const axisWidth = 58;

interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Draws lines as SVG, in as many panels as there are. A derived series has the colour of the one before it, and is dashed.
 * Throws QueryError for a logarithmic scale with numbers that are not above 0.
 */
export function lineChartSvg(chart: LineChart): string {
  const { title, along, panels } = chart;
  const columns = panels.length > 1 ? 2 : 1;
  const width = 760;
  const panelWidth = (width - margin) / columns - margin;
  const looks = looksOf(panels);
  const body: string[] = [];
  for (const [index, panel] of panels.entries()) {
    const x = margin + (index % columns) * (panelWidth + margin);
    const y = 40 + Math.floor(index / columns) * panelHeight;
    const plot = { left: x + axisWidth, right: x + panelWidth - 8, top: y + 22, bottom: y + 22 + plotHeight };
    if (panels.length > 1) body.push(svgText(panel.title, { x, y: y + 12 }, { className: "panel" }));
    body.push(...drawnPanel(chart, panel, plot, looks));
  }
  const bottom = 40 + Math.ceil(panels.length / columns) * panelHeight + 4;
  const names = [...looks.keys()];
  const legend = names.map((name, index) =>
    legendEntry(name, looks.get(name) as SeriesLook, bottom + index * 18),
  );
  if (chart.axisTitle !== undefined)
    body.push(svgText(chart.axisTitle, { x: width - 24, y: bottom }, { anchor: "end", className: "quiet" }));
  const described = panels.flatMap((panel) => {
    const prefix = panels.length > 1 ? `${panel.title}, ` : "";
    return panel.series.map((each) => describeSeries(along, { ...each, name: `${prefix}${each.name}` }));
  });
  return svgPicture({
    title,
    description: described.join(" "),
    width,
    height: bottom + names.length * 18 + 8,
    body: [...body, ...legend],
  });
}

// The same name is drawn alike in all panels.
function looksOf(panels: readonly ChartPanel[]): Map<string, SeriesLook> {
  const looks = new Map<string, SeriesLook>();
  let last = -1;
  for (const { name, derived } of panels.flatMap(({ series }) => series)) {
    if (looks.has(name)) continue;
    if (derived !== true || last < 0) last += 1;
    looks.set(name, lookOf(last, derived));
  }
  return looks;
}

function drawnPanel(
  { along, panels, logarithmic = false }: LineChart,
  panel: ChartPanel,
  plot: Plot,
  looks: ReadonlyMap<string, SeriesLook>,
): string[] {
  const all = panels.flatMap(({ series }) =>
    series.flatMap(({ values }) => values.filter((each) => each !== null)),
  );
  const upwards = { from: plot.bottom, to: plot.top };
  const amounts = logarithmic ? logarithmicAxis(all, upwards) : linearAxis(all, upwards);
  const places = placesOf(along, plot, logarithmic);
  const frame = [
    ...amounts.ticks.flatMap((tick) => [
      svgLine({ x: plot.left, y: amounts.at(tick) }, { x: plot.right, y: amounts.at(tick) }, "grid"),
      svgText(
        amountText(tick),
        { x: plot.left - 6, y: amounts.at(tick) + 4 },
        { anchor: "end", className: "quiet" },
      ),
    ]),
    svgLine({ x: plot.left, y: plot.bottom }, { x: plot.right, y: plot.bottom }, "axis"),
    ...placeLabels(along, places, plot),
  ];
  const curves = panel.series.map((series) =>
    svgCurve(pointsOf(series, places, amounts), looks.get(series.name) as SeriesLook),
  );
  return [...frame, ...curves];
}

function placesOf(along: LineChart["along"], plot: Plot, logarithmic: boolean): number[] {
  const numbers = along.filter((each) => typeof each === "number");
  const span = { from: plot.left + 6, to: plot.right - 6 };
  if (numbers.length === along.length && numbers.length > 0) {
    const axis = logarithmic ? logarithmicAxis(numbers, span) : linearAxis(numbers, span);
    return numbers.map(axis.at);
  }
  const step = (span.to - span.from) / Math.max(1, along.length - 1);
  return along.map((_, index) => (along.length === 1 ? (span.from + span.to) / 2 : span.from + index * step));
}

// As many labels as find room, the first one always among them.
function placeLabels(along: LineChart["along"], places: readonly number[], plot: Plot): string[] {
  const shown = along.map((each) => (typeof each === "number" ? amountText(each) : each));
  const roomOf = (label: string): number => label.length * 7 + 10;
  const labels: string[] = [];
  let free = Number.NEGATIVE_INFINITY;
  for (const [index, label] of shown.entries()) {
    const x = places[index] ?? 0;
    const half = roomOf(label) / 2;
    if (x - half < free || (index > 0 && x + half > plot.right + 20)) continue;
    free = x + half;
    labels.push(svgText(label, { x, y: plot.bottom + 16 }, { anchor: "middle", className: "quiet" }));
  }
  return labels;
}

function pointsOf({ values }: ChartSeries, places: readonly number[], amounts: Axis): (Place | null)[] {
  return values.map((value, index) => {
    const x = places[index];
    return value === null || x === undefined ? null : { x, y: amounts.at(value) };
  });
}

function legendEntry(name: string, look: SeriesLook, y: number): string {
  const points = [
    { x: 24, y: y + 6 },
    { x: 48, y: y + 6 },
  ];
  return [
    svgCurve(points, look),
    svgMark({ x: 36, y: y + 6 }, look),
    svgText(name, { x: 58, y: y + 10 }),
  ].join("\n");
}
