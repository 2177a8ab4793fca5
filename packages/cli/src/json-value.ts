import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Json, UsageError, ValidationError } from "@agentflow/core";
import type { Session } from "./session.ts";

async function textOf(
  given: string,
  option: string,
  session: Session,
): Promise<{ text: string; origin: string }> {
  if (given === "-") return { text: await session.readStandardInput(), origin: "standard input" };
  if (!given.startsWith("@")) return { text: given, origin: option };
  const path = given.slice(1);
  try {
    return { text: await readFile(resolve(session.directory, path), "utf8"), origin: path };
  } catch (cause) {
    throw new ValidationError("AF_INPUT_INVALID", `The input file ${path} cannot be read.`, {
      cause,
      hint: `Give ${option} @FILE with a file that exists, or the JSON itself.`,
    });
  }
}

/**
 * Reads the value of an option: JSON, `@file`, or `-` for standard input. Throws UsageError if it is empty, and
 * ValidationError for what is no JSON.
 */
export async function readJson(given: string, option: string, session: Session): Promise<Json> {
  if (given === "")
    throw new UsageError(`${option} is empty.`, { hint: "Give JSON, @FILE, or - for standard input." });
  const { text, origin } = await textOf(given, option, session);
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ValidationError("AF_JSON_INVALID", `The input from ${origin} is no JSON: ${reason}.`, {
      context: { origin },
    });
  }
}
