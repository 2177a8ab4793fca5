import {
  type CommitResult,
  type MarkRow,
  type RunCommit,
  RunExistsError,
  type RunHead,
  type RunStore,
  type SnapshotRow,
  type StateSpec,
  StoreCorruptError,
  type Workflow,
} from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import type { ResumeOptions } from "../hold/resume-options.ts";
import type { ForkedData } from "../inspect/history.ts";
import { readWhole } from "../inspect/read-whole.ts";
import { placedState } from "../resume/placed-state.ts";
import { freshProgress, originOf } from "../run/run-progress.ts";
import { readStartedWith } from "../run/started-with.ts";
import { type ForkPoint, findForkPoint } from "./fork-point.ts";
import { type ForkRows, readForkRows } from "./fork-rows.ts";
import { type PatchedState, patchState, type StatePatch } from "./patch-state.ts";
import { scopeAt } from "./state-at.ts";

/** How a run is forked. */
export interface ForkOptions<Spec extends StateSpec = StateSpec> extends ResumeOptions {
  /** A step, to fork at the seal before it, or the `event` of a checkpoint; 1 is the start. */
  readonly at: string | number;
  /** Values that take the place of those of fields, each as nodes read it, in the scope of the seal. */
  readonly patch?: StatePatch | undefined;
  /**
   * The workflow that the fork goes on with; it folds the state that is patched. Absent: the one of its name that the
   * engine was made with.
   */
  readonly workflow?: Workflow<Spec> | undefined;
  /** Id of the new run; a new ULID if absent. Forking again under it gives the same run. */
  readonly id?: string | undefined;
}

/** What is to be forked, where, and into which run. */
export interface ForkRequest {
  readonly head: RunHead;
  readonly at: string | number;
  readonly patch: StatePatch | undefined;
  readonly workflow: CompiledWorkflow;
  /** Id of the new run, and of the process that goes on with it. */
  readonly id: string;
  readonly owner: string;
  /** Wall-clock milliseconds. */
  readonly now: number;
}

/**
 * Makes a new run of the rows of another one up to a seal, with the same seed, and with a patched state if there is a patch
 * (S23); the run that is forked is only read. It is one commit: after a crash the fork is there, to be resumed, or it is
 * not. Forking again under the same id at the same place with the same patch changes nothing; with another one it rejects
 * with RunExistsError.
 */
export async function forkRun(request: ForkRequest, runs: RunStore): Promise<void> {
  const { head } = request;
  const commit = await readWhole(head, runs, () => forkCommit(request, runs));
  const [result] = await runs.commit([commit]);
  await checkForked(result, commit, runs);
}

async function forkCommit(request: ForkRequest, runs: RunStore): Promise<RunCommit> {
  const { head, at, patch, workflow, id, owner, now } = request;
  const point = await findForkPoint(head, at, runs);
  const patched =
    patch === undefined ? undefined : await patchState(await scopeAt(head, point, workflow, runs), patch);
  const rows = await readForkRows(head, point, patched !== undefined, runs);
  const definition = await runs.readDefinition(head.tenant, head.fingerprint);
  if (definition === undefined)
    throw new StoreCorruptError(`The definition of run ${head.runId} is missing.`, {
      context: { runId: head.runId, fingerprint: head.fingerprint },
    });
  const durability = (await readStartedWith(head, runs)).durability;
  const labels = { ...(JSON.parse(head.labels ?? "{}") as object), forkedFrom: head.runId };
  const origin = { ...originOf(head), runId: id, createdAt: now, labels: JSON.stringify(labels) };
  const events = point.event + 1;
  const { round } = rows;
  const progress = { ...freshProgress(now), seq: 1, events, status: "queued" as const, round };
  return {
    tenant: head.tenant,
    runId: id,
    expectedSeq: 0,
    progress: { ...progress, steps: rows.steps.length },
    create: { origin, owner, definition },
    isAwaited: true,
    ...(durability === undefined ? {} : { durability }),
    ...forkedRows(rows, forkedMark(request, point, patched)),
    blobs: [...rows.blobs, ...(patched?.state.blobs ?? [])],
  };
}

/** The mark that ends what was taken over; it carries the patched state, from which the run goes on. */
function forkedMark(
  { head, now }: ForkRequest,
  { scope, superstep, event }: ForkPoint,
  patched: PatchedState | undefined,
): MarkRow {
  const seal = patched === undefined ? {} : { seal: patched.seal };
  const data: ForkedData = { from: head.runId, fromSeq: event, scope, superstep, ...seal };
  const { json: state, refs } = patched?.state ?? { json: undefined, refs: undefined };
  const stamp = { seq: 1, epoch: 1, event: event + 1 };
  return { ...stamp, type: "run.forked", at: now, data: JSON.stringify(data), state, refs };
}

/** The rows are one commit of a run that had no owner yet. */
function forkedRows(
  rows: ForkRows,
  mark: MarkRow,
): Pick<RunCommit, "steps" | "journal" | "attempts" | "marks" | "snapshots"> {
  const stamp = { seq: 1, epoch: 1 };
  const restamped = <Row extends object>(row: Row): Row => ({ ...row, ...stamp });
  return {
    steps: rows.steps.map(restamped),
    journal: rows.journal.map(restamped),
    attempts: rows.attempts.map(restamped),
    marks: [...rows.marks.map(restamped), mark],
    snapshots: [...rows.snapshots.map(restamped), ...patchedSnapshot(mark)],
  };
}

function patchedSnapshot(mark: MarkRow): SnapshotRow[] {
  const snapshot = placedState(mark);
  return snapshot === undefined ? [] : [snapshot];
}

/** A run under this id may be this very fork, made before a crash. */
async function checkForked(
  result: CommitResult | undefined,
  { tenant, runId, marks }: RunCommit,
  runs: RunStore,
): Promise<void> {
  if (result?.kind === "failed") throw result.error;
  if (result?.kind === "committed" || result?.kind === "duplicate") return;
  const mark = marks.at(-1);
  const afterEvent = (mark?.event ?? 0) - 1;
  const [found] = await runs.readRecords({ tenant, runId, afterEvent, limit: 1 });
  const isSame =
    found?.kind === "mark" &&
    found.row.type === "run.forked" &&
    found.row.data === mark?.data &&
    found.row.state === mark?.state &&
    found.row.refs === mark?.refs;
  if (!isSame) throw new RunExistsError(`There is already a run ${runId}.`, { context: { runId } });
}
