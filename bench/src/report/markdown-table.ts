/** A Markdown table; the first column is text, the others are figures, aligned to the right, unless said. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  others: "figures" | "text" = "figures",
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = header.map((_, index) => (index === 0 || others === "text" ? "---" : "---:"));
  return [line(header), line(rule), ...rows.map(line)].join("\n");
}

/** Three significant digits with thousands separated: 41.2, 1,230, 0.034. */
export function formatFigure(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return rounded.toLocaleString("en-US", { maximumFractionDigits: 10 });
}
