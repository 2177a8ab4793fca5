import { type RunHead, type RunStore, VersionMismatchError, type Workflow } from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import { readAllRecords } from "../resume/read-all-records.ts";
import type { ScopeExecution } from "../run/scope-execution.ts";
import { StateFollower } from "../streams/state-follower.ts";
import type { ForkPoint } from "./fork-point.ts";

/** A state that a run had: before a step, or at a checkpoint. */
export interface StateAt {
  readonly runId: string;
  /** Step id, or the `event` of a checkpoint. */
  readonly at: string | number;
  /** The workflow of the run: folding its deltas needs its reducers. */
  readonly workflow: Workflow;
}

/**
 * The scope of a point as it stood there, by the code of the workflow; nothing of it is executed. Rejects with
 * VersionMismatchError where another version made that part of the run.
 */
export async function scopeAt(
  head: RunHead,
  { scope, event }: ForkPoint,
  workflow: CompiledWorkflow,
  runs: RunStore,
): Promise<ScopeExecution> {
  const follower = await StateFollower.open(head, workflow, runs);
  for await (const record of readAllRecords(head, runs)) {
    if (record.row.event > event) break;
    await follower.apply(record);
  }
  const execution = follower.at(scope);
  if (execution !== undefined) return execution;
  const { runId } = head;
  const message = `The state of run ${runId} at event ${event} is not one of the workflow in hand.`;
  throw new VersionMismatchError(message, { context: { runId, scope, event } });
}
