import type { MarkRow, MarkType, SnapshotRow, SqlValue } from "@agentflow/core";

/** Columns of a mark after its run number, in the order of {@link markValues}. */
export const markColumns = "event, seq, epoch, type, at, data, state, refs";

/** The values of a mark in column order. */
export function markValues(row: MarkRow): SqlValue[] {
  const { event, seq, epoch, type, at, data, state, refs } = row;
  return [event, seq, epoch, type, at, data ?? null, state ?? null, refs ?? null];
}

/** The inverse of {@link markValues}. */
export function markFrom(values: readonly SqlValue[]): MarkRow {
  return {
    event: values[0] as number,
    seq: values[1] as number,
    epoch: values[2] as number,
    type: values[3] as MarkType,
    at: values[4] as number,
    data: (values[5] ?? undefined) as string | undefined,
    state: (values[6] ?? undefined) as string | undefined,
    refs: (values[7] ?? undefined) as string | undefined,
  };
}

/** Columns of a snapshot after its run number, in the order of {@link snapshotValues}. */
export const snapshotColumns = "scope, superstep, seq, epoch, event, refs, seal, state";

/** The values of a snapshot in column order. */
export function snapshotValues(row: SnapshotRow): SqlValue[] {
  const { scope, superstep, seq, epoch, event, refs, seal, state } = row;
  return [scope, superstep, seq, epoch, event, refs ?? null, seal, state];
}

/** The inverse of {@link snapshotValues}. */
export function snapshotFrom(values: readonly SqlValue[]): SnapshotRow {
  return {
    scope: values[0] as string,
    superstep: values[1] as number,
    seq: values[2] as number,
    epoch: values[3] as number,
    event: values[4] as number,
    refs: (values[5] ?? undefined) as string | undefined,
    seal: values[6] as string,
    state: values[7] as string,
  };
}
