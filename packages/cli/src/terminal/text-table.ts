import { stripVTControlCharacters } from "node:util";

/** A column of a table; `align` is left if not given. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Cuts a text to a number of columns, with an ellipsis; colour codes are dropped from a text that is cut. */
export function cutText(text: string, columns: number): string {
  const plain = stripVTControlCharacters(text);
  return plain.length <= columns ? text : `${plain.slice(0, Math.max(0, columns - 1))}…`;
}

/** Puts a text on one line: control characters, which could steer the terminal, become spaces. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim();
}

/** Lays out rows under titles, two spaces apart; cells may be coloured. Lines carry no trailing spaces. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const lines = [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((cells) => width(cells[index] ?? ""))));
  return lines.map((cells) =>
    cells
      .map((cell, index) => {
        const gap = " ".repeat((widths[index] ?? 0) - width(cell));
        return columns[index]?.align === "right" ? gap + cell : cell + gap;
      })
      .join("  ")
      .trimEnd(),
  );
}
