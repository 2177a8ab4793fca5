import { type StandardSchema, ValidationError } from "@agentflow/core";
import { describeIssue } from "../state/describe-issue.ts";

/** What a schema makes of a value, or what it has against it. */
export type Checked =
  | { readonly value: unknown; readonly problems?: undefined }
  | { readonly problems: readonly string[] };

/** Asks a schema, if there is one. Rejects with what the schema throws. */
export async function checkSchema(
  schema: StandardSchema<unknown, unknown> | undefined,
  value: unknown,
): Promise<Checked> {
  if (schema === undefined) return { value };
  const checked = await schema["~standard"].validate(value);
  if (checked.issues === undefined) return { value: checked.value };
  return { problems: checked.issues.map((issue) => describeIssue(issue)) };
}

/** The error of answers that their interrupts do not accept; `problems` by interrupt id. */
export function answerInvalid(problems: Readonly<Record<string, readonly string[]>>): ValidationError {
  const told = Object.entries(problems).map(([id, found]) => `${id}: ${found.join("; ")}`);
  const which = told.length === 1 ? "The answer does" : `${told.length} answers do`;
  return new ValidationError("AF_ANSWER_INVALID", `${which} not match what is asked. ${told.join(". ")}.`, {
    context: {
      problems: Object.fromEntries(Object.entries(problems).map(([id, found]) => [id, [...found]])),
    },
  });
}
