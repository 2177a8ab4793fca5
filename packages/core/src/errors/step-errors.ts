import { AgentFlowError, type ErrorDetails } from "./agent-flow-error.ts";

/** Every attempt of a step failed; `cause` is the last failure (ENG-15). */
export class MaxAttemptsExceededError extends AgentFlowError<"AF_MAX_ATTEMPTS"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_MAX_ATTEMPTS", message, details);
  }
}

/** A step failed and nothing recovered it; `cause` is its failure (S11). */
export class StepFailedError extends AgentFlowError<"AF_STEP_FAILED"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_STEP_FAILED", message, details);
  }
}

/** An attempt took longer than the node's timeout; its ctx is revoked (S12). */
export class NodeTimeoutError extends AgentFlowError<"AF_NODE_TIMEOUT"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_NODE_TIMEOUT", message, details);
  }
}

/** A `ctx.tx` was open longer than its timeout; nothing of it is left (S26). */
export class TransactionTimeoutError extends AgentFlowError<"AF_TX_TIMEOUT"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_TX_TIMEOUT", message, details);
  }
}

/** Nobody answered an interrupt, or no event came, before its deadline, and it has no default (S13). */
export class DeadlineExceededError extends AgentFlowError<"AF_DEADLINE"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_DEADLINE", message, details);
  }
}

/** Two steps of one superstep wrote one field, or one key of an object merge (S18). */
export class ConflictError extends AgentFlowError<"AF_CONFLICT"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_CONFLICT", message, details);
  }
}

/** The configured adapter cannot do what was asked, such as `ctx.tx` without a database (S26). */
export class CapabilityError extends AgentFlowError<"AF_CAPABILITY"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_CAPABILITY", message, details);
  }
}
