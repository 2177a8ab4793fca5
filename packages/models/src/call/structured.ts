import { type Json, ModelError, type StandardSchema } from "@agentflow/core";
import type { ModelAnswer, ModelRequest } from "../request.ts";

/** What a structured answer is checked by, beside the JSON Schema that the model is given. */
export interface StructuredOptions<T> {
  /** Checks and converts the value; a schema of zod, valibot or arktype. */
  readonly schema?: StandardSchema<unknown, T> | undefined;
  /** How often the model is shown what is wrong and asked again; 2 if not given. */
  readonly repairsMax?: number | undefined;
}

/** A value that a model answered, and the answer it came with. */
export interface StructuredAnswer<T> {
  readonly value: T;
  readonly answer: ModelAnswer;
  /** How often it was asked again. */
  readonly repairs: number;
}

/**
 * Asks for JSON until it is what was asked for: an answer that is none, or that the schema does not accept, is shown to
 * the model with what is wrong. Rejects with ModelError (AF_MODEL_OUTPUT) when the repairs are used up.
 */
export async function structured<T>(
  request: ModelRequest,
  { schema, repairsMax = 2 }: StructuredOptions<T>,
  ask: (request: ModelRequest) => Promise<ModelAnswer>,
): Promise<StructuredAnswer<T>> {
  let { messages } = request;
  for (let repairs = 0; ; repairs++) {
    const answer = await ask({ ...request, messages });
    const checked = await checkAnswer(answer.text, schema);
    if ("value" in checked) return { value: checked.value, answer, repairs };
    if (repairs >= repairsMax) {
      throw new ModelError(
        "AF_MODEL_OUTPUT",
        `The model's answer is not what was asked for: ${checked.problem}`,
        {
          context: { repairs, answer: answer.text.slice(0, 1_000) },
        },
      );
    }
    messages = [
      ...messages,
      { role: "assistant", text: answer.text },
      { role: "user", text: `That is not valid: ${checked.problem} Answer again, with the JSON alone.` },
    ];
  }
}

// Models that are not held to a schema like to put JSON into a block of code.
const fenced = /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/;

/** The JSON of an answer, checked; or what is wrong with it, in words for the model. */
export async function checkAnswer<T>(
  text: string,
  schema: StandardSchema<unknown, T> | undefined,
): Promise<{ readonly value: T } | { readonly problem: string }> {
  let value: Json;
  try {
    value = JSON.parse(fenced.exec(text)?.[1] ?? text) as Json;
  } catch (error) {
    return { problem: `it is no JSON (${error instanceof Error ? error.message : String(error)}).` };
  }
  if (schema === undefined) return { value: value as T };
  const result = await schema["~standard"].validate(value);
  if (result.issues === undefined) return { value: result.value };
  const issues = result.issues.map(({ message, path }) => `${pathText(path)}${message}`);
  return { problem: `${issues.join("; ")}.` };
}

function pathText(path: readonly unknown[] | undefined): string {
  if (path === undefined || path.length === 0) return "";
  const keys = path.map((part) =>
    typeof part === "object" && part !== null && "key" in part ? part.key : part,
  );
  return `${keys.join(".")}: `;
}
