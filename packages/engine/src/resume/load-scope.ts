import type { AttemptRow, Failure, JournalEntry, RunStore, ScopeRecord } from "@agentflow/core";
import type { ScopeExecution } from "../run/scope-execution.ts";
import type { StepTask } from "../step/step-task.ts";
import { Blobs } from "./blobs.ts";
import { restoreScope, type ScopeOrigin } from "./restore-scope.ts";

/** Which scope of which run to restore. */
export interface ScopeRequest extends ScopeOrigin {
  readonly tenant: string;
  readonly runId: string;
  readonly round: number;
  readonly runs: RunStore;
}

/** A scope as it is stored from its newest snapshot on, not yet looked at with the eyes of a workflow. */
export interface StoredScope {
  readonly record: ScopeRecord;
  readonly blobs: Blobs;
}

/** Reads what a scope is restored from; its record only if nobody has read that before. */
export async function readStored(request: ScopeRequest, known?: ScopeRecord): Promise<StoredScope> {
  const { tenant, runId, path, runs } = request;
  const record = known ?? (await runs.readScope({ tenant, runId, scope: path, from: "snapshot" }));
  return { record, blobs: await Blobs.of(request, record) };
}

/**
 * Restores a scope with what is failed and journaled in its frontier. Throws VersionMismatchError when the workflow in
 * hand no longer has what the rows name.
 */
export function restoreStored(request: ScopeRequest, { record, blobs }: StoredScope): ScopeExecution {
  const scope = restoreScope(request, record, blobs);
  restoreTasks(scope, record, request.round, blobs);
  return scope;
}

function restoreTasks(
  scope: ScopeExecution,
  { journal, attempts }: ScopeRecord,
  round: number,
  blobs: Blobs,
): void {
  for (const task of scope.tasks) task.mayBeStored = true;
  const openTask = (row: { superstep: number; ordinal: number }): StepTask | undefined => {
    const task = row.superstep === scope.superstep ? scope.tasks[row.ordinal] : undefined;
    if (task === undefined || scope.hasStaged(task)) return undefined;
    task.isOpened = true;
    return task;
  };
  for (const row of journal) openTask(row)?.restore([blobs.entry(row.entry)], row.event);
  for (const row of attempts) {
    const task = openTask(row);
    if (task !== undefined) restoreAttempt(task, row, round, blobs);
  }
}

/** Takes over an attempt that has failed, or was cancelled: the next one, its entries, and what is left in this round. */
export function restoreAttempt(task: StepTask, row: AttemptRow, round: number, blobs: Blobs): void {
  const entries = row.entries === undefined ? [] : (JSON.parse(row.entries) as JournalEntry[]);
  task.restore(
    entries.map((entry) => blobs.entry(entry)),
    row.event,
  );
  task.attempt = Math.max(task.attempt, row.attempt + 1);
  if (row.round !== round || row.outcome !== "failed") return;
  task.failedInRound++;
  task.notBefore = row.nextAt ?? 0;
  if (row.nextAt === undefined) task.exhausted = JSON.parse(row.failure) as Failure;
}
