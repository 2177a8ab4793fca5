import { type RestedRun, type RunHead, RunOwnedError } from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import type { Owner } from "../ownership/owner.ts";
import type { ResumeOptions } from "./resume-options.ts";

/** A run that is due, and what it goes on with. */
export interface DueRun {
  readonly head: RunHead;
  readonly workflow: CompiledWorkflow;
  readonly options: ResumeOptions;
}

/**
 * Takes due runs in one call of the store, with what they go on from: however many there are, none waits for the others.
 * The answer gives each run as it was taken, or undefined for one that has to be looked at before it is taken, and rejects
 * with RunOwnedError for one that another process has by now.
 */
export function takeRested(
  due: readonly DueRun[],
  { tenant, owner }: { readonly tenant: string; readonly owner: Owner },
): (run: DueRun) => Promise<RestedRun | undefined> {
  const together = new Set(due.filter(goesOnAsItIs));
  const take = async (): Promise<ReadonlyMap<string, RestedRun>> => {
    const taken = await owner.takeRested(
      tenant,
      [...together].map(({ head }) => head),
    );
    return new Map(taken.map((rested) => [rested.head.runId, rested]));
  };
  const taking = together.size === 0 ? undefined : take();
  return async (run) => {
    if (taking === undefined || !together.has(run)) return undefined;
    const rested = (await taking).get(run.head.runId);
    if (rested === undefined) {
      const { runId } = run.head;
      throw new RunOwnedError(`Run ${runId} cannot be taken: another process was faster.`, {
        context: { runId },
      });
    }
    return rested;
  };
}

/** Nothing has to be asked before it is taken: it waits, or begins, and the workflow in hand is the one that made it. */
function goesOnAsItIs({ head, workflow }: DueRun): boolean {
  const isReady = head.status === "waiting" || head.status === "queued";
  return isReady && head.owner === undefined && head.fingerprint === workflow.workflow.fingerprint;
}
