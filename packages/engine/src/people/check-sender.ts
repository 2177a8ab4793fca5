import { ValidationError } from "@agentflow/core";
import { checkText } from "../step/check-call.ts";

/** Checks the name under which somebody sends something to a run. Throws ValidationError. */
export function checkSender(by: string | undefined): void {
  checkText("The name of the sender", by);
  if (by?.startsWith("agentflow:") !== true) return;
  const message = `Nobody may send as ${by}: names that begin with agentflow: are the engine's own.`;
  throw new ValidationError("AF_ARGUMENT_INVALID", message, { context: { by } });
}
