import { readJson } from "./json-value.ts";
import type { Session } from "./session.ts";

/**
 * Reads the input of a run: JSON, `@file`, or `-` for standard input; `{}` if nothing is given. Throws ValidationError
 * for what is no JSON.
 */
export async function readWorkflowInput(given: string | undefined, session: Session): Promise<unknown> {
  return given === undefined ? {} : readJson(given, "--input", session);
}
