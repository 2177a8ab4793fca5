import { type Goto, invariant, isGoto, type StepDetail } from "@agentflow/core";
import type { Attempt } from "../step/attempt.ts";
import { StepContext } from "../step/step-context.ts";
import type { StepHost } from "../step/step-host.ts";

/** What a node returned, with a goto taken apart. */
export interface Returned {
  readonly delta: unknown;
  readonly goto: readonly string[] | undefined;
  /** The step cache was asked; on a hit `delta` holds encoded values. */
  readonly cache?: StepDetail["cache"];
}

/** Who hears how an attempt's function ended. */
export interface AttemptEvents {
  returned(attempt: Attempt, result: Returned): void;
  thrown(attempt: Attempt, error: unknown): void;
}

/** Calls the node's function, or its `recover` when all attempts have failed (S11). */
export function callNode(attempt: Attempt, host: StepHost, events: AttemptEvents): void {
  const { task } = attempt;
  const { body, policy } = task.node.model;
  const ctx = new StepContext(attempt, host);
  const { exhausted } = task;
  if (exhausted !== undefined) {
    follow(attempt, events, () => policy.recover?.(exhausted, task.argument, ctx));
    return;
  }
  invariant(body.type === "function", `${task.stepId} is a nested workflow and has no function`);
  follow(attempt, events, () => body.run(task.argument, ctx, task.view));
}

/** Reports how the call ended, unless the attempt was revoked (S12) or parked meanwhile. */
function follow(attempt: Attempt, events: AttemptEvents, call: () => unknown): void {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    if (!attempt.isRevoked) events.thrown(attempt, error);
    return;
  }
  if (!isThenable(result)) {
    if (!attempt.isRevoked) events.returned(attempt, takeApart(result));
    return;
  }
  result.then(
    (value) => {
      if (!attempt.isRevoked) events.returned(attempt, takeApart(value));
    },
    (error: unknown) => {
      if (!attempt.isRevoked) events.thrown(attempt, error);
    },
  );
}

function takeApart(value: unknown): Returned {
  if (!isGoto(value)) return { delta: value, goto: undefined };
  const { delta, targets } = value as Goto;
  return { delta, goto: targets };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as PromiseLike<unknown>).then === "function"
  );
}
