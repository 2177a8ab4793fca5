import { type Goto, invariant, isGoto, type StepDetail, ValidationError } from "@agentflow/core";
import { FlowStepContext } from "../flow/flow-step-context.ts";
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
  const { exhausted } = task;
  if (exhausted === undefined && body.type === "flow") {
    const flowCtx = new FlowStepContext(attempt, host);
    const { span } = attempt;
    const call = (): unknown => body.run(task.argument, flowCtx);
    follow(attempt, events, span === undefined ? call : () => span.within(call));
    return;
  }
  const ctx = new StepContext(attempt, host);
  if (exhausted !== undefined) {
    follow(
      attempt,
      events,
      intercepted(attempt, host, () => policy.recover?.(exhausted, task.argument, ctx)),
    );
    return;
  }
  invariant(body.type === "function", `${task.stepId} is a nested workflow and has no function`);
  follow(
    attempt,
    events,
    intercepted(attempt, host, () => body.run(task.argument, ctx, task.view)),
  );
}

function intercepted(
  { task, number, span }: Attempt,
  { interceptor, runId }: StepHost,
  call: () => unknown,
): () => unknown {
  const traced = span === undefined ? call : () => span.within(call);
  if (interceptor === undefined) return traced;
  return () =>
    interceptor.node({ runId, stepId: task.stepId, node: task.node.name, attempt: number }, traced);
}

/** Reports how the call ended, unless nothing more is to follow from it (S12, S13). */
function follow(attempt: Attempt, events: AttemptEvents, call: () => unknown): void {
  const failed = (error: unknown): void => {
    if (!attempt.isOver) events.thrown(attempt, error);
  };
  const ended = (value: unknown): void => {
    if (attempt.isOver) return;
    let returned: Returned;
    try {
      returned = takeApart(value);
    } catch (error) {
      failed(error);
      return;
    }
    events.returned(attempt, returned);
  };
  let result: unknown;
  let isLater: boolean;
  try {
    result = call();
    isLater = isThenable(result);
  } catch (error) {
    failed(error);
    return;
  }
  // A promise stays what it is; any other thenable is made to settle once.
  if (isLater) Promise.resolve(result).then(ended, failed);
  else ended(result);
}

function takeApart(value: unknown): Returned {
  if (!isGoto(value)) return { delta: value, goto: undefined };
  const { delta, targets } = value as Goto;
  if (Array.isArray(targets) && targets.every((target) => typeof target === "string"))
    return { delta, goto: targets };
  throw new ValidationError("AF_DELTA_INVALID", "A goto names its targets by other than strings.", {
    hint: "Give `goto` the name of a node, or a list of names.",
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" && value !== null && typeof (value as PromiseLike<unknown>).then === "function"
  );
}
