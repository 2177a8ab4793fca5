import { type Failure, StepFailedError, toFailure } from "@agentflow/core";

/**
 * The error an outside call ended with, as user code meets it: made from the recorded failure both when it happens and
 * when it is met again, so that code which catches it behaves alike (S8).
 */
export class RecordedError extends Error {
  readonly code: string;
  readonly class: Failure["class"];
  readonly retryable: boolean;
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(
      failure.message,
      failure.cause === undefined ? undefined : { cause: new RecordedErrorCause(failure.cause) },
    );
    this.name = failure.name;
    this.code = failure.code;
    this.class = failure.class;
    this.retryable = failure.retryable;
    this.failure = failure;
    if (failure.stack !== undefined) this.stack = failure.stack;
  }
}

class RecordedErrorCause extends Error {
  constructor(failure: Failure) {
    super(
      failure.message,
      failure.cause === undefined ? undefined : { cause: new RecordedErrorCause(failure.cause) },
    );
    this.name = failure.name;
  }
}

/** The error of a step or call whose `retryIf` threw when it was asked about `error`. */
export function predicateThrew(what: string, thrown: unknown, error: unknown): StepFailedError {
  const { message } = toFailure(thrown);
  return new StepFailedError(`${what} failed, and its retryIf threw: ${message}`, { cause: error });
}

/** The failure of whatever a step ended with; a recorded one stays as it was recorded. */
export function failureOf(error: unknown): Failure {
  return error instanceof RecordedError ? error.failure : toFailure(error);
}
