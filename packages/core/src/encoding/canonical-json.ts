import { invariant } from "../errors/invariant.ts";
import type { Json, JsonObject } from "./json.ts";

/**
 * The canonical text of a JSON value by RFC 8785: no white space, keys ascending by UTF-16 code units, numbers as
 * ECMAScript prints them. Lone surrogates, which the RFC refuses, are written as escapes (S17).
 */
export function canonicalJson(value: Json): string {
  return isOrdered(value) ? JSON.stringify(value) : write(value);
}

/** True if `value` enumerates every object in canonical order, so that JSON.stringify writes the canonical text. */
function isOrdered(value: Json): boolean {
  if (typeof value !== "object" || value === null) {
    checkLeaf(value);
    return true;
  }
  if (isList(value)) {
    for (const item of value) if (!isOrdered(item)) return false;
    return true;
  }
  let previous = "";
  for (const key of Object.keys(value)) {
    if (key < previous || !isOrdered(value[key] as Json)) return false;
    previous = key;
  }
  return true;
}

function write(value: Json): string {
  if (typeof value !== "object" || value === null) {
    checkLeaf(value);
    return JSON.stringify(value);
  }
  if (isList(value)) return `[${value.map(write).join(",")}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${write(value[key] as Json)}`);
  return `{${members.join(",")}}`;
}

function checkLeaf(value: null | boolean | number | string): void {
  switch (typeof value) {
    case "string":
    case "boolean":
      return;
    case "number":
      invariant(Number.isFinite(value), `canonical JSON of the number ${value}`);
      return;
    default:
      invariant(value === null, `canonical JSON of a value of type ${typeof value}`);
  }
}

function isList(value: readonly Json[] | JsonObject): value is readonly Json[] {
  return Array.isArray(value);
}
