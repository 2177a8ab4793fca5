import type { Cell } from "../execute/cell.ts";
import { escapeText } from "./svg.ts";

/** A table of cells with the names of its columns. */
export interface RowTable {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

function cellText(value: Cell | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Writes rows as CSV (RFC 4180) with a line of names; no value is an empty field. */
export function rowsToCsv({ columns, rows }: RowTable): string {
  const lines = [columns, ...rows.map((row) => columns.map((name) => cellText(row[name])))];
  return lines.map((fields) => `${fields.map(csvField).join(",")}\n`).join("");
}

/** Writes rows as a table of Markdown; numbers stand to the right. */
export function rowsToMarkdown({ columns, rows }: RowTable): string {
  const field = (text: string): string =>
    text.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll(/\r?\n/g, " ");
  const line = (fields: readonly string[]): string => `| ${fields.join(" | ")} |\n`;
  const rule = columns.map((name) => (isNumber(rows, name) ? "---:" : "---"));
  const cells = rows.map((row) => columns.map((name) => field(cellText(row[name]))));
  return [columns.map(field), rule, ...cells].map(line).join("");
}

/** True if all values of a column that there are, one at least, are numbers. */
export function isNumber(rows: RowTable["rows"], column: string): boolean {
  const values = rows.map((row) => row[column]).filter((value) => value !== null);
  return values.length > 0 && values.every((value) => typeof value === "number" || typeof value === "bigint");
}

/** Writes rows as a table of HTML. */
export function rowsToHtml({ columns, rows }: RowTable): string {
  const of = new Map(columns.map((name) => [name, isNumber(rows, name) ? ' class="number"' : ""]));
  const head = columns.map((name) => `<th scope="col"${of.get(name)}>${escapeText(name)}</th>`).join("");
  const lines = rows.map(
    (row) =>
      `<tr>${columns.map((name) => `<td${of.get(name)}>${escapeText(cellText(row[name]))}</td>`).join("")}</tr>`,
  );
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${lines.join("\n")}\n</tbody>\n</table>\n`;
}
