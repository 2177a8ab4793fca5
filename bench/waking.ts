/**
 * Sleeping runs that are all due at once: `n24 bench/waking.ts [--runs 10000] [--stores memory,sqlite,postgres,mysql]
 * [--lead 30] [--check]`. Prints how late their steps go on, in the process that started them and in another one that
 * serves, and what a sleeping run costs in memory.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatFigure, markdownTable } from "./src/report/markdown-table.ts";
import { percentile } from "./src/statistics.ts";
import { measureWaking, type WakingStore } from "./src/waking/measure-waking.ts";

/** How late the last step may go on, on the stores that are held to it, and what a sleeping run may cost. */
const lateLimitMs = 1_000;
const heapLimitBytes = 2_048;
const heldTo: readonly WakingStore[] = ["memory", "sqlite"];

const { values: asked } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    stores: { type: "string", default: "memory,sqlite,postgres,mysql" },
    lead: { type: "string", default: "30" },
    check: { type: "boolean", default: false },
  },
});
const runs = Number(asked.runs);
const directory = join(import.meta.dirname, ".data", "waking");

const rows: string[][] = [];
let misses = 0;
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
try {
  for (const store of asked.stores.split(",") as WakingStore[]) {
    for (const by of ["starter", "server"] as const) {
      if (store === "memory" && by === "server") continue;
      const found = await measureWaking({ store, by, runs, leadMs: Number(asked.lead) * 1_000, directory });
      const { lateMs, endedMs, heapBytes } = found;
      const worst = Math.max(...lateMs);
      // The rows themselves are in the memory of that store.
      const isHeavy = store !== "memory" && heapBytes !== undefined && heapBytes > heapLimitBytes;
      if (heldTo.includes(store) && (worst > lateLimitMs || isHeavy)) misses += 1;
      const figures = [percentile(lateMs, 0.5), percentile(lateMs, 0.95), worst, Math.max(...endedMs)];
      rows.push([
        store,
        by,
        ...figures.map(formatFigure),
        heapBytes === undefined ? "" : formatFigure(heapBytes),
      ]);
    }
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
const header = [
  "store",
  "woken by",
  "late p50",
  "late p95",
  "late at most",
  "ended at most",
  "heap bytes a run",
];
process.stdout.write(
  `${runs.toLocaleString("en-US")} runs, milliseconds\n\n${markdownTable(header, rows)}\n`,
);
if (misses > 0)
  process.stdout.write(
    `\n${misses} of them miss what they are held to: ${lateLimitMs} ms, ${heapLimitBytes} bytes.\n`,
  );
process.exitCode = asked.check && misses > 0 ? 1 : 0;
