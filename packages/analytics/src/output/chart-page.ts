import { type RowTable, rowsToHtml } from "./rows-text.ts";
import { escapeText } from "./svg.ts";

const style = `body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 820px; padding: 0 1rem; color: #1f2328; background: #fff; }
svg { max-width: 100%; height: auto; } table { border-collapse: collapse; } caption { text-align: left; }
th, td { padding: 0.2rem 0.8rem; border-bottom: 1px solid #d1d9e0; text-align: left; } .number { text-align: right; font-variant-numeric: tabular-nums; }
@media (prefers-color-scheme: dark) { body { color: #f0f6fc; background: #0d1117; } th, td { border-color: #3d444d; } }`;

/** What a page shows. */
export interface ChartPage {
  readonly title: string;
  /** Charts as SVG. */
  readonly charts: readonly string[];
  /** The figures behind them, which a chart cannot say exactly. */
  readonly table?: RowTable;
}

/** Writes charts and their figures as one page of HTML that needs nothing else, and runs nothing. */
export function chartPage({ title, charts, table }: ChartPage): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<title>${escapeText(title)}</title>`,
    `<style>${style}</style>`,
    "<main>",
    `<h1>${escapeText(title)}</h1>`,
    ...charts,
    ...(table === undefined
      ? []
      : [`<details open><summary>Figures</summary>\n${rowsToHtml(table)}</details>`]),
    "</main>",
    "</html>\n",
  ].join("\n");
}
