import {
  closestName,
  type Failure,
  type JournalEntry,
  type Json,
  type JsonObject,
  parseStepId,
  type RunHead,
  type RunStore,
  type StepDetail,
  toFailure,
  ValidationError,
  withoutStack,
} from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import { Blobs } from "../resume/blobs.ts";
import { readAllRecords } from "../resume/read-all-records.ts";
import type { ScopeExecution } from "../run/scope-execution.ts";
import { encodeDelta } from "../state/delta.ts";
import { Attempt } from "../step/attempt.ts";
import type { StepTask } from "../step/step-task.ts";
import { StateFollower } from "../streams/state-follower.ts";
import { type Divergence, DivergenceFound, expectSame, expectSameMembers } from "./divergence.ts";
import { entriesByPosition, positionKey } from "./recorded-entries.ts";
import { executeAgain, noCalls } from "./replay-step.ts";

/** How a step ended, or not: in the record, or when it was executed again. */
export interface StepEnd {
  readonly status: "succeeded" | "failed" | "waiting";
  readonly delta?: JsonObject;
  readonly failure?: Failure;
}

/** One step of a run, executed again alone. */
export interface StepDebug {
  readonly runId: string;
  readonly stepId: string;
  /** The attempt that was executed: the one that succeeded, or the last. */
  readonly attempt: number;
  readonly recorded: StepEnd;
  /** What its code did this time; undefined where it went another way than its journal. */
  readonly now: StepEnd | undefined;
  /** What the journal answered, in the order in which the calls started. */
  readonly calls: readonly { readonly kind: string; readonly name: string; readonly value: Json }[];
  /** Where this differs from the record. */
  readonly divergence: Divergence | undefined;
}

/** Which step to execute, and what to call right before its function. */
export interface DebugOptions {
  readonly step: string;
  readonly workflow: CompiledWorkflow;
  readonly onStep?: (() => void) | undefined;
}

interface Recorded {
  readonly entries: readonly JournalEntry[];
  readonly attempt: number;
  readonly startedAt: number;
  readonly end: StepEnd;
}

/**
 * Executes one step of a run again on its journal (ENG-55), from the state it had: nothing outside is called and nothing
 * is stored. Rejects with ValidationError for a step that the run does not have, or that is a nested workflow, and with
 * VersionMismatchError.
 */
export async function debugStep(head: RunHead, options: DebugOptions, runs: RunStore): Promise<StepDebug> {
  const { step: stepId, workflow } = options;
  const { scope, task } = await findTask(head, stepId, workflow, runs);
  const recorded = await readRecorded(head, task, runs);
  const { entries, attempt } = recorded;
  task.restore(entries);
  task.attempt = attempt;
  task.journal.begin(attempt, task.node.model.policy.retry?.io === "fresh");
  const calls = [...entries]
    .sort((a, b) => a.index - b.index)
    .map(({ kind, name, value }) => ({ kind, name, value: JSON.parse(value) as Json }));
  const told = { runId: head.runId, stepId, attempt, recorded: recorded.end, calls };
  let now: StepEnd | undefined;
  try {
    now = await executed(head, { scope, task, recorded }, options.onStep);
    compareEnds(stepId, recorded.end, now);
    const unmet = task.journal.unmet.map(({ kind, name, nth }) => ({ kind, name, nth }));
    expectSame(stepId, "journal", unmet.slice(0, 1), []);
    return { ...told, now, divergence: undefined };
  } catch (error) {
    if (!(error instanceof DivergenceFound)) throw error;
    return { ...told, now, divergence: error.divergence };
  }
}

async function executed(
  head: RunHead,
  { scope, task, recorded }: { scope: ScopeExecution; task: StepTask; recorded: Recorded },
  onStep: (() => void) | undefined,
): Promise<StepEnd> {
  const attempt = new Attempt(task, recorded.startedAt, 0);
  onStep?.();
  try {
    const outcome = await executeAgain({ head, scope, attempt, trap: false, mayStayOpen: false }, noCalls);
    if (outcome === undefined) return { status: "waiting" };
    if ("error" in outcome) return { status: "failed", failure: withoutStack(toFailure(outcome.error)) };
    const { values } = encodeDelta(outcome.returned.delta, scope.workflow, task.stepId);
    return { status: "succeeded", delta: values };
  } catch (error) {
    const waits = error instanceof DivergenceFound && error.divergence.field === "outcome";
    if (waits && recorded.end.status === "waiting") return { status: "waiting" };
    throw error;
  }
}

