import type { JsonObject } from "../encoding/json.ts";
import type { ErrorClass } from "./error-code-entry.ts";

/** Class of an error that is not ours, whether a retry can help, and the facts that decided it. */
export interface ForeignClass {
  readonly class: ErrorClass;
  readonly retryable: boolean;
  readonly context: JsonObject;
}

const transientSystemCodes: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "EBUSY",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_SOCKET",
]);

/**
 * Classes an error of user code or a library. Its own boolean `retryable` wins; then the HTTP status (`status` or
 * `statusCode`); then the system code (`code`, also of its cause); then the names TimeoutError and AbortError. What says
 * nothing of itself is internal and retryable: an author who declares a retry wants it for an unknown error too.
 */
export function classifyForeign(error: Error): ForeignClass {
  const facts = error as { code?: unknown; status?: unknown; statusCode?: unknown; retryable?: unknown };
  const status = [facts.status, facts.statusCode].find((value) => typeof value === "number");
  const code = [facts.code, (error.cause as { code?: unknown } | undefined)?.code].find(
    (value) => typeof value === "string",
  );
  const context: Record<string, string | number> = {};
  if (code !== undefined) context.code = code.slice(0, 200);
  if (status !== undefined && Number.isFinite(status)) context.status = status;
  const errorClass = classOf(error.name, status, code);
  const retryable = typeof facts.retryable === "boolean" ? facts.retryable : canPass(errorClass, status);
  return { class: errorClass, retryable, context };
}

function classOf(name: string, status: number | undefined, code: string | undefined): ErrorClass {
  if (status !== undefined && status >= 400 && status <= 599) return classOfStatus(status);
  if (code !== undefined && transientSystemCodes.has(code)) return "transient";
  return name === "TimeoutError" || name === "AbortError" ? "transient" : "internal";
}

// RFC 9110 section 15 and RFC 6585: 408 and 5xx may pass, 429 passes when the quota refills.
function classOfStatus(status: number): ErrorClass {
  if (status === 401 || status === 403) return "auth";
  if (status === 402 || status === 429) return "quota";
  return status === 408 || status === 425 || status >= 500 ? "transient" : "validation";
}

// A payment that is missing (402) does not arrive within the delays of a retry.
function canPass(errorClass: ErrorClass, status: number | undefined): boolean {
  return errorClass !== "validation" && errorClass !== "auth" && status !== 402;
}
