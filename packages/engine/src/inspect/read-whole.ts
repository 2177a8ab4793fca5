import { type RunHead, RunNotFoundError, type RunStore, requireHistory } from "@agentflow/core";

/**
 * Reads the history of a run with `work`, in several calls of the store, between which retention may remove the run or
 * its history (S24). Rejects with HistoryRemovedError or RunNotFoundError then, whatever `work` made of the rest.
 */
export async function readWhole<T>(head: RunHead, runs: RunStore, work: () => Promise<T>): Promise<T> {
  requireHistory(head);
  const read = await work().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  await requireWhole(head, runs);
  if ("error" in read) throw read.error;
  return read.value;
}

/** Rejects with HistoryRemovedError or RunNotFoundError if something of a run has been removed since its head was read. */
export async function requireWhole({ tenant, runId }: RunHead, runs: RunStore): Promise<void> {
  const now = await runs.readHead(tenant, runId);
  if (now === undefined)
    throw new RunNotFoundError(`The run ${runId} was removed while it was read.`, { context: { runId } });
  requireHistory(now);
}
