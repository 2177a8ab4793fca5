import { AgentFlowError } from "./agent-flow-error.ts";

/** Codes of ValidationError. */
export type ValidationErrorCode =
  | "AF_STATE_VALUE"
  | "AF_DELTA_INVALID"
  | "AF_ITEMS_INVALID"
  | "AF_INPUT_INVALID"
  | "AF_OUTPUT_INVALID"
  | "AF_ASK_INVALID"
  | "AF_ANSWER_INVALID"
  | "AF_ARGUMENT_INVALID"
  | "AF_JSON_INVALID"
  | "AF_STEP_ID";

/** A value that a rule or schema does not accept; the code says which value. */
export class ValidationError extends AgentFlowError<ValidationErrorCode> {}
