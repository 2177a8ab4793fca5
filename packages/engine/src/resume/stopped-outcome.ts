import { type Failure, RunFailedError, type RunHead, type RunStore, toFailure } from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import type { RunOutcome } from "../run/run-outcome.ts";
import { finishedOutcome, readLastMark } from "./finished-outcome.ts";

/**
 * How a run has stopped, as its rows tell whoever did not execute it; undefined while somebody executes it, or where it
 * goes on by itself at a time.
 */
export async function stoppedOutcome(
  head: RunHead,
  workflow: CompiledWorkflow,
  runs: RunStore,
): Promise<RunOutcome | undefined> {
  if (head.owner !== undefined || head.wakeAt !== undefined) return undefined;
  switch (head.status) {
    case "succeeded":
    case "cancelled":
      return finishedOutcome(head, workflow, runs);
    case "failed":
      return failedOutcome(head, runs);
    case "waiting":
      return { status: "waiting", steps: (await readMarkData<{ steps?: string[] }>(head, runs)).steps ?? [] };
    case "paused":
      return { status: "paused" };
    case "queued":
    case "running":
      return { status: "parked" };
  }
}

async function failedOutcome(head: RunHead, runs: RunStore): Promise<RunOutcome> {
  const { runId } = head;
  const { failure, others = [] } = await readMarkData<{ failure?: Failure; others?: Failure[] }>(head, runs);
  const known = failure ?? toFailure(new Error(`Run ${runId} failed.`));
  const error = new RunFailedError(`Run ${runId} failed: ${known.message}`, {
    failure: known,
    others,
    context: { runId },
  });
  return { status: "failed", error, failure: known, others };
}

async function readMarkData<Data>(head: RunHead, runs: RunStore): Promise<Data> {
  const mark = await readLastMark(head, runs);
  return JSON.parse(mark?.data ?? "{}") as Data;
}
