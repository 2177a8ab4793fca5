import {
  AgentFlowError,
  StoreCorruptError,
  StoreFailedError,
  StoreFullError,
  StoreLockedError,
  StoreReadOnlyError,
  StoreUnavailableError,
} from "@agentflow/core";

// Names of the errors of MySQL and MariaDB: mariadb.com/kb/en/mariadb-error-code-reference.
const lockedCodes = new Set(["ER_LOCK_DEADLOCK", "ER_LOCK_WAIT_TIMEOUT", "ER_CHECKREAD"]);
const unavailableCodes = new Set([
  "ER_CON_COUNT_ERROR",
  "ER_TOO_MANY_USER_CONNECTIONS",
  "ER_USER_LIMIT_REACHED",
  "ER_ACCESS_DENIED_ERROR",
  "ER_DBACCESS_DENIED_ERROR",
  "ER_BAD_DB_ERROR",
  "ER_SERVER_SHUTDOWN",
  "ER_NORMAL_SHUTDOWN",
  "ER_CONNECTION_KILLED",
  "ER_QUERY_INTERRUPTED",
  "ER_CLIENT_INTERACTION_TIMEOUT",
  "POOL_CLOSED",
]);
const fullCodes = new Set(["ER_DISK_FULL", "ER_RECORD_FILE_FULL"]);
const readOnlyCodes = new Set([
  "ER_OPTION_PREVENTS_STATEMENT",
  "ER_READ_ONLY_MODE",
  "ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION",
  "ER_TABLEACCESS_DENIED_ERROR",
]);
const corruptCodes = new Set([
  "ER_NOT_KEYFILE",
  "ER_CRASHED_ON_USAGE",
  "ER_INDEX_CORRUPT",
  "ER_TABLE_CORRUPT",
]);

const connectionCodes = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENET|ENOENT|PROTOCOL_)/;
const connectionTexts =
  /closed state|Pool is closed|Connection lost|connect ETIMEDOUT|closed the connection/i;

/** The typed error for what mysql2 threw. Errors that are typed already pass through. */
export function mysqlError(error: unknown): AgentFlowError {
  if (error instanceof AgentFlowError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  const details = { cause: error };
  const message = `MySQL: ${text || code}.`;
  if (lockedCodes.has(code)) return new StoreLockedError(message, details);
  if (unavailableCodes.has(code) || connectionCodes.test(code) || connectionTexts.test(text))
    return new StoreUnavailableError(message, details);
  if (fullCodes.has(code)) return new StoreFullError(message, details);
  if (readOnlyCodes.has(code)) return new StoreReadOnlyError(message, details);
  if (corruptCodes.has(code)) return new StoreCorruptError(message, details);
  if (code === "ER_NET_PACKET_TOO_LARGE") return tooLarge(details);
  return new StoreFailedError(message, details);
}

/** A value is larger than the server takes in one statement. */
export function tooLarge(details: { readonly cause?: unknown } = {}): StoreFailedError {
  return new StoreFailedError("MySQL: a value is larger than the server takes in one statement.", {
    ...details,
    hint: "Raise max_allowed_packet of the server; MySQL allows up to 1 GB.",
  });
}

/** True when a key refused a row, as mysql2's error behind a typed one tells. */
export function isRowTaken(error: unknown): boolean {
  return codeOf(error instanceof AgentFlowError ? error.cause : error) === "ER_DUP_ENTRY";
}

function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "";
}
