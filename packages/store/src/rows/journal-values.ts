import type { JournalEntry, JournalKind, JournalRow, SqlValue } from "@agentflow/core";

/** Columns of a journal row after its run number, in the order of {@link journalValues}. */
export const journalColumns =
  "scope, superstep, ordinal, entry, kind, seq, epoch, event, node, item, opens, started_at, name, input_hash, nth, attempt, value, ref, at, duration_ms, cache, inbox";

/** The values of a journal row in column order. */
export function journalValues(row: JournalRow): SqlValue[] {
  const { entry } = row;
  return [
    row.scope,
    row.superstep,
    row.ordinal,
    entry.index,
    entry.kind,
    row.seq,
    row.epoch,
    row.event,
    row.node,
    row.item,
    row.opens ? 1 : 0,
    row.startedAt,
    entry.name,
    entry.inputHash,
    entry.nth,
    entry.attempt,
    entry.value,
    flagsOf(entry),
    entry.at,
    entry.durationMs,
    entry.cache ?? null,
    entry.inbox ?? null,
  ];
}

/** Column `ref`: 4 if `ref` is given, 1 if it is true, 2 for an effect; null for the usual entry, which has neither. */
function flagsOf({ ref, effect }: JournalEntry): number | null {
  const flags = (ref === undefined ? 0 : 4) + (ref === true ? 1 : 0) + (effect === true ? 2 : 0);
  return flags === 0 ? null : flags;
}

/** Whether column `ref` says that the value is a blob's hash. */
export function isRef(flags: number | null): boolean {
  return ((flags ?? 0) & 1) === 1;
}

function flagged(flags: number | null): Pick<JournalEntry, "ref" | "effect"> {
  if (flags === null) return {};
  return { ...(flags & 4 ? { ref: (flags & 1) === 1 } : {}), ...(flags & 2 ? { effect: true } : {}) };
}

/** The inverse of {@link journalValues}. */
export function journalFrom(values: readonly SqlValue[]): JournalRow {
  const cache = values[20] as "hit" | "miss" | null;
  const inbox = values[21] as number | null;
  const entry: JournalEntry = {
    index: values[3] as number,
    kind: values[4] as JournalKind,
    name: values[12] as string,
    inputHash: values[13] as string,
    nth: values[14] as number,
    attempt: values[15] as number,
    value: values[16] as string,
    ...flagged(values[17] as number | null),
    at: values[18] as number,
    durationMs: values[19] as number,
    ...(cache === null ? {} : { cache }),
    ...(inbox === null ? {} : { inbox }),
  };
  return {
    scope: values[0] as string,
    superstep: values[1] as number,
    ordinal: values[2] as number,
    seq: values[5] as number,
    epoch: values[6] as number,
    event: values[7] as number,
    node: values[8] as string,
    item: values[9] as number,
    opens: values[10] === 1,
    startedAt: values[11] as number,
    entry,
  };
}
