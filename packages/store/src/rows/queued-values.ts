import type { Queued, SqlValue } from "@agentflow/core";

/** Columns of a place in a queue, behind the run's number. */
export const queuedColumns = "queue, tenant, topic, due_at";

/** The values of a place in column order. */
export function queuedValues(tenant: string, { queue, key, dueAt }: Queued): readonly SqlValue[] {
  return [queue, tenant, key ?? null, dueAt];
}
