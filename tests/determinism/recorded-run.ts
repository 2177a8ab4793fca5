import { SeededScheduler } from "@agentflow/contracts";
import {
  canonicalJson,
  canonicalLog,
  isRecordEvent,
  type Json,
  type RecordEvent,
  type RecordRow,
  type StepRow,
  type StoreBackend,
  type Workflow,
  type WorkflowLimits,
} from "@agentflow/core";
import type { Engine, ReplayReport } from "@agentflow/engine";
import { type OpenedEngine, openEngine } from "./open-engine.ts";
import type { Points } from "./points.ts";

/** One way of executing a workflow: who goes first, and how many at a time. */
export interface Schedule {
  readonly seed: number;
  readonly limits: WorkflowLimits;
  readonly timers: "idle" | "any";
}

/** Everything of a run that must not depend on its schedule. */
export interface RecordedRun {
  readonly status: string;
  readonly state: string;
  readonly log: string;
  /** Position and delta of each step, and each superstep's seal, sorted. */
  readonly rows: readonly string[];
}

const pageRows = 1_000_000;

/** All rows of a run in event order. */
export function rowsOf(backend: StoreBackend, runId: string): Promise<readonly RecordRow[]> {
  return Promise.resolve(
    backend.runs.readRecords({ tenant: "default", runId, afterEvent: 0, limit: pageRows }),
  );
}

/** The committed outcomes of a run in event order. */
export async function stepRowsOf(backend: StoreBackend, runId: string): Promise<StepRow[]> {
  const rows = await rowsOf(backend, runId);
  return rows.flatMap((record) => (record.kind === "step" ? [record.row] : []));
}

/** The record events of a run. */
export async function eventsOfRun(engine: Engine, runId: string): Promise<RecordEvent[]> {
  const events: RecordEvent[] = [];
  for await (const event of engine.events(runId, { follow: false }))
    if (isRecordEvent(event)) events.push(event);
  return events;
}

/** What a stored run comes to. */
export async function recordOf(opened: OpenedEngine, runId: string): Promise<RecordedRun> {
  const { engine, backend } = opened;
  const rows = (await stepRowsOf(backend, runId)).flatMap((row) => {
    const at = `${row.scope}:${row.superstep}`;
    const step = `${at}.${row.ordinal} ${row.node}[${row.item}] ${row.origin} ${row.edge} ${row.attempt} ${row.delta}`;
    return row.seal === undefined ? [step] : [step, `${at} seal ${row.seal}`];
  });
  const view = await engine.inspect(runId);
  return {
    status: view.status,
    state: canonicalJson(view.state as Json),
    log: canonicalLog(await eventsOfRun(engine, runId)),
    rows: rows.sort(),
  };
}

/** Executes a workflow by a schedule, reads what was committed, and replays it. */
export async function runScheduled(
  workflow: Workflow,
  points: Points,
  schedule: Schedule,
): Promise<RecordedRun & { readonly replay: ReplayReport }> {
  await using opened = openEngine({ limits: schedule.limits });
  const { engine, clock } = opened;
  const scheduler = new SeededScheduler(String(schedule.seed), { clock, timers: schedule.timers });
  points.current = scheduler;
  try {
    const run = await engine.start(workflow, { given: "input" } as never, {
      runId: `run-${schedule.seed}`,
      seed: "seed",
    });
    await scheduler.drive(run.settled());
    points.current = undefined;
    const record = await recordOf(opened, run.runId);
    return { ...record, replay: await engine.replay(run.runId, workflow) };
  } finally {
    points.current = undefined;
  }
}
