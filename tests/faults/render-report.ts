import type { FaultReport, FaultSection } from "./fault-report.ts";

const shownViolationsMax = 20;

/** The report as text: a table of the counts, a column per section, then notes, skips and violations. */
export function renderReport(report: FaultReport): string {
  const lines = [...countTable(report), ""];
  for (const { label, notes } of report.sections) for (const note of notes) lines.push(`${label}: ${note}`);
  for (const { section, missing } of report.skipped)
    lines.push(`SKIPPED: ${report.name} on ${section}: ${missing}`);
  const { violations } = report;
  for (const { section, promise, detail } of violations.slice(0, shownViolationsMax))
    lines.push(`VIOLATION on ${section}: ${promise}${detail === undefined ? "" : `\n    ${detail}`}`);
  const more = violations.length - shownViolationsMax;
  if (more > 0) lines.push(`... and ${more} violations more (--json prints all)`);
  lines.push(`${report.name}: ${violations.length} violations (seed ${report.seed})`);
  return `${lines.join("\n")}\n`;
}

function countTable({ sections, meanings }: FaultReport): readonly string[] {
  // Where all is counted under conditions, the column of the store itself is empty.
  const isEmpty = ({ label, counts }: FaultSection): boolean =>
    counts.size === 0 && sections.some((other) => other.label.startsWith(`${label} `));
  const shown = sections.filter((section) => section.skipped === undefined && !isEmpty(section));
  if (shown.length === 0) return [];
  const rows = Object.entries(meanings).map(([name, meaning]) => [
    name,
    ...shown.map(({ counts }) => String(counts.get(name) ?? 0)),
    meaning,
  ]);
  const table = [["", ...shown.map(({ label }) => label), ""], ...rows];
  const widths = ["", ...shown].map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return cells.join("  ").trimEnd();
  });
}
