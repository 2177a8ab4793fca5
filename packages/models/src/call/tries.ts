import { AgentFlowError, type Clock, ModelError, nextDelayMs } from "@agentflow/core";
import type { Target } from "../route/route.ts";
import type { CallOptions } from "./call-options.ts";
import { classifyFailure, retryAfterOf } from "./classify-failure.ts";
import type { GatewayParts } from "./gateway-parts.ts";
import { type Charged, Trial } from "./trial.ts";

/** A call of a route. */
export interface RouteCall {
  readonly parts: GatewayParts;
  readonly targets: readonly Target[];
  readonly request: Charged;
  readonly options: CallOptions;
}

/**
 * Gives one try after the other until one has succeeded (MDL-2): each target of the route is tried again while a retry
 * can help, and the next one takes over when it cannot. Whoever consumes this ends each trial before it asks for the next,
 * and stops asking once a part of an answer was shown. Throws the failure of a route that has only one; a ModelError (AF_MODEL_RETRIES)
 * where tries were repeated, with the last failure as its cause.
 */
export async function* triesOf(call: RouteCall): AsyncGenerator<Trial, void> {
  let count = 0;
  let last: AgentFlowError | undefined;
  for (const [index, target] of call.targets.entries()) {
    const isLast = index === call.targets.length - 1;
    last = await openFailure(target);
    if (last !== undefined) continue;
    for (let number = 1; ; number++) {
      const trial = begin(call, target);
      count += trial instanceof Trial ? 1 : 0;
      if (trial instanceof Trial) {
        yield trial;
        if (trial.failure === undefined) return;
      }
      const failure = trial instanceof Trial ? (trial.failure as ModelError) : trial;
      last = failure;
      if (endsRoute(failure)) throw failure;
      const delayMs = delayOf(call.parts, number, failure, isLast);
      if (delayMs === undefined) break;
      await pause(call.parts.clock, delayMs, call.options.signal);
    }
  }
  if (last === undefined || count <= 1)
    throw last ?? new ModelError("AF_MODEL_REQUEST", "No model was asked.");
  throw new ModelError("AF_MODEL_RETRIES", `${count} tries failed; the last: ${last.message}`, {
    cause: last,
    context: { tries: count, route: call.targets.map(({ key }) => key) },
  });
}

/** Why nothing can be asked of a target at all: its key or its package is missing. That is no call, and costs nothing. */
async function openFailure(target: Target): Promise<AgentFlowError | undefined> {
  try {
    await target.open();
    return undefined;
  } catch (error) {
    if (error instanceof AgentFlowError) return error;
    throw error;
  }
}

/** A try, or why it could not begin. */
function begin({ parts, request, options }: RouteCall, target: Target): Trial | ModelError {
  try {
    return new Trial(parts, target, request, options);
  } catch (error) {
    return classifyFailure(error, target.key);
  }
}

/** Failures that no other model mends: the caller's own, and those of the request. */
function endsRoute({ code }: ModelError): boolean {
  return code === "AF_MODEL_CANCELLED" || code === "AF_MODEL_REQUEST";
}

// Longer than this nobody is made to wait: the caller is told, and a durable step can wait better.
const longestWaitMs = 60_000;

/** How long to wait before the same model is tried again; undefined if it is not. */
function delayOf(
  parts: GatewayParts,
  number: number,
  failure: ModelError,
  isLast: boolean,
): number | undefined {
  const { retry } = parts;
  if (!failure.retryable || failure.code === "AF_MODEL_CIRCUIT_OPEN" || number >= retry.attemptsMax)
    return undefined;
  if (failure.code === "AF_MODEL_TIMEOUT" && failure.context["callers"] === true) return undefined;
  const asked = retryAfterOf(failure) ?? 0;
  // Where another model stands by, nobody waits longer than usual for this one.
  if (asked > (isLast ? longestWaitMs : retry.maxDelayMs)) return undefined;
  return Math.max(asked, nextDelayMs(retry, number, parts.random));
}

function pause(clock: Clock, delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  if (delayMs === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = clock.setTimer(delayMs, done);
    signal?.addEventListener("abort", done, { once: true });
    function done(): void {
      stop();
      signal?.removeEventListener("abort", done);
      resolve();
    }
  });
}
