import { deepFreeze, type JournalEntry, type Json } from "@agentflow/core";

const decoded = new WeakMap<JournalEntry, Json>();

/** The frozen value of an entry, decoded once. */
export function parsed(entry: JournalEntry): Json {
  const known = decoded.get(entry);
  if (known !== undefined) return known;
  const value = deepFreeze(JSON.parse(entry.value) as Json) as Json;
  if (typeof value === "object" && value !== null) decoded.set(entry, value);
  return value;
}
