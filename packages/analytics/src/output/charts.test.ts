import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryError } from "@agentflow/core";
import { barChartSvg } from "./bar-chart.ts";
import { amountText, type LineChart } from "./chart.ts";
import { barChartOf, lineChartOf } from "./chart-of.ts";
import { chartPage } from "./chart-page.ts";
import { lineChartSvg } from "./line-chart.ts";
import { barChartText, lineChartText, sparkline } from "./text-chart.ts";

/** Checks that every element is closed, and gives the attributes of those with a name. */
function elements(xml: string, name: string): Record<string, string>[] {
  const open: string[] = [];
  const found: Record<string, string>[] = [];
  const text = xml.replaceAll(/<style>[\s\S]*?<\/style>/g, "");
  for (const [, closing, tag = "", attributes = "", empty] of text.matchAll(
    /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
  )) {
    if (closing === "/") assert.equal(open.pop(), tag);
    else if (empty !== "/") open.push(tag);
    if (closing === "" && tag === name) {
      const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]);
      found.push(Object.fromEntries(pairs));
    }
  }
  assert.deepEqual(open, []);
  assert.equal(text.replaceAll(/<\/?[a-zA-Z][^<>]*>/g, "").includes("<"), false);
  return found;
}

const bars = {
  title: 'Revenue & "margin" <b>',
  labels: ["Europe", "Asia <script>"],
  series: [
    { name: "2022", values: [200, 100] },
    { name: "2023", values: [-50, null] },
  ],
};

const lines: LineChart = {
  title: "Revenue",
  along: ["2021-01", "2021-02", "2021-03", "2021-04"],
  panels: [
    {
      title: "Toys",
      series: [
        { name: "revenue", values: [10, 20, null, 40] },
        { name: "moving_average", derived: true, values: [10, 15, 15, 30] },
      ],
    },
    { title: "Books", series: [{ name: "revenue", values: [1, 2, 3, 4] }] },
  ],
};

test("bars are as long as their amounts, on one scale with the 0, and each says its amount", () => {
  const svg = barChartSvg(bars);
  const drawn = elements(svg, "rect").filter(
    ({ fill, height }) => fill?.startsWith("url(") && height === "13",
  );
  const [first, second, third] = drawn.map(({ width }) => Number(width));
  assert.equal(drawn.length, 3);
  // Widths have one decimal.
  assert.ok(Math.abs(Number(first) / 200 - -Number(second) / -50) < 0.01);
  assert.ok(Math.abs(Number(third) / 100 - Number(first) / 200) < 0.01);
  // What is below 0 ends where what is above begins.
  const [above, below] = drawn;
  assert.ok(Math.abs(Number(below?.["x"]) + Number(below?.["width"]) - Number(above?.["x"])) < 0.2);
  for (const amount of ["200", "100", "-50"]) assert.ok(svg.includes(`>${amount}<`), amount);
});

