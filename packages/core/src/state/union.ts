import { canonicalJson } from "../encoding/canonical-json.ts";
import type { Json } from "../encoding/json.ts";
import type { Field } from "./field.ts";
import type { FieldOptions } from "./field-options.ts";
import { listField } from "./list-field.ts";

/**
 * A set, kept as a list in order of first appearance: items with the same canonical JSON are one item. Each delta is a
 * list of items; empty by default, never a conflict. The codec is that of one item.
 */
export function union<T>(
  options?: FieldOptions<T, readonly T[]>,
): Field<readonly T[], readonly T[], "optional"> {
  return listField("union", uniteItems, options);
}

function uniteItems(current: readonly Json[], delta: readonly Json[]): readonly Json[] {
  const seen = new Set(current.map(canonicalJson));
  const added: Json[] = [];
  for (const item of delta) {
    const key = canonicalJson(item);
    if (seen.has(key)) continue;
    seen.add(key);
    added.push(item);
  }
  return added.length === 0 ? current : Object.freeze([...current, ...added]);
}
