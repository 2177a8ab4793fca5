import type {
  AttemptRow,
  BlobRow,
  JournalRow,
  MarkRow,
  RunHead,
  RunStore,
  ScopeRecord,
  SnapshotRow,
  StepRow,
} from "@agentflow/core";
import { Blobs, hashesOf } from "../resume/blobs.ts";
import { placedState } from "../resume/placed-state.ts";
import { readAllRecords } from "../resume/read-all-records.ts";
import type { ForkPoint } from "./fork-point.ts";

/** The rows of a run that a fork takes over (S23). */
export interface ForkRows {
  readonly steps: readonly StepRow[];
  readonly journal: readonly JournalRow[];
  readonly attempts: readonly AttemptRow[];
  readonly marks: readonly MarkRow[];
  readonly snapshots: readonly SnapshotRow[];
  readonly blobs: readonly BlobRow[];
  /** How often the run was resumed after a failure by then, one more if an attempt had failed without an outcome (S11). */
  readonly round: number;
}

/** Reads the rows up to a point; `isPatched`: the state at the point itself comes from elsewhere. */
export async function readForkRows(
  head: RunHead,
  point: ForkPoint,
  isPatched: boolean,
  runs: RunStore,
): Promise<ForkRows> {
  const steps: StepRow[] = [];
  const journal: JournalRow[] = [];
  const attempts: AttemptRow[] = [];
  const marks: MarkRow[] = [];
  for await (const record of readAllRecords(head, runs)) {
    if (record.row.event > point.event) break;
    if (record.kind === "step") steps.push(record.row);
    else if (record.kind === "journal") journal.push(record.row);
    else if (record.kind === "attempt") attempts.push(record.row);
    else marks.push(record.row);
  }
  const snapshots: SnapshotRow[] = [];
  for (const [scope, superstep] of openScopes(steps, point)) {
    if (isPatched && scope === point.scope) continue;
    // Of the scope itself the superstep says it: a commit may hold a snapshot and rows of supersteps after it.
    const event = scope === point.scope ? Number.POSITIVE_INFINITY : point.event;
    const snapshot = await readSnapshot(head, { scope, superstep, event }, runs);
    const placed = placedSnapshot(scope, marks);
    const isOlder = (snapshot?.superstep ?? -2) < (placed?.superstep ?? -2);
    const newest = isOlder ? placed : snapshot;
    if (newest !== undefined) snapshots.push({ ...newest, event: Math.min(newest.event, point.event) });
  }
  const blobs = await readBlobs(head, { steps, journal, attempts }, [...marks, ...snapshots], runs);
  const ended = new Set(steps.map((row) => Blobs.stepIdOf(row)));
  const isRetrying = attempts.some((row) => !ended.has(Blobs.stepIdOf(row)));
  const round = marks.filter(endsFailure).length + (isRetrying ? 1 : 0);
  return { steps, journal, attempts, marks, snapshots, blobs, round };
}

/** The scopes that have not ended, each with the last superstep of which a snapshot may be. */
function openScopes(steps: readonly StepRow[], point: ForkPoint): ReadonlyMap<string, number> {
  const open = new Map<string, number>([["", -1]]);
  for (const { scope, superstep } of steps) open.set(scope, Math.max(open.get(scope) ?? -1, superstep));
  for (const row of steps) open.delete(Blobs.stepIdOf(row));
  open.set(point.scope, point.superstep);
  return open;
}

/** The newest snapshot of a scope that was written by then. */
async function readSnapshot(
  { tenant, runId }: RunHead,
  { scope, superstep, event }: ForkPoint,
  runs: RunStore,
): Promise<SnapshotRow | undefined> {
  for (let upTo = superstep; ; ) {
    const { snapshot } = await runs.readScope({ tenant, runId, scope, from: "snapshot", upTo });
    if (snapshot === undefined || snapshot.event <= event) return snapshot;
    upTo = snapshot.superstep - 1;
  }
}

/** The state that a migration or a patch put into a scope last: its snapshot may have become redundant and be gone. */
function placedSnapshot(scope: string, marks: readonly MarkRow[]): SnapshotRow | undefined {
  return marks.map(placedState).findLast((placed) => placed?.scope === scope);
}

const hashesAtATime = 500;

async function readBlobs(
  head: RunHead,
  rows: Omit<ScopeRecord, "snapshot">,
  states: readonly { readonly refs: string | undefined }[],
  runs: RunStore,
): Promise<BlobRow[]> {
  const { tenant, runId, input } = head;
  const hashes = new Set(hashesOf({ snapshot: undefined, ...rows }));
  for (const { refs } of states)
    for (const hash of Object.values(JSON.parse(refs ?? "{}") as Record<string, string>)) hashes.add(hash);
  if (input.startsWith("#")) hashes.add(input.slice(1));
  const all = [...hashes];
  const blobs: BlobRow[] = [];
  for (let from = 0; from < all.length; from += hashesAtATime) {
    const found = await runs.readBlobs(tenant, runId, all.slice(from, from + hashesAtATime));
    for (const [hash, json] of found) blobs.push({ hash, json });
  }
  return blobs;
}

function endsFailure({ type, data }: MarkRow): boolean {
  if ((type !== "run.resumed" && type !== "run.recovered") || data === undefined) return false;
  return (JSON.parse(data) as { readonly from?: string }).from === "failed";
}
