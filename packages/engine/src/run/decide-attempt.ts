import {
  AgentFlowError,
  encodeJson,
  type Failure,
  jitterOf,
  MaxAttemptsExceededError,
  nextDelayMs,
  resolveRetryPolicy,
  StepFailedError,
  shouldRetry,
  toFailure,
  withOthers,
} from "@agentflow/core";
import { failureOf, predicateThrew } from "../step/recorded-error.ts";
import type { StepTask } from "../step/step-task.ts";

/** What follows from a failed attempt (S9): the failure as data and, if there is another attempt, when. */
export interface AttemptDecision {
  /** What the attempt failed with; a retry predicate that threw ends the attempts with an error of its own. */
  readonly error: unknown;
  readonly failure: Failure;
  readonly failureJson: string;
  readonly nextAt: number | undefined;
}

/** Decides by the node's retry policy; `now` is in wall-clock milliseconds, `others` failed in the same scope. */
export function decideAttempt(
  task: StepTask,
  error: unknown,
  given: { readonly seed: string; readonly now: number; readonly others: readonly Failure[] },
): AttemptDecision {
  const { json, value } = encodeJson(withOthers(failureOf(error), given.others), "failure");
  const failure = value as unknown as Failure;
  const last = { error, failure, failureJson: json, nextAt: undefined };
  if (task.node.model.body.type === "nested") return last;
  const policy = resolveRetryPolicy(task.node.model.policy.retry);
  const number = task.failedInRound + 1;
  try {
    if (!shouldRetry(policy, number, failure)) return last;
  } catch (thrown) {
    const ended = predicateThrew(task.stepId, thrown, error);
    return { ...last, error: ended, failureJson: encodeJson(toFailure(ended), "failure").json };
  }
  const random = (): number => jitterOf(given.seed, task.stepId, task.attempt);
  return { ...last, nextAt: given.now + nextDelayMs(policy, number, random) };
}

/** The error a step ends with: exhausted attempts are an error of their own that carries the cause (ENG-15). */
export function finalError(task: StepTask, error: unknown): Error {
  const { attemptsMax } = resolveRetryPolicy(task.node.model.policy.retry);
  const { stepId } = task;
  const context = { stepId, node: task.node.name };
  if (attemptsMax > 1) {
    const attempts = task.failedInRound;
    const message = `${stepId} failed after ${attempts} of ${attemptsMax} attempts: ${toFailure(error).message}`;
    return new MaxAttemptsExceededError(message, { cause: error, context: { ...context, attempts } });
  }
  if (error instanceof AgentFlowError) return error;
  // A flow passes on what was recorded of a call: as data it is the same in every process.
  const cause = task.node.model.body.type === "flow" ? failureOf(error) : error;
  return new StepFailedError(`${stepId} failed: ${toFailure(error).message}`, { cause, context });
}
