import type { JsonObject } from "../encoding/json.ts";
import type { ErrorClass } from "./error-code-entry.ts";
import { type ErrorCode, errorCodes } from "./error-codes.ts";

/** What an error carries beside its message. `hint` replaces the default hint of the code. */
export interface ErrorDetails {
  readonly hint?: string | undefined;
  readonly context?: JsonObject | undefined;
  readonly cause?: unknown;
}

/**
 * Base of every error that AgentFlow throws on purpose. `code` is stable; `class` and `retryable` come from the table
 * of codes; `docs` is the path of the page that explains the code.
 */
export abstract class AgentFlowError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  readonly class: ErrorClass;
  readonly retryable: boolean;
  readonly hint: string;
  readonly context: JsonObject;
  readonly docs: string;

  constructor(code: Code, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    const entry = errorCodes[code];
    this.code = code;
    this.class = entry.class;
    this.retryable = entry.retryable;
    this.hint = details.hint ?? entry.hint;
    this.context = details.context ?? {};
    this.docs = `docs/errors/${code}.md`;
  }

  // On the prototype, so that the first line of the stack names the class too.
  override get name(): string {
    return this.constructor.name;
  }
}
