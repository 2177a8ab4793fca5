import { writeFile } from "node:fs/promises";
import { type Answer, isNumber, type Receipt, rowsToCsv, rowsToMarkdown } from "@agentflow/analytics";
import { invariant } from "@agentflow/core";
import { textOption } from "../command-configuration.ts";
import type { CommandInput } from "../spec/command-spec.ts";
import { formatCount } from "../terminal/format-count.ts";
import { formatDuration } from "../terminal/format-duration.ts";
import { formatSize } from "../terminal/format-size.ts";
import type { Output } from "../terminal/output.ts";
import { textTable } from "../terminal/text-table.ts";

/** Prints the rows of an answer, or writes them to a file, and notes what they took. */
export async function printAnswer(
  answer: Answer,
  input: CommandInput,
  output: Output,
  { profile, path }: { readonly profile: boolean; readonly path: string | undefined },
): Promise<void> {
  const format = formatOf(input, output);
  if (path === undefined) output.write(answerText(answer, format, profile));
  else {
    await writeFile(path, answerText(answer, format, profile));
    output.note(`Wrote ${path}.`);
  }
  noteReceipt(answer, output, profile);
}

/** The format in which rows are printed. */
export function formatOf(input: CommandInput, output: Output): string {
  return textOption(input, "format") ?? (output.json ? "json" : "table");
}

/** Notes how many rows there are and what they took. */
export function noteReceipt({ rows, receipt }: Answer, output: Output, profile: boolean): void {
  output.note(`${formatCount(rows.length, "row")} in ${formatDuration(receipt.wallMs)}.`);
  if (profile) for (const line of receiptLines(receipt)) output.note(line);
}

function answerText(answer: Answer, format: string, profile: boolean): string {
  const { columns, rows, receipt } = answer;
  switch (format) {
    case "json":
      return `${JSON.stringify(profile ? { rows, receipt } : rows, plainNumber)}\n`;
    case "csv":
      return rowsToCsv({ columns, rows });
    case "markdown":
      return rowsToMarkdown({ columns, rows });
    default:
      invariant(format === "table", "formats of rows as text are known");
      return tableText(answer);
  }
}

function tableText({ columns, rows }: Answer): string {
  const titles = columns.map((name) => ({
    title: name,
    align: isNumber(rows, name) ? ("right" as const) : ("left" as const),
  }));
  const cells = rows.map((row) => columns.map((name) => shown(row[name])));
  return textTable(titles, cells)
    .map((line) => `${line}\n`)
    .join("");
}

function plainNumber(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "number" && !Number.isInteger(value)
    ? String(Math.round(value * 10_000) / 10_000)
    : String(value);
}

function receiptLines(receipt: Receipt): string[] {
  const { filesRead, filesSkipped, rowGroups, rowsInFiles, rowsScanned, bytesRead, cpuMs } = receipt;
  return [
    ...(receipt.rollup === undefined ? [] : [`  rollup      ${receipt.rollup}`]),
    `  files       ${filesRead} read, ${filesSkipped} skipped`,
    ...(rowGroups === undefined
      ? []
      : [`  row groups  ${rowGroups.read} read, ${rowGroups.skipped} skipped`]),
    `  rows        ${(rowsScanned ?? rowsInFiles).toLocaleString("en")} scanned of ${rowsInFiles.toLocaleString("en")} in these files`,
    ...(bytesRead === undefined
      ? []
      : [`  bytes       ${formatSize(bytesRead)} of ${formatSize(receipt.bytesInFiles)} in these files`]),
    ...(receipt.bareScanMs === undefined
      ? []
      : [
          `  bare scan   ${formatDuration(receipt.bareScanMs)}; the answer took ${(receipt.wallMs / receipt.bareScanMs).toFixed(1)} times that`,
        ]),
    `  cpu         ${formatDuration(cpuMs)}`,
  ];
}
