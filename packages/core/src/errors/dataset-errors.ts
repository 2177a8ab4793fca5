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

/** SQL that is no single SELECT, or that reaches for files outside the dataset or the network (OLP-12). */
export class QueryRefusedError extends AgentFlowError<"AF_QUERY_REFUSED"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_QUERY_REFUSED", message, details);
  }
}

/** A question that was called off while it waited or was answered (OLP-11). */
export class QueryCancelledError extends AgentFlowError<"AF_QUERY_CANCELLED"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_QUERY_CANCELLED", message, details);
  }
}

/** As many questions wait as may wait at once (OLP-11). */
export class QueryQueueFullError extends AgentFlowError<"AF_QUERY_QUEUE_FULL"> {
  constructor(message: string, details?: ErrorDetails) {
    super("AF_QUERY_QUEUE_FULL", message, details);
  }
}
