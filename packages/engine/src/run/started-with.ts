import type { Durability, RunOrigin, RunStore, WorkflowLimits } from "@agentflow/core";

/** What a run was started with, and keeps whoever goes on with it. */
export interface StartedWith {
  /** The level of its commits; undefined: the store's default. */
  readonly durability?: Durability;
  readonly limits?: WorkflowLimits;
}

/** Reads what a stored run was started with. */
export async function readStartedWith(
  { tenant, runId }: Pick<RunOrigin, "tenant" | "runId">,
  runs: RunStore,
): Promise<StartedWith> {
  const [first] = await runs.readRecords({ tenant, runId, afterEvent: 0, limit: 1 });
  return first?.kind === "mark" && first.row.type === "run.started" ? startedWith(first.row.data) : {};
}

/** What the data of a run's first event says that it was started with. */
export function startedWith(data: string | undefined): StartedWith {
  return data === undefined ? {} : (JSON.parse(data) as StartedWith);
}
