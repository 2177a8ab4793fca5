import type { Json } from "./json.ts";

/**
 * Freezes a JSON value in place, all the way down, and returns it. A part that is frozen already is taken to be frozen
 * all the way down, so only new parts cost time.
 */
export function deepFreeze<T extends Json>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Array.isArray(value) ? value : Object.values(value)) deepFreeze(part as Json);
  return value;
}
