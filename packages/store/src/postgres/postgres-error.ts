import {
  AgentFlowError,
  StoreCorruptError,
  StoreFailedError,
  StoreFullError,
  StoreLockedError,
  StoreReadOnlyError,
  StoreUnavailableError,
} from "@agentflow/core";

const nodeConnectionCodes = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENET|ENOENT)/;
const driverConnectionTexts =
  /^(Connection terminated|Client has encountered|timeout |Cannot use a pool|Client was closed)/;

/** The typed error for what pg threw. Errors that are typed already pass through. */
export function postgresError(error: unknown): AgentFlowError {
  if (error instanceof AgentFlowError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const details = { cause: error };
  const state = sqlState(error);
  if (state === undefined) {
    return isConnectionTrouble(error, text)
      ? new StoreUnavailableError(`PostgreSQL cannot be reached: ${text || codeOf(error)}.`, details)
      : new StoreFailedError(`PostgreSQL driver: ${text}`, details);
  }
  return byState(state, text, details) ?? new StoreFailedError(`PostgreSQL: ${text} (${state})`, details);
}

/** True when a key refused a row, as pg's error behind a typed one tells. */
export function isRowTaken(error: unknown): boolean {
  const state = sqlState(error instanceof AgentFlowError ? error.cause : error);
  // 21000: one statement would write one snapshot twice; alone, the later one replaces the earlier.
  return state === "23505" || state === "21000";
}

// Classes and codes: postgresql.org/docs/current/errcodes-appendix.html.
function byState(state: string, text: string, details: { readonly cause: unknown }) {
  switch (state) {
    case "40001":
    case "40P01":
    case "55P03":
      return new StoreLockedError(`PostgreSQL: ${text}.`, details);
    case "25006":
    case "42501":
      return new StoreReadOnlyError(`PostgreSQL: ${text}.`, details);
    case "53100":
    case "53200":
      return new StoreFullError(`PostgreSQL: ${text}.`, details);
    case "XX001":
    case "XX002":
      return new StoreCorruptError(`PostgreSQL: ${text}.`, details);
    default:
      return isUnavailable(state) ? new StoreUnavailableError(`PostgreSQL: ${text}.`, details) : undefined;
  }
}

/** The server goes away, comes back, has no room for a connection, or does not let this one in. */
function isUnavailable(state: string): boolean {
  return /^(08|28)/.test(state) || ["53300", "57P01", "57P02", "57P03", "57P05", "3D000"].includes(state);
}

function isConnectionTrouble(error: unknown, text: string): boolean {
  return nodeConnectionCodes.test(codeOf(error)) || driverConnectionTexts.test(text);
}

function sqlState(error: unknown): string | undefined {
  const code = codeOf(error);
  return /^[0-9A-Z]{5}$/.test(code) && error instanceof Error && "severity" in error ? code : undefined;
}

function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "";
}
