import { AgentFlowError, type ErrorDetails } from "./agent-flow-error.ts";

/** A rule of AgentFlow's own code does not hold: a bug, never caught inside. */
export class InvariantError extends AgentFlowError<"AF_INVARIANT"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_INVARIANT", message, details);
  }
}

/** Throws InvariantError unless `condition` holds. For rules of our own code, never for what users pass in. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
