import { AgentFlowError, type ErrorDetails } from "./agent-flow-error.ts";
import type { ErrorCode } from "./error-codes.ts";

/** Codes of the store errors. */
export type StoreErrorCode = Extract<ErrorCode, `AF_STORE_${string}`>;

/** Base of the errors of every store (STO-3); what was committed before is kept. */
export abstract class StoreError<Code extends StoreErrorCode = StoreErrorCode> extends AgentFlowError<Code> {}

/** The store's file is damaged or is no database. */
export class StoreCorruptError extends StoreError<"AF_STORE_CORRUPT"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_STORE_CORRUPT", message, details);
  }
}

/** The store can be opened but not written. */
export class StoreReadOnlyError extends StoreError<"AF_STORE_READ_ONLY"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_STORE_READ_ONLY", message, details);
  }
}

/** The disk or quota of the store is used up. */
export class StoreFullError extends StoreError<"AF_STORE_FULL"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_STORE_FULL", message, details);
  }
}

/** Another process held the store's lock longer than the busy timeout allows. */
export class StoreLockedError extends StoreError<"AF_STORE_LOCKED"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_STORE_LOCKED", message, details);
  }
}

/** The database server or the folder of the file cannot be reached. */
export class StoreUnavailableError extends StoreError<"AF_STORE_UNAVAILABLE"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_STORE_UNAVAILABLE", message, details);
  }
}

/** The schema is newer than this program, which therefore refuses it (STO-2). */
export class StoreNewerError extends StoreError<"AF_STORE_NEWER"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_STORE_NEWER", message, details);
  }
}

/** The database refused a statement for a reason that no other store error names. */
export class StoreFailedError extends StoreError<"AF_STORE_FAILED"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_STORE_FAILED", message, details);
  }
}

/** The schema on a server is older than this program, which does not change it unasked (STO-2). */
export class StoreOlderError extends StoreError<"AF_STORE_OLDER"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_STORE_OLDER", message, details);
  }
}

/** Processes that are alive advance runs of the store, which is therefore neither replaced nor taken back (STO-6). */
export class StoreInUseError extends StoreError<"AF_STORE_IN_USE"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_STORE_IN_USE", message, details);
  }
}

/** The store that a backup is to be restored into holds something (STO-6). */
export class StoreNotEmptyError extends StoreError<"AF_STORE_NOT_EMPTY"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_STORE_NOT_EMPTY", message, details);
  }
}
