import type { JournalRow, ScopeRecord } from "@agentflow/core";
import { callsWorkflow } from "../flow/calls-workflow.ts";
import { RecordedCalls } from "../flow/recorded-calls.ts";
import { ReplayCalls } from "../flow/replay-calls.ts";
import { Blobs } from "../resume/blobs.ts";
import { ScopeExecution } from "../run/scope-execution.ts";
import { ScopeState } from "../state/scope-state.ts";
import { Attempt } from "../step/attempt.ts";
import type { StepTask } from "../step/step-task.ts";
import { expectSame } from "./divergence.ts";
import { entriesByPosition, positionKey } from "./recorded-entries.ts";
import type { Replay } from "./replay-scope.ts";
import { compareOutcome, executeAgain, type RecordedStep } from "./replay-step.ts";

/** A flow whose body is to be executed again, with what is recorded of it. */
export interface RecordedFlow {
  readonly task: StepTask;
  /** The outcome; undefined for a flow that has not ended, or failed: its calls are compared as far as they go. */
  readonly outcome: RecordedStep | undefined;
  readonly journal: readonly JournalRow[];
  /** Attempts that failed or were cancelled. */
  readonly failedAttempts: number;
  /** The rows of its calls. */
  readonly record: ScopeRecord;
  readonly blobs: Blobs;
  /** Executes a step of a call again and compares it. Rejects with DivergenceFound. */
  readonly replay: (scope: ScopeExecution, step: RecordedStep) => Promise<void>;
}

/**
 * Executes the body of a flow again on its journal and its calls, and compares both with what it does (S25). Throws
 * DivergenceFound.
 */
export async function replayFlow(
  { head, trap }: Pick<Replay, "head" | "trap">,
  scope: ScopeExecution,
  flow: RecordedFlow,
): Promise<void> {
  const { task, outcome, record, blobs } = flow;
  const recorded = new RecordedCalls(record, blobs, -1);
  for (const row of flow.journal) task.restore([blobs.entry(row.entry)], row.event);
  task.attempt = outcome?.row.attempt ?? Math.max(1, flow.failedAttempts);
  task.journal.keepOrder(recorded.endings(task));
  task.journal.begin(task.attempt, false);
  const calls = callsOf(task, scope);
  const entries = entriesByPosition(record, blobs);
  const attempt = new Attempt(task, outcome?.row.startedAt ?? 0, 0);
  let replayed: ReplayCalls | undefined;
  const ended = await executeAgain(
    { head, scope, attempt, trap, mayStayOpen: outcome === undefined },
    (events) => {
      replayed = new ReplayCalls(task, recorded, blobs, {
        ...events,
        replay: (step) => flow.replay(calls, { ...step, entries: entries.get(positionKey(step.row)) ?? [] }),
      });
      return replayed;
    },
  );
  const { unmet } = replayed ?? {};
  if (unmet !== undefined) expectSame(Blobs.stepIdOf(unmet), "call", "a call of the flow", "no such call");
  if (outcome !== undefined && ended !== undefined) compareOutcome(scope, outcome, attempt, ended);
}

function callsOf(task: StepTask, scope: ScopeExecution): ScopeExecution {
  const workflow = callsWorkflow(scope.workflow);
  const state = new ScopeState(workflow, {});
  return new ScopeExecution({ path: task.stepId, workflow, state, parent: { scope, task } });
}