test("a chart says in words what it shows, and no text of the data is markup", () => {
  for (const svg of [barChartSvg(bars), lineChartSvg(lines)]) {
    const [root] = elements(svg, "svg");
    assert.equal(root?.["role"], "img");
    const ids = [...elements(svg, "title"), ...elements(svg, "desc")].map(({ id }) => id);
    assert.equal(root?.["aria-labelledby"], ids.join(" "));
    assert.ok(!/<script|<b>/.test(svg));
  }
  assert.match(
    barChartSvg(bars),
    /<desc[^>]*>2022: least 100 \(Asia &#60;script&#62;\), greatest 200 \(Europe\), last 100/,
  );
  assert.match(lineChartSvg(lines), /Toys, revenue: least 10 \(2021-01\), greatest 40 \(2021-04\), last 40/);
  assert.match(
    lineChartSvg({ ...lines, panels: [{ title: "", series: [{ name: "x", values: [null] }] }] }),
    /x: no values/,
  );
});

test("series differ without colour: by the stripes of bars, by dashes and marks of lines", () => {
  const fills = new Set(elements(barChartSvg(bars), "rect").map(({ fill }) => fill));
  assert.equal([...fills].filter((fill) => fill?.startsWith("url(")).length, 2);
  const stripes = elements(barChartSvg(bars), "pattern").length;
  assert.ok(stripes >= 2);
  const many: LineChart = {
    ...lines,
    panels: [
      { title: "", series: ["a", "b", "c", "d"].map((name, index) => ({ name, values: [index, 1, 2, 3] })) },
    ],
  };
  const curves = elements(lineChartSvg(many), "polyline").map((each) => each["stroke-dasharray"] ?? "solid");
  assert.equal(new Set(curves).size, 4);
});

test("a point is where its amount and its place say, a missing one is a gap, an average is dashed in the same colour", () => {
  const svg = lineChartSvg({ ...lines, panels: [lines.panels[0] as LineChart["panels"][number]] });
  const [revenue, average] = elements(svg, "polyline");
  const points = String(revenue?.["points"])
    .split(" ")
    .map((each) => each.split(",").map(Number));
  // The line ends at the gap; the last point stands alone, with a mark and no line.
  assert.equal(points.length, 2);
  const marks = elements(svg, "circle").map(({ cx, cy }) => [Number(cx), Number(cy)]);
  const [one, two, four] = marks as [number[], number[], number[]];
  assert.ok(Math.abs(Number(four[0]) - Number(one[0]) - 3 * (Number(two[0]) - Number(one[0]))) < 0.5);
  assert.ok(Math.abs(Number(one[1]) - Number(four[1]) - 3 * (Number(one[1]) - Number(two[1]))) < 0.5);
  assert.equal(revenue?.["stroke-dasharray"], undefined);
  assert.equal(average?.["stroke-dasharray"], "6 4");
  assert.equal(average?.["class"], revenue?.["class"]);
});

test("a scaling curve in proportion is straight on logarithmic scales", () => {
  const svg = lineChartSvg({
    title: "Scaling",
    along: [50, 100, 200],
    panels: [{ title: "", series: [{ name: "linear", values: [0.5, 1, 2] }] }],
    logarithmic: true,
    axisTitle: "million rows",
  });
  const [curve] = elements(svg, "polyline");
  const [a, b, c] = String(curve?.["points"])
    .split(" ")
    .map((each) => each.split(",").map(Number)) as [number[], number[], number[]];
  assert.ok(Math.abs((a[1] as number) - 2 * (b[1] as number) + (c[1] as number)) < 0.3);
  assert.ok(Math.abs((a[0] as number) - 2 * (b[0] as number) + (c[0] as number)) < 0.3);
  assert.ok(svg.includes("million rows"));
});

test("the same data gives the same bytes, and two charts in a page have no id in common", () => {
  assert.equal(barChartSvg(bars), barChartSvg(bars));
  const table = { columns: ["region", "revenue"], rows: [{ region: "A & B", revenue: 5 }] };
  const page = chartPage({ title: "Report", charts: [barChartSvg(bars), lineChartSvg(lines)], table });
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(page.includes("<td>A &#38; B</td>") && page.includes('<td class="number">5</td>'));
  assert.ok(!/<script|http:\/\/(?!www\.w3\.org)|https:/.test(page));
});

test("an answer becomes bars side by side for few values of its last dimension, and lines with a panel for each other one", () => {
  const rows = [
    { region: "Asia", year: 2022, revenue: 1 },
    { region: "Asia", year: 2023, revenue: 2 },
    { region: "Europe", year: 2023, revenue: 30 },
  ];
  const table = { columns: ["region", "year", "revenue"], rows };
  const columns = { title: "t", dimensions: ["region", "year"], time: ["year"], values: ["revenue"] };
  assert.deepEqual(barChartOf(table, columns), {
    title: "t",
    labels: ["Asia", "Europe"],
    series: [
      { name: "year 2022", values: [1, null] },
      { name: "year 2023", values: [2, 30] },
    ],
  });
  assert.deepEqual(lineChartOf(table, columns), {
    title: "t",
    along: ["2022", "2023"],
    panels: [
      { title: "Europe", series: [{ name: "revenue", derived: false, values: [null, 30] }] },
      { title: "Asia", series: [{ name: "revenue", derived: false, values: [1, 2] }] },
    ],
  });
  const months = [12, 4].map((month) => ({ year: 2021, quarter: 1, month, revenue: month }));
  const time = ["year", "quarter", "month"];
  const along = lineChartOf(
    { columns: [], rows: months },
    { title: "", dimensions: time, time, values: ["revenue"] },
  );
  assert.deepEqual(along.along, ["2021-04", "2021-12"]);
  assert.throws(() => lineChartOf(table, { ...columns, time: [] }), QueryError);
  assert.throws(() => barChartOf(table, { ...columns, values: [] }), QueryError);
});

test("in a terminal, bars are exact to an eighth of a column, and a course is one line of blocks", () => {
  const chart = { title: "", labels: ["a", "bb"], series: [{ name: "x", values: [80, -5] }] };
  assert.deepEqual(
    barChartText(chart, 18),
    ["a   ██████████ 80", "bb  ░ -5"].map((line) => line),
  );
  assert.deepEqual(barChartText({ ...bars, labels: ["E", "A"] }, 30), [
    "E  2022  ████████████████ 200",
    "   2023  ░░░░ -50",
    "A  2022  ████████ 100",
    "   2023  -",
  ]);
  assert.equal(sparkline([0, 1, 2, 3, 4, 5, 6, 7, null, 7]), "▁▂▃▄▅▆▇█ █");
  assert.equal(sparkline([5, 5]), "▁▁");
  assert.deepEqual(lineChartText(lines), [
    "Toys   revenue         ▁▃ █  10 → 40",
    "       moving_average  ▁▃▃█  10 → 30",
    "Books  revenue         ▁▃▆█  1 → 4",
  ]);
});

test("amounts have three digits and a unit, also at its edges", () => {
  const written = [0, 1, 950, 999.4, 999.6, 1_234_567, -2.5e9, 0.04567, 1e12].map(amountText);
  assert.deepEqual(written, ["0", "1", "950", "999", "1 k", "1.23 M", "-2.5 G", "0.0457", "1 T"]);
});
