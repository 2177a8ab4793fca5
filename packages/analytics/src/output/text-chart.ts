import { amountText, type BarChart, type LineChart } from "./chart.ts";

const levels = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/** Draws values as one line of blocks, the least as the lowest; a space where there is none. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const [least, greatest] = [Math.min(...known), Math.max(...known)];
  const step = (greatest - least) / (levels.length - 1) || 1;
  return values.map((value) => (value === null ? " " : levels[Math.round((value - least) / step)])).join("");
}

/** A bar of so many columns, exact to an eighth of one. */
function bar(columns: number): string {
  const parts = Math.max(0, Math.round(columns * 8));
  return "█".repeat(Math.floor(parts / 8)) + (eighths[parts % 8] ?? "");
}

/**
 * Draws bars with characters, one line each: label, bar, amount. A negative amount has a bar of `░`, so that its sign is
 * seen. Several series are named at each bar.
 */
export function barChartText({ labels, series }: BarChart, columns = 80): string[] {
  const names = series.length > 1 ? series.map(({ name }) => name) : [];
  const labelWidth = Math.max(0, ...labels.map((label) => label.length));
  const nameWidth = Math.max(0, ...names.map((name) => name.length));
  const amounts = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const amountWidth = Math.max(1, ...amounts.map((value) => amountText(value).length));
  const greatest = Math.max(...amounts.map(Math.abs), Number.MIN_VALUE);
  const room = Math.max(8, columns - labelWidth - (names.length > 0 ? nameWidth + 2 : 0) - amountWidth - 4);
  return labels.flatMap((label, row) =>
    series.map(({ name, values }, index) => {
      const value = values[row];
      const head = (index === 0 ? label : "").padEnd(labelWidth);
      const named = names.length > 0 ? `  ${name.padEnd(nameWidth)}` : "";
      if (value === null || value === undefined) return `${head}${named}  -`;
      const drawn = bar((Math.abs(value) / greatest) * room);
      const signed = value < 0 ? "░".repeat(drawn.length) : drawn;
      return `${head}${named}  ${signed}${signed === "" ? "" : " "}${amountText(value)}`;
    }),
  );
}

/** Draws lines as sparklines: panel, series, its course, and the amounts of its ends. */
export function lineChartText({ panels }: LineChart): string[] {
  const rows = panels.flatMap(({ title, series }) =>
    series.map(({ name, values }, index) => {
      const known = values.filter((value) => value !== null);
      const [first, last] = [known[0], known.at(-1)];
      const ends =
        first === undefined || last === undefined ? "-" : `${amountText(first)} → ${amountText(last)}`;
      return { title: index === 0 ? title : "", name, course: sparkline(values), ends };
    }),
  );
  const widest = (of: (row: (typeof rows)[number]) => string): number =>
    Math.max(0, ...rows.map((row) => of(row).length));
  const [titles, names] = [widest(({ title }) => title), widest(({ name }) => name)];
  return rows.map(({ title, name, course, ends }) => {
    const head = titles === 0 ? "" : `${title.padEnd(titles)}  `;
    return `${head}${name.padEnd(names)}  ${course}  ${ends}`;
  });
}
