import type { Json } from "../encoding/json.ts";
import type { Field } from "./field.ts";
import type { FieldOptions } from "./field-options.ts";
import { listField } from "./list-field.ts";

/**
 * A list to which each delta, a list too, is appended in order-key order; empty by default, never a conflict. The codec
 * is that of one item. The engine keeps the list in chunks, so that a step does not copy it (S17).
 */
export function append<T>(
  options?: FieldOptions<T, readonly T[]>,
): Field<readonly T[], readonly T[], "optional"> {
  return listField("append", appendItems, options);
}

function appendItems(current: readonly Json[], delta: readonly Json[]): readonly Json[] {
  return Object.freeze([...current, ...delta]);
}
