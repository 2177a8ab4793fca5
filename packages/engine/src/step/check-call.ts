import { ValidationError } from "@agentflow/core";

/** Checks what a call of `ctx` is named by: part of its key in the journal. Throws ValidationError. */
export function checkName(call: string, name: unknown): void {
  if (typeof name !== "string" || name === "") throw wrong(call, "a name that is a text and not empty", name);
  checkText(`The name of ctx.${call}`, name);
}

// What every database can index whole, as part of a longer key.
const keyLengthMax = 500;

/** Checks the key of an event, which its sender and its waiter have to write alike. Throws ValidationError. */
export function checkEventKey(key: unknown): void {
  if (typeof key === "string" && key !== "" && key.length <= keyLengthMax)
    checkText("The key of an event", key);
  else {
    const found = typeof key === "string" ? key.length : typeof key;
    const message = `The key of an event needs 1 to ${keyLengthMax} characters, not ${found}.`;
    throw new ValidationError("AF_ARGUMENT_INVALID", message, { context: { found } });
  }
}

/** Refuses what UTF-8 cannot express, because no database would give it back. Throws ValidationError. */
export function checkText(what: string, text: string | undefined): void {
  if (text === undefined || text.isWellFormed()) return;
  const message = `${what} has half a surrogate pair, which cannot be stored.`;
  throw new ValidationError("AF_ARGUMENT_INVALID", message, {
    context: { text: text.toWellFormed().slice(0, 80) },
  });
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

// A longer timer would fire at once: timers count milliseconds in 31 bits.
const timeoutMsMax = 2 ** 31 - 1;

/** Checks the timeout of a step that a flow calls, in milliseconds. Throws ValidationError. */
export function checkTimeout(call: string, timeoutMs: unknown): void {
  if (typeof timeoutMs !== "number" || !(timeoutMs > 0 && timeoutMs <= timeoutMsMax))
    throw wrong(call, `a timeoutMs of 1 to ${timeoutMsMax} milliseconds`, timeoutMs);
}

function wrong(call: string, wanted: string, given: unknown): ValidationError {
  const found = typeof given === "number" || given === "" ? JSON.stringify(String(given)) : typeof given;
  return new ValidationError("AF_ARGUMENT_INVALID", `ctx.${call} needs ${wanted}, not ${found}.`, {
    context: { call, found },
  });
}
