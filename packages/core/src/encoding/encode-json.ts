/**
 * Turns what user code returned into state (S17): the only way a value enters a delta, a journal or an input.
 *
 * 1. The result is a fresh, deeply frozen copy; the caller's value is neither kept nor changed.
 * 2. Each property of an object is looked at once, through its descriptor, so a getter never runs. Items of a list are
 *    read once each: a descriptor per item would make long lists several times as slow.
 * 3. `value` deeply equals `JSON.parse(json)`, key order included; `json` is canonical (RFC 8785).
 */
import { ValidationError } from "../errors/validation-error.ts";
import { canonicalJson } from "./canonical-json.ts";
import { describeFound, type Found } from "./found-value.ts";
import type { Json, JsonObject } from "./json.ts";

/** Deepest nesting of lists and objects that a value may have. */
export const jsonDepthMax = 200;

/** A value in its stored form: the canonical text and the frozen value that it parses to. */
export interface EncodedJson {
  readonly json: string;
  readonly value: Json;
}

interface Walk {
  readonly path: string;
  readonly keys: (string | number)[];
  readonly parents: object[];
  /** A key that starts with a digit was seen: JavaScript may enumerate it out of canonical order. */
  hasDigitKey: boolean;
}

/**
 * Encodes a value as JSON by rule S17: undefined properties drop, -0 becomes 0, lone surrogates are escaped. Throws
 * ValidationError (AF_STATE_VALUE) with the path for anything else that is not JSON; `path` is where `value` sits.
 */
export function encodeJson(value: unknown, path: string): EncodedJson {
  const walk: Walk = { path, keys: [], parents: [], hasDigitKey: false };
  const copy = encodeValue(value, walk, 0);
  return { json: walk.hasDigitKey ? canonicalJson(copy) : JSON.stringify(copy), value: copy };
}

function encodeValue(value: unknown, walk: Walk, depth: number): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value)) return refuse(walk, depth, { kind: "value", value });
      return value === 0 ? 0 : value;
    case "object":
      if (value === null) return null;
      if (depth >= jsonDepthMax) return refuseDepth(value, walk);
      walk.parents[depth] = value;
      return Array.isArray(value) ? encodeList(value, walk, depth) : encodeObject(value, walk, depth);
    default:
      return refuse(walk, depth, { kind: "value", value });
  }
}

function encodeList(list: readonly unknown[], walk: Walk, depth: number): readonly Json[] {
  if (Object.getPrototypeOf(list) !== Array.prototype)
    return refuse(walk, depth, { kind: "value", value: list });
  const copy: Json[] = [];
  for (let index = 0; index < list.length; index++) {
    walk.keys[depth] = index;
    const item = list[index];
    if (item === undefined && !Object.hasOwn(list, index)) return refuse(walk, depth + 1, { kind: "hole" });
    copy.push(encodeValue(item, walk, depth + 1));
  }
  // A list owns its items and `length`; anything beside them would be lost silently.
  if (Object.keys(list).length !== list.length || Object.getOwnPropertySymbols(list).length > 0) {
    return refuse(walk, depth, { kind: "listProperty" });
  }
  return Object.freeze(copy);
}

function encodeObject(source: object, walk: Walk, depth: number): JsonObject {
  const prototype: unknown = Object.getPrototypeOf(source);
  if (prototype !== Object.prototype && prototype !== null) {
    return refuse(walk, depth, { kind: "value", value: source });
  }
  if (Object.getOwnPropertySymbols(source).length > 0) return refuse(walk, depth, { kind: "symbolKey" });
  const keys = orderedKeys(source);
  const copy: Record<string, Json> = {};
  for (const key of keys) {
    walk.keys[depth] = key;
    const property = Object.getOwnPropertyDescriptor(source, key);
    if (property === undefined || property.value === undefined) {
      if (property?.get !== undefined || property?.set !== undefined) {
        return refuse(walk, depth + 1, { kind: "accessor" });
      }
      continue;
    }
    if (!property.enumerable) return refuse(walk, depth + 1, { kind: "hidden" });
    const first = key.charCodeAt(0);
    if (first >= 48 && first <= 57) walk.hasDigitKey = true;
    setOwn(copy, key, encodeValue(property.value, walk, depth + 1));
  }
  return Object.freeze(copy);
}

function orderedKeys(source: object): string[] {
  const keys = Object.getOwnPropertyNames(source);
  for (let index = 1; index < keys.length; index++) {
    if ((keys[index] as string) < (keys[index - 1] as string)) return keys.sort();
  }
  return keys;
}

function setOwn(target: Record<string, Json>, key: string, value: Json): void {
  if (key === "__proto__") {
    // An assignment would set the prototype instead.
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

// A cycle is found when the depth limit is, so that values without one pay nothing for the search.
function refuseDepth(value: object, walk: Walk): never {
  const seen = new Map<object, number>();
  for (const [depth, parent] of [...walk.parents, value].entries()) {
    if (seen.has(parent)) return refuse(walk, depth, { kind: "cycle" });
    seen.set(parent, depth);
  }
  return refuse(walk, jsonDepthMax, { kind: "depth", depthMax: jsonDepthMax });
}

function refuse(walk: Walk, depth: number, found: Found): never {
  const path = pathText(walk, depth);
  const { text, hint } = describeFound(found);
  throw new ValidationError(
    "AF_STATE_VALUE",
    `${path === "" ? "The value" : path} is ${text}, which is not JSON.`,
    {
      hint,
      context: { path, found: text },
    },
  );
}

function pathText(walk: Walk, depth: number): string {
  let path = walk.path;
  for (const key of walk.keys.slice(0, depth)) {
    if (typeof key === "number") path += `[${key}]`;
    else if (!/^[A-Za-z_$][\w$]*$/.test(key)) path += `[${JSON.stringify(key)}]`;
    else path += path === "" ? key : `.${key}`;
  }
  return path;
}
