import type { OpenInterrupt, RunStatus, SqlValue, WaitKey, WaitRow } from "@agentflow/core";
import { isRef } from "./journal-values.ts";

/** Columns of a wait's key after its run number, in the order of {@link waitKeyValues}. */
export const waitKeyColumns = "scope, superstep, ordinal, entry";

/** Columns of a wait after its run number, in the order of {@link waitValues}. */
export const waitColumns = `${waitKeyColumns}, kind, topic, at, deadline`;

/** The values of a wait's key in column order. */
export function waitKeyValues({ scope, superstep, ordinal, entry }: WaitKey): SqlValue[] {
  return [scope, superstep, ordinal, entry];
}

/** The values of a wait in column order. */
export function waitValues(row: WaitRow): SqlValue[] {
  const { kind, key, at, deadline } = row;
  return [...waitKeyValues(row), kind, key, at, deadline ?? null];
}

/**
 * Columns of an open interrupt, read from `af_waits w`, `af_journal j`, `af_origins o` and `af_runs r`, in the order that
 * {@link interruptFrom} expects.
 */
export const interruptColumns =
  "o.tenant, o.run_id, o.workflow, r.status, w.scope, w.superstep, w.ordinal, w.entry, w.topic, j.name, j.node, j.value, " +
  "j.ref, w.at, w.deadline";

/** The tables and joins that {@link interruptColumns} are read from: interrupts without an answer. */
export const openInterrupts = `af_waits w
  JOIN af_runs r ON r.rid = w.rid
  JOIN af_origins o ON o.rid = w.rid
  JOIN af_journal j ON j.rid = w.rid AND j.scope = w.scope AND j.superstep = w.superstep AND j.ordinal = w.ordinal
    AND j.entry = w.entry AND j.kind = 'interrupt'`;

/** An open interrupt from its columns. */
export function interruptFrom(values: readonly SqlValue[]): OpenInterrupt {
  return {
    tenant: values[0] as string,
    runId: values[1] as string,
    workflow: values[2] as string,
    status: values[3] as RunStatus,
    scope: values[4] as string,
    superstep: values[5] as number,
    ordinal: values[6] as number,
    entry: values[7] as number,
    id: values[8] as string,
    name: values[9] as string,
    node: values[10] as string,
    payload: values[11] as string,
    ref: isRef(values[12] as number | null),
    at: values[13] as number,
    deadline: (values[14] ?? undefined) as number | undefined,
  };
}
