import { AgentFlowError, type ErrorDetails } from "./agent-flow-error.ts";

/** The run waits for an answer from outside, so it has no result yet (S13). */
export class InterruptedError extends AgentFlowError<"AF_INTERRUPTED"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_INTERRUPTED", message, details);
  }
}

/** The run was cancelled (S21). */
export class CancelledError extends AgentFlowError<"AF_CANCELLED"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_CANCELLED", message, details);
  }
}

/** The engine was closed while the run was not finished; the run is parked and can be resumed. */
export class EngineClosedError extends AgentFlowError<"AF_ENGINE_CLOSED"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_ENGINE_CLOSED", message, details);
  }
}

/** The store holds no run with this id. */
export class RunNotFoundError extends AgentFlowError<"AF_RUN_NOT_FOUND"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_RUN_NOT_FOUND", message, details);
  }
}

/** A run was started under an id that the store already holds for another workflow or input. */
export class RunExistsError extends AgentFlowError<"AF_RUN_EXISTS"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_RUN_EXISTS", message, details);
  }
}

/** The engine was asked to go on with a run whose workflow it was not given. */
export class UnregisteredWorkflowError extends AgentFlowError<"AF_UNREGISTERED_WORKFLOW"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_UNREGISTERED_WORKFLOW", message, details);
  }
}

/** The run's status does not allow what was asked, such as resuming a run that succeeded (S28). */
export class RunStatusError extends AgentFlowError<"AF_RUN_STATUS"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_RUN_STATUS", message, details);
  }
}

/** No interrupt of the run has this id. */
export class InterruptNotFoundError extends AgentFlowError<"AF_INTERRUPT_NOT_FOUND"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_INTERRUPT_NOT_FOUND", message, details);
  }
}

/** The interrupt already has an answer; the first one counts (S13). */
export class AnswerConflictError extends AgentFlowError<"AF_ANSWER_CONFLICT"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_ANSWER_CONFLICT", message, details);
  }
}

/** A reader asked for events past the head of the run (S7). */
export class CursorError extends AgentFlowError<"AF_CURSOR"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_CURSOR", message, details);
  }
}

/** A reader of live events was slower than the run and had asked to be told so (S6). */
export class StreamOverflowError extends AgentFlowError<"AF_STREAM_OVERFLOW"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_STREAM_OVERFLOW", message, details);
  }
}

/** A run cannot be forked there: no step or checkpoint of it is at this place (S23). */
export class ForkPointError extends AgentFlowError<"AF_FORK_POINT"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_FORK_POINT", message, details);
  }
}

/** A run directory cannot be turned into a run of the store (RUN-10). */
export class RunImportError extends AgentFlowError<"AF_IMPORT"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_IMPORT", message, details);
  }
}
