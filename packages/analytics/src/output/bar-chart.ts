import { linearAxis } from "./axis.ts";
import { amountText, type BarChart, describeSeries } from "./chart.ts";
import { lookOf, svgBar, svgLine, svgPicture, svgText } from "./svg.ts";

const width = 760;
const top = 44;
const barHeight = 16;
const groupGap = 8;
const labelMax = 28;

/** Draws bars as SVG: labels on the left, the amount at the end of each bar, a legend where there are several series. */
export function barChartSvg({ title, labels, series }: BarChart): string {
  const longest = Math.max(4, ...labels.map((label) => Math.min(label.length, labelMax)));
  const left = 24 + longest * 7;
  const right = width - 80;
  const values = series.flatMap((each) => each.values.filter((value) => value !== null));
  const axis = linearAxis(values, { from: left, to: right });
  const groupHeight = series.length * barHeight + groupGap;
  const bottom = top + labels.length * groupHeight;
  const body = axis.ticks.flatMap((tick) => [
    svgLine({ x: axis.at(tick), y: top - 4 }, { x: axis.at(tick), y: bottom }, tick === 0 ? "axis" : "grid"),
    svgText(amountText(tick), { x: axis.at(tick), y: bottom + 16 }, { anchor: "middle", className: "quiet" }),
  ]);
  for (const [row, label] of labels.entries()) {
    const y = top + row * groupHeight;
    const middle = y + (series.length * barHeight) / 2 + 4;
    body.push(svgText(cut(label), { x: left - 8, y: middle }, { anchor: "end" }));
    for (const [index, { values: own }] of series.entries()) {
      const value = own[row];
      if (value === null || value === undefined) continue;
      const [from, to] = [axis.at(Math.min(0, value)), axis.at(Math.max(0, value))];
      const place = { x: from, y: y + index * barHeight };
      body.push(svgBar(place, Math.max(0.5, to - from), barHeight - 3, lookOf(index)));
      body.push(svgText(amountText(value), { x: to + 5, y: place.y + 11 }, { className: "quiet" }));
    }
  }
  const legend =
    series.length < 2 ? [] : series.map(({ name }, index) => legendEntry(name, index, bottom + 28));
  return svgPicture({
    title,
    description: series.map((each) => describeSeries(labels, each)).join(" "),
    width,
    height: bottom + 28 + legend.length * 18,
    body: [...body, ...legend],
  });
}

function legendEntry(name: string, index: number, y: number): string {
  const top = y + index * 18;
  return [svgBar({ x: 24, y: top }, 14, 12, lookOf(index)), svgText(name, { x: 46, y: top + 11 })].join("\n");
}

function cut(label: string): string {
  return label.length <= labelMax ? label : `${label.slice(0, labelMax - 1)}…`;
}
