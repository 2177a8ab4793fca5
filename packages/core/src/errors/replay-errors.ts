import { AgentFlowError, type ErrorDetails } from "./agent-flow-error.ts";

/** Strict replay found a difference; `context` names step, field, expected and actual (S25). */
export class ReplayMismatchError extends AgentFlowError<"AF_REPLAY_MISMATCH"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_REPLAY_MISMATCH", message, details);
  }
}

/** Code under replay reached for time, random values or the network outside ctx (S25). */
export class NondeterminismError extends AgentFlowError<"AF_NONDETERMINISM"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_NONDETERMINISM", message, details);
  }
}

/** The stored run belongs to an incompatible definition of the workflow (S19). */
export class VersionMismatchError extends AgentFlowError<"AF_VERSION_MISMATCH"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_VERSION_MISMATCH", message, details);
  }
}

/** What led to the result of a run was removed by retention; `context` names the nearest point that is left (S24). */
export class HistoryRemovedError extends AgentFlowError<"AF_HISTORY_REMOVED"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_HISTORY_REMOVED", message, details);
  }
}
