import {
  AgentFlowError,
  BackupInvalidError,
  InvariantError,
  type JsonObject,
  MigrationRefusedError,
  RunNotFoundError,
  StoreCorruptError,
  StoreFailedError,
  StoreFullError,
  StoreLockedError,
  StoreNewerError,
  StoreReadOnlyError,
  StoreUnavailableError,
  ValidationError,
} from "@agentflow/core";

/** An error as plain data: classes do not survive the way between threads. */
export interface PortableError {
  readonly code: string | undefined;
  readonly message: string;
  readonly hint: string | undefined;
  readonly context: JsonObject;
  readonly cause: string | undefined;
}

/** The data of an error. */
export function toPortable(error: unknown): PortableError {
  if (!(error instanceof AgentFlowError))
    return { code: undefined, message: String(error), hint: undefined, context: {}, cause: undefined };
  const { code, message, hint, context, cause } = error;
  return { code, message, hint, context, cause: cause === undefined ? undefined : String(cause) };
}

/** The typed error again; an unknown one becomes a StoreFailedError. */
export function fromPortable(portable: PortableError): AgentFlowError {
  const { code, message, hint, context } = portable;
  const cause = portable.cause === undefined ? undefined : new Error(portable.cause);
  const details = { hint, context, cause };
  switch (code) {
    case "AF_STORE_CORRUPT":
      return new StoreCorruptError(message, details);
    case "AF_STORE_READ_ONLY":
      return new StoreReadOnlyError(message, details);
    case "AF_STORE_FULL":
      return new StoreFullError(message, details);
    case "AF_STORE_LOCKED":
      return new StoreLockedError(message, details);
    case "AF_STORE_UNAVAILABLE":
      return new StoreUnavailableError(message, details);
    case "AF_STORE_NEWER":
      return new StoreNewerError(message, details);
    case "AF_BACKUP_INVALID":
      return new BackupInvalidError(message, details);
    case "AF_MIGRATION_REFUSED":
      return new MigrationRefusedError(message, details);
    case "AF_RUN_NOT_FOUND":
      return new RunNotFoundError(message, details);
    case "AF_ARGUMENT_INVALID":
      return new ValidationError(code, message, details);
    case "AF_INVARIANT":
      return new InvariantError(message, details);
    default:
      return new StoreFailedError(message, details);
  }
}
