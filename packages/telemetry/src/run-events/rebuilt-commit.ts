import {
  type BlobRow,
  canonicalJson,
  dataOf,
  type Json,
  type JsonObject,
  type RecordEvent,
  type RecordRow,
  type RunCommit,
  RunImportError,
  type RunOrigin,
  type RunStartedData,
  type RunStatus,
  rowsFromEvents,
  type Seal,
  type SnapshotRow,
} from "@agentflow/core";
import { blobReference } from "./referenced-blobs.ts";
import { statusAfter } from "./status-after.ts";

/** A run as its events tell it, with what they only refer to. */
export interface ToldRun {
  readonly events: readonly RecordEvent[];
  /** JSON text of the definition that the run was started with. */
  readonly definition: string;
  readonly blobs: readonly BlobRow[];
}

/**
 * One commit that makes a new run of a told one: the same rows, of the new run's first owner. Throws RunImportError where
 * the events cannot give rows.
 */
export function rebuiltCommit(told: ToldRun, tenant: string, runId: string): RunCommit {
  const { events, definition, blobs } = told;
  const started = startOf(events);
  const rows = rowsFromEvents(events).map(restamp);
  const steps = rows.flatMap((record) => (record.kind === "step" ? [record.row] : []));
  const attempts = rows.flatMap((record) => (record.kind === "attempt" ? [record.row] : []));
  const last = events.at(-1) as RecordEvent;
  return {
    tenant,
    runId,
    expectedSeq: 0,
    progress: {
      seq: 1,
      epoch: 1,
      events: last.seq,
      emittedSeq: 0,
      status: statusOf(events),
      recoveries: 0,
      round: roundOf(events),
      budgetMs: busyMs([...steps, ...attempts]),
      steps: steps.length,
      updatedAt: Date.parse(last.ts),
      wakeAt: undefined,
    },
    create: { origin: originOf(started, { tenant, runId, from: last.runId }), owner: undefined, definition },
    release: true,
    steps,
    journal: rows.flatMap((record) => (record.kind === "journal" ? [record.row] : [])),
    attempts,
    marks: rows.flatMap((record) => (record.kind === "mark" ? [record.row] : [])),
    snapshots: events.filter(putsState).map(placedSnapshot),
    blobs,
  };
}

/** What `run.started` says. Throws RunImportError if the events do not start with it. */
export function startOf([first]: readonly RecordEvent[]): RunStartedData {
  if (first?.type === "run.started") return dataOf<RunStartedData>(first);
  throw new RunImportError("The events do not start with run.started.");
}

function statusOf(events: readonly RecordEvent[]): RunStatus {
  const mark = events.findLast(({ type }) => statusAfter[type] !== undefined);
  return statusAfter[mark?.type ?? "run.started"] ?? "queued";
}

/** The rows are one commit of the new run's first owner. */
function restamp(record: RecordRow): RecordRow {
  return { ...record, row: { ...record.row, seq: 1, epoch: 1 } } as RecordRow;
}

function originOf(
  started: RunStartedData,
  { tenant, runId, from }: { readonly tenant: string; readonly runId: string; readonly from: string },
): RunOrigin {
  const { workflow, version, fingerprint, seed, input, labels, at } = started;
  return {
    tenant,
    runId,
    workflow,
    version,
    fingerprint,
    seed,
    input: blobReference(input) === undefined ? canonicalJson(input) : (input as string),
    createdAt: at,
    labels: canonicalJson({ ...labels, importedFrom: from }),
  };
}

interface PlacedStateData {
  readonly state?: JsonObject;
  readonly refs?: JsonObject;
  readonly scope?: string;
  readonly superstep: number;
  readonly seal: Seal;
}

/** A migration, or a fork whose state was patched: the seal stands for the state too. */
function putsState(event: RecordEvent): boolean {
  const { seal } = dataOf<Partial<PlacedStateData>>(event);
  return event.type === "run.migrated" || (event.type === "run.forked" && seal !== undefined);
}

/** The snapshot that the run goes on from after such an event; every other one only saves time (S23). */
function placedSnapshot(event: RecordEvent): SnapshotRow {
  const { state, refs, scope = "", superstep, seal } = dataOf<PlacedStateData>(event);
  if (state === undefined) {
    const context = { seq: event.seq };
    const what = event.type === "run.migrated" ? "a migration" : "a fork";
    throw new RunImportError(`Event ${event.seq} tells of ${what}, but not of the state it gave.`, {
      context,
    });
  }
  return {
    scope,
    superstep,
    seq: 1,
    epoch: 1,
    event: event.seq,
    state: canonicalJson(state),
    refs: refs === undefined ? undefined : canonicalJson(refs),
    seal: canonicalJson(seal as unknown as Json),
  };
}

/** How often the run was resumed after a failure (S11). */
function roundOf(events: readonly RecordEvent[]): number {
  const marks = events.filter((event) => event.type === "run.failed" || event.type === "run.resumed");
  return marks.filter((mark, index) => mark.type === "run.resumed" && marks[index - 1]?.type === "run.failed")
    .length;
}

/** Milliseconds in which an attempt was running (S22). */
function busyMs(attempts: readonly { readonly startedAt: number; readonly durationMs: number }[]): number {
  let [busy, until] = [0, -Infinity];
  for (const { startedAt, durationMs } of attempts.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const end = startedAt + durationMs;
    busy += Math.max(0, end - Math.max(startedAt, until));
    until = Math.max(until, end);
  }
  return busy;
}
