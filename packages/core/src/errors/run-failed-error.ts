import { AgentFlowError, type ErrorDetails } from "./agent-flow-error.ts";
import type { Failure } from "./failure.ts";

/** Details of a RunFailedError: the failure of the lowest order key, and the other failures of that superstep (S11). */
export interface RunFailedDetails extends Omit<ErrorDetails, "cause"> {
  readonly failure: Failure;
  readonly others?: readonly Failure[] | undefined;
}

/** A run ended as failed; `failure`, also its `cause`, says why. */
export class RunFailedError extends AgentFlowError<"AF_RUN_FAILED"> {
  readonly failure: Failure;
  readonly others: readonly Failure[];

  constructor(message: string, details: RunFailedDetails) {
    const { hint, context, failure, others = [] } = details;
    super("AF_RUN_FAILED", message, { hint, context, cause: failure });
    this.failure = failure;
    this.others = others;
  }
}
