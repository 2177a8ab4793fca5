import type { MarkRow, RunHead, RunStore } from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import type { RunOutcome } from "../run/run-outcome.ts";
import { ScopeState } from "../state/scope-state.ts";
import { Blobs } from "./blobs.ts";

/** How a run that has succeeded or was cancelled ended, from its last mark; undefined for one that can go on. */
export async function finishedOutcome(
  head: RunHead,
  workflow: CompiledWorkflow,
  runs: RunStore,
): Promise<RunOutcome | undefined> {
  if (head.status === "cancelled") return { status: "cancelled" };
  if (head.status !== "succeeded") return undefined;
  const mark = await readLastMark(head, runs);
  if (mark?.state === undefined) return undefined;
  const values = await readMarkState(head, mark, runs);
  return { status: "succeeded", state: new ScopeState(workflow, values).view };
}

/** The mark that a run stopped with. */
export async function readLastMark(head: RunHead, runs: RunStore): Promise<MarkRow | undefined> {
  const { tenant, runId, events } = head;
  const rows = await runs.readRecords({ tenant, runId, afterEvent: events - 1, limit: 1 });
  const [last] = rows;
  return last?.kind === "mark" ? last.row : undefined;
}

/** The root state that a mark carries, per field. */
export async function readMarkState(
  head: RunHead,
  mark: Pick<MarkRow, "state" | "refs">,
  runs: RunStore,
): Promise<ReturnType<Blobs["join"]>> {
  const hashes =
    mark.refs === undefined ? [] : Object.values(JSON.parse(mark.refs) as Record<string, string>);
  const blobs = new Blobs(
    hashes.length === 0 ? new Map() : await runs.readBlobs(head.tenant, head.runId, hashes),
  );
  return blobs.join(mark.state ?? "{}", mark.refs);
}
