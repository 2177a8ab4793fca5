import {
  InvariantError,
  type JournalEntry,
  type Json,
  type RunHead,
  type StepDetail,
  type StepRow,
  toFailure,
} from "@agentflow/core";
import type { FlowExecution } from "../flow/flow-call.ts";
import type { ReplayCallEvents, ReplayCalls } from "../flow/replay-calls.ts";
import { type AttemptEvents, callNode, type Returned } from "../run/call-node.ts";
import type { ScopeExecution } from "../run/scope-execution.ts";
import { encodeDelta } from "../state/delta.ts";
import { Attempt } from "../step/attempt.ts";
import type { StepTask } from "../step/step-task.ts";
import { type Divergence, DivergenceFound, expectSame, expectSameMembers, guarded } from "./divergence.ts";
import { ReplayHost } from "./replay-host.ts";
import { withTraps } from "./traps.ts";

/** How long a step may go on after a call that the record does not settle, in real milliseconds. */
const graceMs = 250;

/** A committed step with what it recorded, to be executed again. */
export interface RecordedStep {
  readonly task: StepTask;
  readonly row: StepRow;
  readonly detail: StepDetail;
  /** The delta's values per field. */
  readonly values: Readonly<Record<string, Json>>;
  readonly entries: readonly JournalEntry[];
}

/**
 * Executes a committed step's last attempt on its journal and compares delta, goto, artifacts and the entries used
 * (S25). Throws DivergenceFound.
 */
export async function replayStep(
  head: RunHead,
  scope: ScopeExecution,
  step: RecordedStep,
  options: { readonly trap: boolean },
): Promise<void> {
  const { task, row } = step;
  task.restore(step.entries);
  task.attempt = row.attempt;
  task.journal.begin(row.attempt, task.node.model.policy.retry?.io === "fresh");
  const attempt = new Attempt(task, row.startedAt, 0);
  const execution = { head, scope, attempt, trap: options.trap, mayStayOpen: false };
  const outcome = await executeAgain(execution, noCalls);
  if (outcome !== undefined) compareOutcome(scope, step, attempt, outcome);
}

/** What a step has that is no flow. */
export const noCalls = (): FlowExecution & Pick<ReplayCalls, "isBusy" | "settled"> => ({
  call: () => Promise.reject(new InvariantError("a step that is no flow has no calls")),
  isBusy: false,
  settled: async () => undefined,
});

/** Compares what a step gave with its record. Throws DivergenceFound. */
export function compareOutcome(
  scope: ScopeExecution,
  step: RecordedStep,
  attempt: Attempt,
  outcome: Outcome,
): void {
  try {
    compare(scope, step, attempt, outcome);
  } catch (error) {
    if (outcome.unsettled === undefined || !(error instanceof DivergenceFound)) throw error;
    throw new DivergenceFound(outcome.unsettled);
  }
}

function compare(scope: ScopeExecution, step: RecordedStep, attempt: Attempt, outcome: Outcome): void {
  const { task, detail } = step;
  const { stepId } = task;
  if ("error" in outcome) {
    const failure = toFailure(outcome.error);
    expectSame(stepId, "outcome", "succeeded", { failed: failure.message, code: failure.code });
    return;
  }
  const { returned } = outcome;
  const delta = guarded(stepId, "delta", () => encodeDelta(returned.delta, scope.workflow, stepId));
  expectSameMembers(stepId, "delta", step.values, delta.values);
  expectSame(stepId, "goto", detail.goto, outcome.returned.goto);
  const written = attempt.artifacts.map(({ path, sha256 }) => ({ path, sha256 }));
  const recorded = (detail.artifacts ?? []).map(({ path, sha256 }) => ({ path, sha256 }));
  expectSame(stepId, "artifacts", recorded, written);
  const unmet = task.journal.unmet.map(({ kind, name, nth }) => ({ kind, name, nth }));
  expectSame(stepId, "journal", unmet.slice(0, 1), []);
}

/** `unsettled` is the first call that was made and is not recorded: if anything else differs, this is why. */
export type Outcome = ({ readonly returned: Returned } | { readonly error: unknown }) & {
  readonly unsettled?: Divergence;
};

/** A step's function to be called on its journal. */
export interface Execution {
  readonly head: RunHead;
  readonly scope: ScopeExecution;
  readonly attempt: Attempt;
  readonly trap: boolean;
  /** The record does not say how the step ended: it may wait for ever. */
  readonly mayStayOpen: boolean;
}

/** What a step's function meets besides its result. */
export type ExecutionEvents = Pick<ReplayCallEvents, "divergence" | "unsettled">;

/**
 * Calls the function of a step, or of a flow with its calls; undefined if it waits for what is not in the record and may
 * do so. Throws DivergenceFound.
 */
export async function executeAgain(
  { head, scope, attempt, trap, mayStayOpen }: Execution,
  makeCalls: (events: ExecutionEvents) => FlowExecution & Pick<ReplayCalls, "isBusy" | "settled">,
): Promise<Outcome | undefined> {
  const { task } = attempt;
  let found: Divergence | undefined;
  let leave: (outcome: Outcome | undefined) => void = () => undefined;
  // What the step did against the record counts even where its own code catches the error that says so.
  const diverged = new Promise<Outcome | undefined>((resolve) => {
    leave = resolve;
  });
  const onDivergence = (divergence: Divergence): void => {
    found ??= divergence;
    leave({ error: new DivergenceFound(found) });
  };
  let unsettled: Divergence | undefined;
  let grace: NodeJS.Timeout | undefined;
  const onUnsettled = (divergence: Divergence): void => {
    unsettled ??= divergence;
    grace ??= setTimeout(onStill, graceMs, divergence);
  };
  const onStill = (divergence: Divergence): void => {
    if (calls.isBusy) grace?.refresh();
    else if (mayStayOpen) leave(undefined);
    else onDivergence(divergence);
  };
  const events = { divergence: onDivergence, unsettled: onUnsettled };
  const calls = makeCalls(events);
  const host = new ReplayHost(head, scope, { attempt, calls }, events);
  const ended = (): Promise<Outcome> =>
    new Promise((resolve) => {
      const outcomes: AttemptEvents = {
        returned: (_attempt, returned) => resolve({ returned }),
        thrown: (_attempt, error) => resolve({ error }),
      };
      callNode(attempt, host, outcomes);
    });
  const trapped = ({ name, at }: { name: string; at: string }): void =>
    onDivergence({
      stepId: task.stepId,
      field: name,
      expected: "only through ctx",
      actual: `called at ${at}`,
    });
  // Raced inside the traps, so that a step that never ends does not leave them behind.
  const first = (): Promise<Outcome | undefined> => Promise.race([diverged, ended()]);
  const outcome = await (trap ? withTraps(trapped, first) : first());
  await calls.settled();
  clearTimeout(grace);
  if (found !== undefined) throw new DivergenceFound(found);
  return outcome === undefined || unsettled === undefined ? outcome : { ...outcome, unsettled };
}
