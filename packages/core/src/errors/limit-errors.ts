import { AgentFlowError, type ErrorDetails } from "./agent-flow-error.ts";

/** The run reached `maxSteps` (ENG-14). */
export class MaxStepsExceededError extends AgentFlowError<"AF_MAX_STEPS"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_MAX_STEPS", message, details);
  }
}

/** Nothing is ready, running or waiting, and the run is not finished (ENG-16). */
export class NoProgressError extends AgentFlowError<"AF_NO_PROGRESS"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_NO_PROGRESS", message, details);
  }
}

/** A full queue did not move within `backpressureTimeoutMs` (S14). */
export class BackpressureError extends AgentFlowError<"AF_BACKPRESSURE"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_BACKPRESSURE", message, details);
  }
}

/** Attempts of the run ran longer than `runBudgetMs` in total (S22). */
export class RunBudgetExceededError extends AgentFlowError<"AF_RUN_BUDGET"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_RUN_BUDGET", message, details);
  }
}
