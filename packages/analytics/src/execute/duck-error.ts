import { AgentFlowError, DatasetError, QueryError, QueryRefusedError } from "@agentflow/core";

const full = /no space left|ENOSPC|disk quota|file too large|EDQUOT|EFBIG/i;
// The words that begin a message of DuckDB when the statement is at fault, and not the machine.
const refused =
  /^(?:Parser|Binder|Catalog|Conversion|Invalid Input|Out of Range|Not implemented|Syntax|Mismatch Type) /i;

/** The typed error that an error of DuckDB means; `about` names the dataset. An error of ours stays what it is. */
export function duckError(error: unknown, about: string): AgentFlowError {
  if (error instanceof AgentFlowError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const [line = ""] = message.split("\n", 1);
  const first = line.replace(/^Failed to \w+ statements?: /, "");
  const details = { cause: error, context: { dataset: about } };
  if (full.test(message))
    return new DatasetError("AF_DATASET_FULL", `The disk of ${about} is full.`, details);
  if (/^Permission Error: /.test(first)) return new QueryRefusedError(`DuckDB refuses: ${first}`, details);
  if (refused.test(first)) return new QueryError(`DuckDB refuses the statement: ${first}`, details);
  if (/^IO Error: Could not set lock/.test(first)) {
    return new DatasetError("AF_DATASET_LOCKED", `Another process writes ${about}.`, details);
  }
  return new DatasetError("AF_DATASET_FAILED", `${about} cannot be read or written: ${first}`, details);
}
