import {
  eventsOf,
  type Failure,
  type JsonObject,
  type RecordRow,
  type RunHead,
  type RunStatus,
  type RunStore,
  type StepStatus,
  type WorkflowDescription,
} from "@agentflow/core";
import { Blobs } from "../resume/blobs.ts";
import type { MigratedData } from "../resume/check-version.ts";
import { readLastMark, readMarkState } from "../resume/finished-outcome.ts";
import { readAllRecords } from "../resume/read-all-records.ts";
import { readInput } from "../resume/read-input.ts";
import { compensationAfter, type StoredCompensation } from "../saga/compensation.ts";
import { describedState } from "./described-state.ts";

/** One step as its rows tell it. */
export interface StepView {
  readonly stepId: string;
  readonly node: string;
  readonly status: StepStatus;
  /** Attempts so far, the one that succeeded included. */
  readonly attempts: number;
  /** Duration of the attempt that succeeded, in milliseconds; of the last one if none did. */
  readonly durationMs: number | undefined;
}

/** A stored run as anyone can see it, without the code of its workflow. */
export interface RunView {
  readonly head: RunHead;
  readonly status: RunStatus;
  /** In the order of their first row. */
  readonly steps: readonly StepView[];
  /** State of the root scope at its last seal or at the run's stop. */
  readonly state: JsonObject;
  readonly eventsByType: Readonly<Record<string, number>>;
  readonly failure: Failure | undefined;
  /** Its completed steps are being undone, or were. */
  readonly compensation: StoredCompensation | undefined;
}

/** Reads a run from its rows (CLI-2). */
export async function inspectRun(head: RunHead, runs: RunStore): Promise<RunView> {
  const steps = new Map<string, StepView>();
  const eventsByType: Record<string, number> = {};
  let migrated: string | undefined;
  let compensation: StoredCompensation | undefined;
  for await (const record of readAllRecords(head, runs)) {
    for (const event of eventsOf(record, head))
      eventsByType[event.type] = (eventsByType[event.type] ?? 0) + 1;
    addStep(steps, record, head.status);
    if (record.kind === "mark") compensation = compensationAfter(compensation, record.row);
    if (record.kind === "mark" && record.row.type === "run.migrated") migrated = record.row.data;
  }
  const mark = await readLastMark(head, runs);
  const data = mark?.data === undefined ? {} : (JSON.parse(mark.data) as { failure?: Failure });
  const failure = head.status === "failed" ? data.failure : undefined;
  // The patch of a fork may be one of a nested workflow's state.
  const state =
    mark?.state === undefined || mark.type === "run.forked"
      ? await foldedState(head, runs, migrated)
      : { ...(await readMarkState(head, mark, runs)) };
  return {
    head,
    status: head.status,
    steps: [...steps.values()],
    state,
    eventsByType,
    failure,
    compensation,
  };
}

function addStep(steps: Map<string, StepView>, record: RecordRow, runStatus: RunStatus): void {
  if (record.kind === "mark") return;
  const { row } = record;
  const stepId = Blobs.stepIdOf(row);
  const known = steps.get(stepId);
  const { node } = row;
  if (record.kind === "step") {
    const { attempt, durationMs } = record.row;
    steps.set(stepId, { stepId, node, status: "succeeded", attempts: attempt, durationMs });
  } else if (record.kind === "attempt") {
    const { attempt, durationMs, nextAt, outcome } = record.row;
    const status = outcome === "cancelled" ? "cancelled" : nextAt === undefined ? "failed" : "ready";
    steps.set(stepId, { stepId, node, status, attempts: attempt, durationMs });
  } else {
    const status =
      runStatus === "waiting" && parks.has(record.row.entry.kind) ? "waiting" : (known?.status ?? "ready");
    const attempts = Math.max(known?.attempts ?? 0, record.row.entry.attempt);
    steps.set(stepId, { stepId, node, status, attempts, durationMs: known?.durationMs });
  }
}

const parks: ReadonlySet<string> = new Set(["interrupt", "sleep", "wait"]);

async function foldedState(head: RunHead, runs: RunStore, migrated: string | undefined): Promise<JsonObject> {
  const { tenant, runId } = head;
  const record = await runs.readScope({ tenant, runId, scope: "", from: "snapshot" });
  const original = await runs.readDefinition(tenant, head.fingerprint);
  const definition =
    migrated === undefined ? original : JSON.stringify((JSON.parse(migrated) as MigratedData).definition);
  const description = definition === undefined ? undefined : (JSON.parse(definition) as WorkflowDescription);
  const blobs = await Blobs.of({ tenant, runId, runs }, record);
  const start =
    record.snapshot === undefined
      ? await readInput(head, runs)
      : blobs.join(record.snapshot.state, record.snapshot.refs);
  const sealed = record.steps.findLast((row) => row.seal !== undefined)?.superstep ?? -1;
  const deltas = record.steps.filter((row) => row.superstep <= sealed).map((row) => blobs.staged(row).values);
  return describedState(description, start, deltas);
}
