import type { Failure, MarkRow, RunHead, RunStore } from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import type { RunOutcome } from "../run/run-outcome.ts";
import type { CompensationReport } from "../saga/compensation.ts";
import { ScopeState } from "../state/scope-state.ts";
import { Blobs } from "./blobs.ts";

/** Data of a mark that a run stops with, as far as outcomes tell them. */
export interface EndData {
  readonly failure?: Failure;
  readonly others?: readonly Failure[];
  readonly compensation?: CompensationReport;
  /** Steps that wait. */
  readonly steps?: readonly string[];
}

/**
 * How a run that has succeeded or was cancelled ended, from its last mark; undefined for one that can go on, as a cancelled
 * run can of which not everything could be undone.
 */
export async function finishedOutcome(
  head: RunHead,
  workflow: CompiledWorkflow,
  runs: RunStore,
): Promise<RunOutcome | undefined> {
  if (head.status === "cancelled") {
    const cancelled = await cancelledOutcome(head, runs);
    return (cancelled.compensation?.failed.length ?? 0) > 0 ? undefined : cancelled;
  }
  if (head.status !== "succeeded") return undefined;
  const mark = await readLastMark(head, runs);
  if (mark?.state === undefined) return undefined;
  const values = await readMarkState(head, mark, runs);
  return { status: "succeeded", state: new ScopeState(workflow, values).view };
}

/** How a cancelled run ended, with what became of its compensation if it had one. */
export async function cancelledOutcome(
  head: RunHead,
  runs: RunStore,
): Promise<Extract<RunOutcome, { readonly status: "cancelled" }>> {
  const { compensation } = await readEnd(head, runs);
  return { status: "cancelled", ...(compensation === undefined ? {} : { compensation }) };
}

/** What the mark that a run stopped with says. */
export async function readEnd(head: RunHead, runs: RunStore): Promise<EndData> {
  return JSON.parse((await readLastMark(head, runs))?.data ?? "{}") as EndData;
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
