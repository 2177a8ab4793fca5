/** A value of a result. Whole numbers beyond 2^53 stay exact as bigint; dates and times are texts in ISO form. */
export type Cell = string | number | bigint | boolean | null;

/** Turns a value of DuckDB into a cell; `isDate` says that it is a day without a time. */
export function cellOf(value: unknown, isDate: boolean): Cell {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "bigint":
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
    default:
      if (value instanceof Date) return isDate ? value.toISOString().slice(0, 10) : value.toISOString();
      return JSON.stringify(value, (_, part) => (typeof part === "bigint" ? String(part) : part));
  }
}
