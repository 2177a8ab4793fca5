import type { RunHead, RunStatus, SqlValue } from "@agentflow/core";

/** Columns of a head, read from `af_origins o` joined with `af_runs r`, in the order {@link headFrom} expects. */
export const headColumns =
  "o.tenant, o.run_id, o.workflow, o.version, o.fingerprint, o.seed, o.input, o.created_at, o.labels, " +
  "r.seq, r.epoch, r.events, r.emitted_seq, r.status, r.recoveries, r.round, r.budget_ms, r.steps, " +
  "r.updated_at, r.wake_at, r.owner, r.history_removed_at";

/** A head from its columns. */
export function headFrom(values: readonly SqlValue[]): RunHead {
  return {
    tenant: values[0] as string,
    runId: values[1] as string,
    workflow: values[2] as string,
    version: values[3] as string,
    fingerprint: values[4] as string,
    seed: values[5] as string,
    input: values[6] as string,
    createdAt: values[7] as number,
    labels: (values[8] ?? undefined) as string | undefined,
    seq: values[9] as number,
    epoch: values[10] as number,
    events: values[11] as number,
    emittedSeq: values[12] as number,
    status: values[13] as RunStatus,
    recoveries: values[14] as number,
    round: values[15] as number,
    budgetMs: values[16] as number,
    steps: values[17] as number,
    updatedAt: values[18] as number,
    wakeAt: (values[19] ?? undefined) as number | undefined,
    owner: (values[20] ?? undefined) as string | undefined,
    historyRemovedAt: (values[21] ?? undefined) as number | undefined,
  };
}
