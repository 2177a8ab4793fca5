import { AgentFlowError, type ErrorDetails } from "./agent-flow-error.ts";

/** A newer owner holds the run; this one stops (I6, S4). */
export class FencedError extends AgentFlowError<"AF_FENCED"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_FENCED", message, details);
  }
}

/** Another live process advances the run, so it cannot be taken (S20). */
export class RunOwnedError extends AgentFlowError<"AF_RUN_OWNED"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_RUN_OWNED", message, details);
  }
}

/** The run was taken over more than `recoveriesMax` times without a commit (S10). */
export class CrashLoopError extends AgentFlowError<"AF_CRASH_LOOP"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_CRASH_LOOP", message, details);
  }
}

/** A position that is committed was committed again with another idempotency key (S4). */
export class IdempotencyViolationError extends AgentFlowError<"AF_IDEMPOTENCY_VIOLATION"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_IDEMPOTENCY_VIOLATION", message, details);
  }
}
