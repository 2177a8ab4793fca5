import { writeFileSync } from "node:fs";
import {
  barChartOf,
  barChartSvg,
  barChartText,
  buildRollups,
  chartPage,
  checkDataset,
  generateSales,
  lineChartOf,
  lineChartSvg,
  OpenDataset,
  sales,
} from "agentflow/analytics";

const rows = Number(process.argv[2] ?? 1_000_000);
const folder = "data/sales";

await generateSales(folder, {
  rows,
  onProgress: ({ rowsDone, rowsPerSecond, secondsLeft }) =>
    console.error(
      `${rowsDone} rows, ${Math.round(rowsPerSecond)} a second, ${secondsLeft.toFixed(1)} s left`,
    ),
});
await buildRollups(sales, folder);

const { checks } = await checkDataset(sales, folder);
const failed = checks.filter(({ passed }) => !passed);
console.log(`${checks.length} tests of the dataset, ${failed.length} failed`);

using dataset = await OpenDataset.open(sales, folder);
const { rows: growth, receipt } = await dataset.ask(
  {
    measures: ["revenue", "margin"],
    by: ["region", "year"],
    where: { quarter: 4 },
    windows: { growth: { kind: "growth", of: "revenue", along: "year" } },
  },
  { rollups: false },
);
for (const { region, year, revenue, growth: change } of growth) {
  console.log(region, year, revenue, change === null ? "" : `${(100 * change).toFixed(1)} %`);
}
console.log(`${receipt.filesRead} files read, ${receipt.filesSkipped} skipped`);

// For people: bars here, and a page with the lines of each category and their moving average.
const [regions, months] = await dataset.askAll([
  { measures: ["revenue"], by: ["region", "year"] },
  {
    measures: ["revenue"],
    by: ["category", "year", "month"],
    windows: { average: { kind: "moving-average", of: "revenue", size: 3, along: ["year", "month"] } },
  },
]);
if (regions === undefined || months === undefined) throw new Error("each question has an answer");
const bars = barChartOf(regions, {
  title: "Revenue by region",
  dimensions: ["region", "year"],
  time: ["year"],
  values: ["revenue"],
});
for (const line of barChartText(bars)) console.log(line);
const lines = lineChartOf(months, {
  title: "Revenue by month, with the mean of three months",
  dimensions: ["category", "year", "month"],
  time: ["year", "month"],
  values: ["revenue", "average"],
  derived: ["average"],
});
writeFileSync(
  "data/revenue.html",
  chartPage({ title: "Revenue", charts: [barChartSvg(bars), lineChartSvg(lines)], table: regions }),
);
console.log(`data/revenue.html, from the rollup ${months.receipt.rollup}`);
