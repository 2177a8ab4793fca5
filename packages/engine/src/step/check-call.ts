import { ValidationError } from "@agentflow/core";

/** Checks what a call of `ctx` is named by: part of its key in the journal. Throws ValidationError. */
export function checkName(call: string, name: unknown): void {
  if (typeof name !== "string" || name === "") throw wrong(call, "a name that is a text and not empty", name);
}

/** Checks the function that a call of `ctx` is to make. Throws ValidationError. */
export function checkFunction(call: string, given: unknown): void {
  if (typeof given !== "function") throw wrong(call, "a function", given);
}

/** Checks the length of a sleep, in milliseconds. Throws ValidationError. */
export function checkDuration(call: string, durationMs: unknown): void {
  if (typeof durationMs !== "number" || !Number.isFinite(durationMs) || durationMs < 0)
    throw wrong(call, "milliseconds from 0", durationMs);
}

function wrong(call: string, wanted: string, given: unknown): ValidationError {
  const found = typeof given === "number" || given === "" ? JSON.stringify(String(given)) : typeof given;
  return new ValidationError("AF_ARGUMENT_INVALID", `ctx.${call} needs ${wanted}, not ${found}.`, {
    context: { call, found },
  });
}
