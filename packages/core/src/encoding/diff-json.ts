import { canonicalJson } from "./canonical-json.ts";
import type { Json, JsonObject } from "./json.ts";

/** One place in which two values differ: what is at it in the first, and what in the second. */
export interface JsonChange {
  /** From the values down: `notes[3].title`; a key that is no plain word stands in brackets: `facts["a b"]`. "" is all. */
  readonly path: string;
  /** Absent where the first value has nothing there. */
  readonly before?: Json;
  /** Absent where the second has nothing there. */
  readonly after?: Json;
}

/**
 * Where two values differ, as deep as both have the same shape: objects by key, in order of name, and lists by index.
 * Values with equal canonical JSON have no changes.
 */
export function diffJson(before: Json | undefined, after: Json | undefined): readonly JsonChange[] {
  const changes: JsonChange[] = [];
  compare("", before, after, changes);
  return changes;
}

function compare(
  path: string,
  before: Json | undefined,
  after: Json | undefined,
  changes: JsonChange[],
): void {
  if (before === after) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    for (let index = 0; index < length; index++)
      compare(`${path}[${index}]`, before[index], after[index], changes);
  } else if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    for (const name of names)
      compare(`${path}${step(path, name)}`, own(before, name), own(after, name), changes);
  } else {
    changes.push({
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    });
  }
}

function step(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `[${canonicalJson(name)}]`;
  return path === "" ? name : `.${name}`;
}

function own(value: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
