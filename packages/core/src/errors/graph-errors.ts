import { AgentFlowError, type ErrorDetails } from "./agent-flow-error.ts";

/** Codes of GraphError. */
export type GraphErrorCode = "AF_GRAPH" | "AF_NODE_NAME" | "AF_JOIN_UNSATISFIED" | "AF_ROUTE_TARGET";

/** Details of a GraphError: all problems that were found, each naming its node and the mend. */
export interface GraphErrorDetails extends ErrorDetails {
  readonly problems?: readonly string[] | undefined;
}

/** A graph that cannot run, found when it is built (ENG-3) or, for joins and targets, while it runs (S15, S16). */
export class GraphError extends AgentFlowError<GraphErrorCode> {
  readonly problems: readonly string[];

  constructor(code: GraphErrorCode, message: string, details: GraphErrorDetails = {}) {
    const problems = details.problems ?? [message];
    super(code, message, { ...details, context: { problems, ...details.context } });
    this.problems = problems;
  }
}
