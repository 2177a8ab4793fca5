import { ratioOf } from "../gates/ratios.ts";
import { describeSystem } from "../systems/catalogue.ts";
import { comparedAt, comparisons } from "../systems/peers.ts";
import { formatFigure } from "./markdown-table.ts";
import type { Measurements } from "./result.ts";
import { line, palette, rectangle, svgDocument, text } from "./svg.ts";

const title = "Steps per second of AgentFlow over those of each peer";
const meanings = { W1: "W1, one long loop", W2: "W2, 100 in parallel", W3: "W3, short runs" } as const;
const left = 330;
const plotWidth = 400;
const barHeight = 14;
const groupGap = 14;
const top = 62;
const ratioMax = 1_000;

/** Bars of the ratios to all peers that were measured, on a logarithmic scale; undefined when there are none. */
export function ratioChart(measurements: Measurements): string | undefined {
  const groups = comparisons.flatMap(({ peer, store }) => {
    const bars = comparedAt.map((workload) => ratioOf(measurements, workload, store, peer.id));
    const ours = describeSystem(store).label.replaceAll("`", "");
    return bars.every((bar) => bar === undefined) ? [] : [{ label: peer.label, ours, bars }];
  });
  if (groups.length === 0) return undefined;
  const groupHeight = comparedAt.length * barHeight + groupGap;
  const bottom = top + groups.length * groupHeight;
  const body = [1, 10, 100, ratioMax].flatMap((ratio) => [
    line({ x: xOf(ratio), y: top - 8 }, { x: xOf(ratio), y: bottom }, "axis"),
    text(`${ratio}x`, { x: xOf(ratio), y: bottom + 16 }, { anchor: "middle" }),
  ]);
  for (const [index, workload] of comparedAt.entries()) {
    const x = left + index * 140;
    body.push(
      rectangle({ x, y: 34 }, 12, 12, colourOf(index)),
      text(meanings[workload], { x: x + 17, y: 44 }),
    );
  }
  for (const [index, { label, ours, bars }] of groups.entries()) {
    const y = top + index * groupHeight;
    body.push(
      text(label, { x: left - 10, y: y + 17 }, { anchor: "end" }),
      text(`against ${ours}`, { x: left - 10, y: y + 33 }, { anchor: "end" }),
    );
    for (const [at, ratio] of bars.entries())
      if (ratio !== undefined) body.push(...bar(ratio, y + at * barHeight, colourOf(at)));
  }
  return svgDocument(title, left + plotWidth + 60, bottom + 28, body);
}

/** A bar begins at 1: to the left of it the peer is faster. */
function bar(ratio: number, y: number, colour: string): string[] {
  const [from, to] = [Math.min(xOf(1), xOf(ratio)), Math.max(xOf(1), xOf(ratio))];
  return [
    rectangle({ x: from, y: y + 1 }, Math.max(to - from, 1), barHeight - 3, colour),
    text(`${formatFigure(ratio)}x`, { x: to + 4, y: y + barHeight - 3 }),
  ];
}

/** The scale begins at a tenth, so that a peer that is faster shows. */
function xOf(ratio: number): number {
  const decades = Math.log10(ratioMax) + 1;
  const within = Math.min(Math.max(ratio, 0.1), ratioMax);
  return left + ((Math.log10(within) + 1) / decades) * plotWidth;
}

function colourOf(index: number): string {
  return palette[index % palette.length] ?? palette[0];
}
