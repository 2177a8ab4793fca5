import { ValidationError } from "@agentflow/core";

// Longest tenant, run id or owner id in UTF-16 units: what every database can index whole.
const identifierLengthMax = 255;

/** Throws ValidationError (AF_ARGUMENT_INVALID) for an id that a database cannot keep apart from every other. */
export function checkIdentifier(name: string, value: string): void {
  if (value.length > 0 && value.length <= identifierLengthMax && value.isWellFormed()) return;
  const context = { name, length: value.length };
  throw new ValidationError(
    "AF_ARGUMENT_INVALID",
    `${name} must have 1 to ${identifierLengthMax} characters and no lone surrogate.`,
    { context },
  );
}

/** Throws ValidationError (AF_ARGUMENT_INVALID) for a text with half a surrogate pair, which SQLite would change. */
export function checkWellFormed(name: string, value: string | undefined): void {
  if (value === undefined || value.isWellFormed()) return;
  throw new ValidationError(
    "AF_ARGUMENT_INVALID",
    `${name} has half a surrogate pair, which cannot be stored.`,
  );
}

/** One key for a run of a tenant. The length keeps ("a", "bc") and ("ab", "c") apart, whatever the ids hold. */
export function runKey(tenant: string, runId: string): string {
  return `${tenant.length}:${tenant}${runId}`;
}
