import type { JournalEntry, Position, ScopeRecord, StepDetail } from "@agentflow/core";
import type { Blobs } from "../resume/blobs.ts";

/** A position as a key of maps. */
export function positionKey(position: Position): string {
  return `${position.superstep}:${position.ordinal}`;
}

/** Every journal entry of a scope by the step that recorded it, wherever it was committed (S8). */
export function entriesByPosition(
  record: ScopeRecord,
  blobs: Blobs,
): ReadonlyMap<string, readonly JournalEntry[]> {
  const entries = new Map<string, JournalEntry[]>();
  const add = (position: Position, found: readonly JournalEntry[]): void => {
    const key = positionKey(position);
    const known = entries.get(key) ?? [];
    for (const entry of found) known.push(blobs.entry(entry));
    entries.set(key, known);
  };
  for (const row of record.journal) add(row, [row.entry]);
  for (const row of record.attempts) {
    if (row.entries !== undefined) add(row, JSON.parse(row.entries) as JournalEntry[]);
  }
  for (const row of record.steps) {
    if (row.detail !== undefined) add(row, (JSON.parse(row.detail) as StepDetail).entries ?? []);
  }
  return entries;
}
