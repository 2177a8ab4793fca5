import { isDeepStrictEqual } from "node:util";
import type { AskOptions, OpenDataset, Question, Receipt } from "@agentflow/analytics";
import { invariant } from "@agentflow/core";
import { formatDuration } from "../terminal/format-duration.ts";
import { formatSize } from "../terminal/format-size.ts";
import type { Output } from "../terminal/output.ts";
import { textTable } from "../terminal/text-table.ts";

type Way = readonly [name: string, options: AskOptions];

/** What can be compared, and the two ways of each. */
export const ways: Readonly<Record<string, readonly [Way, Way]>> = {
  pruning: [
    ["files skipped", { rollups: false }],
    ["all files", { prune: false }],
  ],
  rollups: [
    ["rollup", {}],
    ["files", { rollups: false }],
  ],
  formats: [
    ["Parquet", { format: "parquet" }],
    ["CSV", { format: "csv" }],
  ],
};

/** Answers a question in two ways, and prints what each took. Both have to give the same rows. */
export async function compareAnswers(
  dataset: OpenDataset,
  question: Question,
  compared: string,
  output: Output,
): Promise<void> {
  const found: { readonly way: string; readonly receipt: Receipt; readonly rows: readonly unknown[] }[] = [];
  for (const [way, options] of ways[compared] ?? []) {
    const { rows, receipt } = await dataset.ask(question, options);
    found.push({ way, rows, receipt });
  }
  const [first, second] = found;
  invariant(isDeepStrictEqual(first?.rows, second?.rows), "both ways give the same rows");
  if (output.json) {
    output.object(found.map(({ way, receipt }) => ({ way, ...receipt })));
    return;
  }
  const titles = ["WAY", "FILES READ", "ROWS IN THEM", "BYTES", "CPU", "WALL"].map((title, index) => ({
    title,
    align: index === 0 ? ("left" as const) : ("right" as const),
  }));
  const cells = found.map(({ way, receipt }) => [
    way,
    String(receipt.filesRead),
    receipt.rowsInFiles.toLocaleString("en"),
    receipt.bytesRead === undefined ? "" : formatSize(receipt.bytesRead),
    formatDuration(receipt.cpuMs),
    formatDuration(receipt.wallMs),
  ]);
  for (const line of textTable(titles, cells)) output.line(line);
  output.note("Both give the same rows.");
}
