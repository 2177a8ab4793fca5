// Generates far more than a test waits for, and says when the first file of it is written.
import { generateSales } from "./generate-sales.ts";

await generateSales(process.argv[2] ?? "", {
  rows: 20_000_000,
  customers: 500,
  threads: 1,
  workers: 1,
  onProgress: () => process.stdout.write("."),
});
