import type { SqlValue, StepRow } from "@agentflow/core";

/** Columns of a step row after its run number, in the order of {@link stepValues}. */
export const stepColumns =
  "scope, superstep, ordinal, seq, epoch, event, node, item, origin, edge, attempt, opens, started_at, duration_ms, delta, detail, seal";

/** How many values a step row has. */
export const stepLength = stepColumns.split(",").length;

/** The values of a step row in column order. */
export function stepValues(row: StepRow): SqlValue[] {
  return [
    row.scope,
    row.superstep,
    row.ordinal,
    row.seq,
    row.epoch,
    row.event,
    row.node,
    row.item,
    row.origin,
    row.edge,
    row.attempt,
    row.opens ? 1 : 0,
    row.startedAt,
    row.durationMs,
    row.delta,
    row.detail ?? null,
    row.seal ?? null,
  ];
}

/** The inverse of {@link stepValues}. */
export function stepFrom(values: readonly SqlValue[]): StepRow {
  return {
    scope: values[0] as string,
    superstep: values[1] as number,
    ordinal: values[2] as number,
    seq: values[3] as number,
    epoch: values[4] as number,
    event: values[5] as number,
    node: values[6] as string,
    item: values[7] as number,
    origin: values[8] as string,
    edge: values[9] as number,
    attempt: values[10] as number,
    opens: values[11] === 1,
    startedAt: values[12] as number,
    durationMs: values[13] as number,
    delta: values[14] as string,
    detail: (values[15] ?? undefined) as string | undefined,
    seal: (values[16] ?? undefined) as string | undefined,
  };
}
