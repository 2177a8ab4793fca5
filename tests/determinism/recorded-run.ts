import { SeededScheduler } from "@agentflow/contracts";
import {
  isRecordEvent,
  type RecordEvent,
  type RecordRow,
  type StepRow,
  type StoreBackend,
  type Workflow,
  type WorkflowLimits,
} from "@agentflow/core";
import type { Engine, ReplayReport } from "@agentflow/engine";
import {
  pictureOf,
  type RunPicture,
  rowsOf as storedRows,
  stepRowsOf as storedSteps,
} from "@agentflow/testkit";
import { type OpenedEngine, openEngine } from "./open-engine.ts";
import type { Points } from "./points.ts";

/** One way of executing a workflow: who goes first, and how many at a time. */
export interface Schedule {
  readonly seed: number;
  readonly limits: WorkflowLimits;
  readonly timers: "idle" | "any";
}

const tenant = "default";

/** All rows of a run in event order. */
export function rowsOf(backend: StoreBackend, runId: string): Promise<readonly RecordRow[]> {
  return storedRows({ backend, tenant, runId });
}

/** The committed outcomes of a run in event order. */
export function stepRowsOf(backend: StoreBackend, runId: string): Promise<readonly StepRow[]> {
  return storedSteps({ backend, tenant, runId });
}

/** The record events of a run. */
export async function eventsOfRun(engine: Engine, runId: string): Promise<RecordEvent[]> {
  const events: RecordEvent[] = [];
  for await (const event of engine.events(runId, { follow: false }))
    if (isRecordEvent(event)) events.push(event);
  return events;
}

/** What a stored run comes to. */
export function recordOf({ backend }: OpenedEngine, runId: string): Promise<RunPicture> {
  return pictureOf({ backend, tenant, runId });
}

/** Executes a workflow by a schedule, reads what was committed, and replays it. */
export async function runScheduled(
  workflow: Workflow,
  points: Points,
  schedule: Schedule,
): Promise<RunPicture & { readonly replay: ReplayReport }> {
  await using opened = openEngine({ limits: schedule.limits });
  const { engine, clock } = opened;
  const scheduler = new SeededScheduler(String(schedule.seed), { clock, timers: schedule.timers });
  points.current = scheduler;
  try {
    const run = await engine.start(workflow, { given: "input" } as never, {
      id: `run-${schedule.seed}`,
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
