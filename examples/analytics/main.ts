import { checkDataset, generateSales, OpenDataset, sales } from "agentflow/analytics";

const rows = Number(process.argv[2] ?? 1_000_000);
const folder = "data/sales";

await generateSales(folder, {
  rows,
  onProgress: ({ rowsDone, rowsPerSecond, secondsLeft }) =>
    console.error(
      `${rowsDone} rows, ${Math.round(rowsPerSecond)} a second, ${secondsLeft.toFixed(1)} s left`,
    ),
});

const { checks } = await checkDataset(sales, folder);
const failed = checks.filter(({ passed }) => !passed);
console.log(`${checks.length} tests of the dataset, ${failed.length} failed`);

using dataset = await OpenDataset.open(sales, folder);
const { rows: growth, receipt } = await dataset.ask({
  measures: ["revenue", "margin"],
  by: ["region", "year"],
  where: { quarter: 4 },
  windows: { growth: { kind: "growth", of: "revenue", along: "year" } },
});
for (const { region, year, revenue, growth: change } of growth) {
  console.log(region, year, revenue, change === null ? "" : `${(100 * change).toFixed(1)} %`);
}
console.log(`${receipt.filesRead} files read, ${receipt.filesSkipped} skipped`);
