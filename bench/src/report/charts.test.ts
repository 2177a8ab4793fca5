import assert from "node:assert/strict";
import { test } from "node:test";
import { measurements, point, result } from "../gates/measurements.fixture.ts";
import { ratioChart } from "./ratio-chart.ts";
import { seriesChart } from "./series-chart.ts";
import { text } from "./svg.ts";

/** The x and the width of the bars of a colour, in order. */
function bars(svg: string | undefined, colour: string): { x: number; width: number }[] {
  const found = [
    ...(svg ?? "").matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"[^>]* fill="(.*?)"/g),
  ];
  // The first of each colour is in the legend.
  const rows = found.filter(([, , , fill]) => fill === colour).slice(1);
  return rows.map(([, x, width]) => ({ x: Number(x), width: Number(width) }));
}

test("a bar grows to the right by the decades of its ratio, and to the left where the peer is faster", () => {
  const chart = ratioChart(
    measurements([
      result("agentflow-sqlite-normal", 100),
      result("langgraph-sqlite", 10),
      result("mastra-libsql", 1),
      result("agentflow-postgres-normal", 10),
      result("restate", 100),
    ]),
  );
  const [ten, hundred, tenth] = bars(chart, "#0072b2");
  assert.ok(ten && hundred && tenth);
  assert.equal(hundred.width, 2 * ten.width);
  assert.equal(hundred.x, ten.x);
  assert.deepEqual(tenth, { x: ten.x - ten.width, width: ten.width });
  assert.match(chart ?? "", />10x<.*>100x<.*>0\.1x</s);
  assert.doesNotMatch(chart ?? "", /DBOS/);
});

test("no chart is drawn of what was not measured", () => {
  assert.equal(ratioChart(measurements([result("agentflow-memory", 1)])), undefined);
  assert.equal(seriesChart(measurements([]), "flat-steps"), undefined);
});

test("a cost that does not grow is a level line, over sizes on a logarithmic scale", () => {
  const chart = seriesChart(
    measurements([], [point(100, 20), point(10_000, 20), point(1_000, 20)]),
    "flat-steps",
  );
  const [, points = ""] = /points="(.*?)"/.exec(chart ?? "") ?? [];
  const [first, second, third] = points.split(" ").map((each) => each.split(",").map(Number));
  assert.ok(first && second && third);
  assert.deepEqual([second[1], third[1]], [first[1], first[1]]);
  assert.equal(Number(second[0]) - Number(first[0]), Number(third[0]) - Number(second[0]));
});

test("a text cannot end its element", () => {
  assert.match(text("a<b&c", { x: 0, y: 0 }), />a&#60;b&#38;c<\/text>$/);
});
