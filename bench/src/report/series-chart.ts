import { describeSystem } from "../systems/catalogue.ts";
import { formatFigure } from "./markdown-table.ts";
import type { FlatnessPoint, Measurements } from "./result.ts";
import { curve, line, palette, rectangle, svgDocument, text } from "./svg.ts";

const left = 70;
const top = 40;
const plotWidth = 580;
const plotHeight = 200;

/** Lines of the cost per step over the sizes of one series, one for each system; undefined when it was not measured. */
export function seriesChart({ flatness }: Measurements, series: string): string | undefined {
  const points = flatness.filter((point) => point.series === series);
  const [first] = points;
  if (first === undefined) return undefined;
  const sizes = [...new Set(points.map(({ size }) => size))].sort((a, b) => a - b);
  const costMax = roundedUp(Math.max(...points.map(({ usPerStep }) => usPerStep)));
  const xOf = (size: number) => left + positionOf(size, sizes) * plotWidth;
  const yOf = (cost: number) => top + plotHeight - (cost / costMax) * plotHeight;
  const body = [0, costMax / 2, costMax].flatMap((cost) => [
    line({ x: left, y: yOf(cost) }, { x: left + plotWidth, y: yOf(cost) }, "axis"),
    text(`${formatFigure(cost)} us`, { x: left - 8, y: yOf(cost) + 4 }, { anchor: "end" }),
  ]);
  for (const size of sizes)
    body.push(text(size.toLocaleString("en-US"), { x: xOf(size), y: yOf(0) + 18 }, { anchor: "middle" }));
  const systems = [...new Set(points.map(({ system }) => system))];
  for (const [index, system] of systems.entries()) {
    const colour = palette[index % palette.length] ?? palette[0];
    const y = top + plotHeight + 32 + index * 18;
    const own = points.filter((point) => point.system === system).sort((a, b) => a.size - b.size);
    body.push(
      curve(
        own.map((point: FlatnessPoint) => ({ x: xOf(point.size), y: yOf(point.usPerStep) })),
        colour,
      ),
      rectangle({ x: left, y }, 12, 12, colour),
      text(describeSystem(system).label.replaceAll("`", ""), { x: left + 18, y: y + 10 }),
    );
  }
  const height = top + plotHeight + 40 + systems.length * 18;
  return svgDocument(`Cost per step by ${first.title}`, left + plotWidth + 40, height, body);
}

/** The place of a size on a logarithmic scale, from 0 to 1. */
function positionOf(size: number, sizes: readonly number[]): number {
  const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];
  return smallest === largest ? 0.5 : Math.log(size / smallest) / Math.log(largest / smallest);
}

/** The next number of one digit. */
function roundedUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return Math.ceil(value / unit) * unit;
}
