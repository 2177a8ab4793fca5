import { AgentFlowError, type ErrorDetails } from "./agent-flow-error.ts";
import type { ErrorCode } from "./error-codes.ts";

/** Codes of DatasetError. */
export type DatasetErrorCode = Extract<ErrorCode, `AF_DATASET_${string}`>;

/** A dataset that is declared wrongly, missing, damaged, being written, or on a full disk (OLP-1 to OLP-5). */
export class DatasetError extends AgentFlowError<DatasetErrorCode> {}

/** A question to a dataset that names what it does not declare, or SQL that DuckDB refuses (OLP-10). */
export class QueryError extends AgentFlowError<"AF_QUERY_INVALID"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_QUERY_INVALID", message, details);
  }
}
