import type { SqlValue } from "@agentflow/core";

/** Values of one column as PostgreSQL writes an array (postgresql.org/docs/current/arrays.html#ARRAYS-IO). */
export function arrayLiteral(values: readonly SqlValue[]): string {
  return `{${values.map(elementLiteral).join(",")}}`;
}

function elementLiteral(value: SqlValue): string {
  if (value === null) return "NULL";
  return typeof value === "string" ? `"${value.replace(/["\\]/g, "\\$&")}"` : String(value);
}
