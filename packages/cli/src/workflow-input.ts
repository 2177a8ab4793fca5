import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError, ValidationError } from "@agentflow/core";
import type { Session } from "./session.ts";

async function textOf(given: string, session: Session): Promise<{ text: string; origin: string }> {
  if (given === "-") return { text: await session.readStandardInput(), origin: "standard input" };
  if (!given.startsWith("@")) return { text: given, origin: "--input" };
  const path = given.slice(1);
  try {
    return { text: await readFile(resolve(session.directory, path), "utf8"), origin: path };
  } catch (cause) {
    throw new ValidationError("AF_INPUT_INVALID", `The input file ${path} cannot be read.`, {
      cause,
      hint: "Give --input @FILE with a file that exists, or the JSON itself.",
    });
  }
}

/**
 * Reads the input of a run: JSON, `@file`, or `-` for standard input; `{}` if nothing is given. Throws ValidationError
 * for what is no JSON.
 */
export async function readWorkflowInput(given: string | undefined, session: Session): Promise<unknown> {
  if (given === undefined) return {};
  if (given === "")
    throw new UsageError("--input is empty.", { hint: "Give JSON, @FILE, or - for standard input." });
  const { text, origin } = await textOf(given, session);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ValidationError("AF_JSON_INVALID", `The input from ${origin} is no JSON: ${reason}.`, {
      context: { origin },
    });
  }
}
