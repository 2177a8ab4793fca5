import {
  canonicalLog,
  type Failure,
  type Json,
  type JsonObject,
  type RecordEvent,
  type RunStatus,
  RunStatusError,
} from "@agentflow/core";
import type { ReplayReport, RunOutcome, StepView } from "@agentflow/engine";
import type { MadeCall } from "../io/scripted-calls.ts";
import type { Laboratory, Subject } from "./laboratory.ts";
import type { AskedQuestion } from "./people.ts";
import { storedEvents } from "./recorded-rows.ts";

/** What became of a run under test. Assertions such as `assertOrder` take it. */
export interface TestedRun<Result = unknown> {
  readonly runId: string;
  readonly status: RunStatus;
  /**
   * The final state, or what a flow returned. Reading it throws what the run failed with, or RunStatusError if it has not
   * ended.
   */
  readonly result: Result;
  /** The state as far as it is sealed, also of a run that failed or waits. */
  readonly state: JsonObject;
  readonly failure: Failure | undefined;
  /** The error that it failed with: what reading `result` throws then. */
  readonly error: Error | undefined;
  /** Steps that have a row, in the order of the canonical log, which no schedule changes (S6). */
  readonly steps: readonly StepView[];
  /** The outside calls that were made, in order; one that was tried again is there again. */
  readonly calls: readonly MadeCall[];
  /** Those of the calls that were declared as `effect`, each once. */
  readonly effects: readonly MadeCall[];
  /** Interrupts that wait for an answer. */
  readonly questions: readonly AskedQuestion[];
  readonly events: readonly RecordEvent[];
  /** Time that has passed for the run, in milliseconds of the test's clock. */
  readonly elapsedMs: number;
  /** Executes the committed steps again on their journal, without any effect, and compares (S25). */
  replay(): Promise<ReplayReport>;
}

/** Reads what became of a run so far. */
export async function reportOf<Result>(
  laboratory: Laboratory,
  subject: Subject,
  outcome: RunOutcome | undefined,
): Promise<TestedRun<Result>> {
  const { runId } = subject;
  const view = await laboratory.process.engine.inspect(runId);
  const events = await storedEvents(laboratory.placeOf(runId));
  const calls = laboratory.calls.made.filter((call) => call.runId === runId);
  const { status, state, failure } = view;
  return {
    runId,
    status,
    get result(): Result {
      return resultOf(subject, status, outcome) as Result;
    },
    state,
    failure,
    error: outcome?.status === "failed" ? outcome.error : undefined,
    steps: inCanonicalOrder(view.steps, events),
    calls,
    effects: onceEach(calls.filter((call) => call.effect)),
    questions: await laboratory.questions(runId),
    events,
    elapsedMs: laboratory.elapsedMs(subject),
    replay: () => laboratory.replay(subject),
  };
}

function resultOf(subject: Subject, status: RunStatus, outcome: RunOutcome | undefined): unknown {
  const { runId } = subject;
  const { toResult } = subject.makeWorkflow().model;
  if (outcome?.status === "succeeded") {
    return toResult === undefined ? { ...outcome.state } : toResult(outcome.state);
  }
  if (outcome?.status === "failed") throw outcome.error;
  throw new RunStatusError(`Run ${runId} is ${status}, it has no result.`, { context: { runId, status } });
}

/** The calls as an outside sees them that knows idempotency keys, in the order of their first tries. */
function onceEach(calls: readonly MadeCall[]): readonly MadeCall[] {
  return [...new Map(calls.map((call) => [call.idempotencyKey, call])).values()];
}

function inCanonicalOrder(steps: readonly StepView[], events: readonly RecordEvent[]): readonly StepView[] {
  const places = new Map<string, number>();
  for (const line of canonicalLog(events).trimEnd().split("\n")) {
    const { step } = JSON.parse(line) as { readonly step?: Json };
    if (typeof step === "string" && !places.has(step)) places.set(step, places.size);
  }
  const placeOf = ({ stepId }: StepView): number => places.get(stepId) ?? places.size;
  return [...steps].sort((one, other) => placeOf(one) - placeOf(other));
}
