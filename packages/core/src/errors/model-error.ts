import { AgentFlowError } from "./agent-flow-error.ts";
import type { ErrorCode } from "./error-codes.ts";

/** Codes of ModelError. */
export type ModelErrorCode = Extract<ErrorCode, `AF_MODEL_${string}`>;

/** A call of a model that failed, was refused before it was made, or was cancelled (MDL-7). */
export class ModelError extends AgentFlowError<ModelErrorCode> {}
