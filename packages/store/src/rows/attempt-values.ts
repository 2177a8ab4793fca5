import type { AttemptRow, SqlValue } from "@agentflow/core";

/** Columns of an attempt row after its run number, in the order of {@link attemptValues}. */
export const attemptColumns =
  "scope, superstep, ordinal, round, attempt, seq, epoch, event, node, item, opens, outcome, failure, next_at, entries, started_at, duration_ms";

/** The values of an attempt row in column order. */
export function attemptValues(row: AttemptRow): SqlValue[] {
  return [
    row.scope,
    row.superstep,
    row.ordinal,
    row.round,
    row.attempt,
    row.seq,
    row.epoch,
    row.event,
    row.node,
    row.item,
    row.opens ? 1 : 0,
    row.outcome,
    row.failure,
    row.nextAt ?? null,
    row.entries ?? null,
    row.startedAt,
    row.durationMs,
  ];
}

/** The inverse of {@link attemptValues}. */
export function attemptFrom(values: readonly SqlValue[]): AttemptRow {
  return {
    scope: values[0] as string,
    superstep: values[1] as number,
    ordinal: values[2] as number,
    round: values[3] as number,
    attempt: values[4] as number,
    seq: values[5] as number,
    epoch: values[6] as number,
    event: values[7] as number,
    node: values[8] as string,
    item: values[9] as number,
    opens: values[10] === 1,
    outcome: values[11] as AttemptRow["outcome"],
    failure: values[12] as string,
    nextAt: (values[13] ?? undefined) as number | undefined,
    entries: (values[14] ?? undefined) as string | undefined,
    startedAt: values[15] as number,
    durationMs: values[16] as number,
  };
}
