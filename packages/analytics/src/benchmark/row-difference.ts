import type { Cell } from "../execute/cell.ts";
import type { Row } from "../execute/duck-database.ts";

// Engines that add floating-point numbers do it in different orders.
const tolerance = 1e-9;

function isNumeric(value: Cell | undefined): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function isSame(one: Cell | undefined, other: Cell | undefined): boolean {
  if (one === other) return true;
  if (!isNumeric(one) || !isNumeric(other)) return false;
  const [a, b] = [Number(one), Number(other)];
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
}

/**
 * Says where the rows of another system differ from the expected ones, or undefined where they do not: another number
 * of rows, another order, another value. Columns that only the other one has do not matter.
 */
export function rowDifference(expected: readonly Row[], found: readonly Row[]): string | undefined {
  if (expected.length !== found.length) return `${found.length} rows in place of ${expected.length}`;
  for (const [index, row] of expected.entries()) {
    for (const [column, value] of Object.entries(row)) {
      const other = found[index]?.[column];
      if (isSame(value, other)) continue;
      return `row ${index + 1} has ${column} ${String(other)} in place of ${String(value)}`;
    }
  }
  return undefined;
}
