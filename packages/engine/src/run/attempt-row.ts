import { type AttemptRow, CancelledError, toFailure, withoutStack } from "@agentflow/core";
import type { Unstamped } from "../commit/pending-commit.ts";
import type { StepTask } from "../step/step-task.ts";

type Row = Omit<Unstamped<AttemptRow>, "entries">;

/** How an attempt ended without an outcome of its step. */
export type EndedAttempt = Pick<
  Row,
  "round" | "opens" | "outcome" | "failure" | "nextAt" | "startedAt" | "durationMs"
>;

/** The failure of an attempt that ran when its run was cancelled, as JSON. */
export const cancelledFailure = JSON.stringify(
  withoutStack(toFailure(new CancelledError("The run was cancelled."))),
);

/** The failure of an attempt that was stopped because a step beside it failed, as JSON (S11). */
export const siblingFailure = JSON.stringify(
  withoutStack(toFailure(new CancelledError("A step beside it failed."))),
);

/** The row of the step's attempt that has just ended; its entries are filled in by the commit. */
export function attemptRow(task: StepTask, ended: EndedAttempt): Row {
  const { scopePath: scope, superstep, ordinal, item } = task.place;
  return { scope, superstep, ordinal, node: task.node.name, item, attempt: task.attempt, ...ended };
}