function compareEnds(stepId: string, recorded: StepEnd, now: StepEnd): void {
  expectSame(stepId, "outcome", recorded.status, now.status);
  if (recorded.delta !== undefined) expectSameMembers(stepId, "delta", recorded.delta, now.delta ?? {});
  if (recorded.failure !== undefined)
    expectSame(stepId, "failure.message", recorded.failure.message, now.failure?.message);
}

/** The scope as the step found it. */
async function findTask(
  head: RunHead,
  stepId: string,
  workflow: CompiledWorkflow,
  runs: RunStore,
): Promise<{ readonly scope: ScopeExecution; readonly task: StepTask }> {
  const { scope: path, superstep } = parseStepId(stepId);
  const follower = await StateFollower.open(head, workflow, runs);
  const seen = new Set<string>();
  for await (const record of readAllRecords(head, runs)) {
    if (record.kind !== "mark") {
      seen.add(Blobs.stepIdOf(record.row));
      if (record.row.scope === path && record.row.superstep === superstep) break;
    }
    await follower.apply(record);
  }
  const scope = follower.at(path);
  const task =
    scope?.superstep === superstep ? scope.tasks.find((each) => each.stepId === stepId) : undefined;
  if (scope === undefined && seen.has(stepId)) throw callOfFlow(stepId);
  if (scope === undefined || task === undefined) throw noSuchStep(head, stepId, [...seen, ...idsOf(scope)]);
  const { type } = task.node.model.body;
  if (type === "function") return { scope, task };
  const what = type === "nested" ? "a nested workflow" : "a flow";
  throw new ValidationError("AF_ARGUMENT_INVALID", `${stepId} is ${what}, not one step.`, {
    hint:
      type === "nested" ? `Name one of its steps: ${stepId}/0.NODE.` : "`af replay RUN` executes it again.",
  });
}

function callOfFlow(stepId: string): ValidationError {
  return new ValidationError(
    "AF_ARGUMENT_INVALID",
    `${stepId} is a call of a flow, which has no state alone.`,
    {
      hint: "`af replay RUN` executes the flow again.",
    },
  );
}

function idsOf(scope: ScopeExecution | undefined): readonly string[] {
  return scope?.tasks.map(({ stepId }) => stepId) ?? [];
}

function noSuchStep({ runId }: RunHead, stepId: string, known: readonly string[]): ValidationError {
  const near = closestName(stepId, known);
  return new ValidationError("AF_ARGUMENT_INVALID", `Run ${runId} has no step ${stepId}.`, {
    hint: near === undefined ? "`af show RUN` lists its steps." : `Did you mean ${near}?`,
    context: { runId, stepId },
  });
}

async function readRecorded(
  { tenant, runId }: RunHead,
  { place }: StepTask,
  runs: RunStore,
): Promise<Recorded> {
  const { scopePath: scope, superstep, ordinal } = place;
  const record = await runs.readScope({ tenant, runId, scope, from: "start" });
  const blobs = await Blobs.of({ tenant, runId, runs }, record);
  const isOf = (row: { superstep: number; ordinal: number }): boolean =>
    row.superstep === superstep && row.ordinal === ordinal;
  const entries = entriesByPosition(record, blobs).get(positionKey({ scope, superstep, ordinal })) ?? [];
  const row = record.steps.find(isOf);
  const recovered =
    row?.detail !== undefined && (JSON.parse(row.detail) as StepDetail).recovered !== undefined;
  if (row !== undefined && !recovered) {
    const { values: delta } = blobs.staged(row);
    return { entries, attempt: row.attempt, startedAt: row.startedAt, end: { status: "succeeded", delta } };
  }
  const failed = record.attempts.filter(isOf).at(-1);
  const newest = Math.max(1, ...entries.map((entry) => entry.attempt));
  if (failed !== undefined && failed.attempt >= newest) {
    const failure = JSON.parse(failed.failure) as Failure;
    return {
      entries,
      attempt: failed.attempt,
      startedAt: failed.startedAt,
      end: { status: "failed", failure },
    };
  }
  const startedAt = record.journal.find(isOf)?.startedAt ?? 0;
  return { entries, attempt: newest, startedAt, end: { status: "waiting" } };
}
