import { QueryCancelledError } from "@agentflow/core";

/** The error for a question whose signal was aborted; the signal's reason is its cause. */
export function cancelled(signal: AbortSignal | undefined): QueryCancelledError {
  return new QueryCancelledError("The question was called off.", { cause: signal?.reason });
}
