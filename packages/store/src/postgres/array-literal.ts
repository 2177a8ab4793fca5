import type { SqlValue } from "@agentflow/core";

/** Values of one column as PostgreSQL writes an array (postgresql.org/docs/current/arrays.html#ARRAYS-IO). */
export function arrayLiteral(values: readonly SqlValue[]): string {
  return `{${values.map(elementLiteral).join(",")}}`;
}

// What JSON writes in another way than PostgreSQL does: control characters, and halves of pairs that may be alone.
const differsInJson = /[^ -\ud7ff\ue000-\uffff]/;

function elementLiteral(value: SqlValue): string {
  if (value === null) return "NULL";
  if (typeof value !== "string") return String(value);
  if (!value.includes('"') && !value.includes("\\")) return `"${value}"`;
  // The quotes of JSON are three times as fast as a replacement, and a batch is mostly this.
  return differsInJson.test(value) ? `"${value.replace(/["\\]/g, "\\$&")}"` : JSON.stringify(value);
}
