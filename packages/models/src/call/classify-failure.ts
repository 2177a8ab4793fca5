/**
 * What a failed call of a provider means: the one table from an outcome to the error it is thrown as (MDL-7). The class
 * of ENG-51 and whether a retry can help follow from the code.
 */
import { ModelError, type ModelErrorCode, type ModelOutcome } from "@agentflow/core";

/** The code a failed outcome is thrown with. */
export const outcomeCodes = {
  timeout: "AF_MODEL_TIMEOUT",
  rate_limited: "AF_MODEL_RATE_LIMITED",
  provider_error: "AF_MODEL_PROVIDER",
  auth: "AF_MODEL_AUTH",
  validation: "AF_MODEL_REQUEST",
  quota: "AF_MODEL_QUOTA",
  cancelled: "AF_MODEL_CANCELLED",
} as const satisfies Record<Exclude<ModelOutcome, "succeeded">, ModelErrorCode>;

const outcomes: Readonly<Record<ModelErrorCode, Exclude<ModelOutcome, "succeeded">>> = {
  AF_MODEL_TIMEOUT: "timeout",
  AF_MODEL_RATE_LIMITED: "rate_limited",
  AF_MODEL_PROVIDER: "provider_error",
  AF_MODEL_CIRCUIT_OPEN: "provider_error",
  AF_MODEL_RETRIES: "provider_error",
  AF_MODEL_AUTH: "auth",
  AF_MODEL_RESIDENCY: "auth",
  AF_MODEL_REQUEST: "validation",
  AF_MODEL_OUTPUT: "validation",
  AF_MODEL_PRICE_UNKNOWN: "validation",
  AF_MODEL_DISABLED: "validation",
  AF_MODEL_QUOTA: "quota",
  AF_MODEL_BUDGET: "quota",
  AF_MODEL_CANCELLED: "cancelled",
};

/** What metrics, logs and the record call a failure. */
export function outcomeOf(error: ModelError): Exclude<ModelOutcome, "succeeded"> {
  return outcomes[error.code];
}

/** The members of a provider library's error that tell what happened; AI SDK names them so. */
interface CallFacts {
  readonly statusCode?: unknown;
  readonly responseBody?: unknown;
  readonly responseHeaders?: unknown;
}

/**
 * Makes a ModelError of whatever a provider threw. What is one already stays as it is, also as a cause: the transport
 * and the stream reader throw their own, which a provider library may wrap.
 */
export function classifyFailure(error: unknown, target: string): ModelError {
  const own = ownError(error);
  if (own !== undefined) return own;
  const { statusCode, responseBody } = (
    typeof error === "object" && error !== null ? error : {}
  ) as CallFacts;
  const status = typeof statusCode === "number" && statusCode >= 400 ? statusCode : undefined;
  const outcome =
    status === undefined ? "provider_error" : outcomeOfStatus(status, String(responseBody ?? ""));
  const said = error instanceof Error ? error.message : String(error);
  const retryAfterMs = retryAfterOf(error);
  return new ModelError(outcomeCodes[outcome], `${target} failed: ${said}`, {
    cause: error,
    context: {
      target,
      ...(status === undefined ? {} : { status }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  });
}

const causesMax = 5;

function ownError(error: unknown): ModelError | undefined {
  let each: unknown = error;
  for (let depth = 0; depth < causesMax && each instanceof Error; depth++) {
    if (each instanceof ModelError) return each;
    each = each.cause;
  }
  return undefined;
}

// RFC 9110 section 15. OpenAI sends 429 also for an account without credit, which no waiting mends.
function outcomeOfStatus(status: number, body: string): Exclude<ModelOutcome, "succeeded"> {
  if (status === 401 || status === 403) return "auth";
  if (status === 402) return "quota";
  if (status === 429) return body.includes("insufficient_quota") ? "quota" : "rate_limited";
  if (status === 408) return "timeout";
  // 409 is a lock that a retry gets past; 529 is Anthropic's word for overloaded.
  return status === 409 || status >= 500 ? "provider_error" : "validation";
}

/** How long a failed call asks to wait, in milliseconds, if it does. */
export function retryAfterOf(error: unknown): number | undefined {
  if (error instanceof ModelError) {
    const { retryAfterMs } = error.context;
    return typeof retryAfterMs === "number" ? retryAfterMs : undefined;
  }
  const { responseHeaders } = (typeof error === "object" && error !== null ? error : {}) as CallFacts;
  if (typeof responseHeaders !== "object" || responseHeaders === null) return undefined;
  const headers = responseHeaders as Readonly<Record<string, string | undefined>>;
  return retryAfterMs(headers["retry-after-ms"], headers["retry-after"]);
}

// RFC 9110 section 10.2.3: seconds or an HTTP date. OpenAI also sends milliseconds.
function retryAfterMs(inMs: string | undefined, given: string | undefined): number | undefined {
  const ms = Number.parseFloat(inMs ?? "");
  if (ms >= 0) return ms;
  if (given === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(given)) return Number.parseFloat(given) * 1_000;
  const until = Date.parse(given) - Date.now();
  return Number.isNaN(until) ? undefined : Math.max(0, until);
}
