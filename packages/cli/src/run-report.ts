import type { Json, RecordEvent } from "@agentflow/core";
import type { RunView, StepView, StoredCompensation } from "@agentflow/runtime";
import { type ErrorObject, errorObject } from "./error-report.ts";
import type { Said } from "./run-said.ts";

/** A step as `af run --json` and `af show --json` print it. */
export interface ReportedStep {
  readonly stepId: string;
  readonly node: string;
  readonly status: string;
  readonly attempts: number;
  readonly durationMs: number;
}

/** Where a run failed: the step, what it was given, and the last delta before it. */
export interface FailurePlace {
  readonly step: string;
  readonly attempt: number;
  /** The state that the step read; of a step of a fan-out also the index of its item. */
  readonly input: Json;
  readonly item?: number;
  readonly lastOutput: { readonly step: string; readonly delta: Json } | null;
}

/** What `af run --json` and `af show --json` print. */
export interface RunReport {
  readonly runId: string;
  readonly status: string;
  readonly workflow: string;
  readonly version: string;
  readonly state: Json;
  readonly steps: readonly ReportedStep[];
  /** Record events by type. */
  readonly events: Readonly<Record<string, number>>;
  /** From the start of the run to its last commit. */
  readonly durationMs: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** When retention removed its steps and events; only its result is left then. */
  readonly historyRemovedAt?: string;
  /** What people said to it: answers, and who paused or cancelled it. */
  readonly said?: readonly Said[];
  /** Its completed steps are being undone, or were: why, and what became of it. */
  readonly compensation?: StoredCompensation;
  readonly error?: ErrorObject & { readonly failed?: FailurePlace };
}

function reported(step: StepView): ReportedStep {
  const { stepId, node, status, attempts, durationMs } = step;
  return { stepId, node, status, attempts, durationMs: durationMs ?? 0 };
}

/** Finds where a run failed in its record events; undefined if no step did. */
export function failurePlace(events: Iterable<RecordEvent>, state: Json): FailurePlace | undefined {
  let lastOutput: FailurePlace["lastOutput"] = null;
  let failed: RecordEvent | undefined;
  let before: FailurePlace["lastOutput"] = null;
  for (const event of events) {
    // What was undone after the failure is no place of it.
    if (event.type === "run.compensating") break;
    if (event.type === "step.succeeded" && event.step !== undefined) {
      lastOutput = { step: event.step, delta: event.data?.["delta"] ?? null };
    }
    if (event.type === "step.failed") {
      failed = event;
      before = lastOutput;
    }
  }
  if (failed?.step === undefined) return undefined;
  const { attempt, item } = failed.data ?? {};
  return {
    step: failed.step,
    attempt: typeof attempt === "number" ? attempt : 1,
    input: state,
    ...(typeof item === "number" && item >= 0 ? { item } : {}),
    lastOutput: before,
  };
}

/** Puts together what is printed about a run. */
export function runReport(
  view: RunView,
  told: { readonly failed?: FailurePlace | undefined; readonly said?: readonly Said[] },
): RunReport {
  const { head, failure } = view;
  const { failed, said = [] } = told;
  return {
    runId: head.runId,
    status: view.status,
    workflow: head.workflow,
    version: head.version,
    state: view.state,
    steps: view.steps.map(reported),
    events: view.eventsByType,
    durationMs: head.updatedAt - head.createdAt,
    createdAt: new Date(head.createdAt).toISOString(),
    updatedAt: new Date(head.updatedAt).toISOString(),
    ...(head.historyRemovedAt === undefined
      ? {}
      : { historyRemovedAt: new Date(head.historyRemovedAt).toISOString() }),
    ...(said.length === 0 ? {} : { said }),
    ...(view.compensation === undefined ? {} : { compensation: view.compensation }),
    ...(failure === undefined
      ? {}
      : { error: { ...errorObject(failure), ...(failed === undefined ? {} : { failed }) } }),
  };
}
