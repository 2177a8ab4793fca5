import { ValidationError } from "@agentflow/core";
import type { CompiledWorkflow } from "../compile/compiled-workflow.ts";
import { describeIssue } from "./describe-issue.ts";

/**
 * Checks that an input is an object that gives every required field and no unknown one. Throws ValidationError
 * (AF_INPUT_INVALID).
 */
export function checkInputShape(input: unknown, workflow: CompiledWorkflow, where: string): void {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw invalid(workflow, where, [`expected an object of state fields, found ${found(input)}`]);
  }
  const given = input as Readonly<Record<string, unknown>>;
  const problems: string[] = [];
  for (const { name, field } of workflow.fields) {
    if (field.presence === "required" && given[name] === undefined) problems.push(`"${name}" is missing`);
  }
  for (const name of Object.keys(given)) {
    if (!workflow.fieldByName.has(name)) problems.push(`"${name}" is no field of the state`);
  }
  if (problems.length > 0) throw invalid(workflow, where, problems);
}

/** Checks an input against the schemas of its workflow and of its fields. Rejects with ValidationError. */
export async function checkInput(
  input: Readonly<Record<string, unknown>>,
  workflow: CompiledWorkflow,
  where: string,
): Promise<void> {
  const problems: string[] = [];
  const whole = await workflow.model.inputSchema?.["~standard"].validate(input);
  for (const issue of whole?.issues ?? []) problems.push(describeIssue(issue));
  for (const { name, field } of workflow.fields) {
    if (field.schema === undefined || input[name] === undefined) continue;
    const checked = await field.schema["~standard"].validate(input[name]);
    for (const issue of checked.issues ?? []) problems.push(describeIssue(issue, [name]));
  }
  if (problems.length > 0) throw invalid(workflow, where, problems);
}

function invalid(workflow: CompiledWorkflow, where: string, problems: readonly string[]): ValidationError {
  const fields = [...workflow.fieldByName.keys()].join(", ");
  return new ValidationError("AF_INPUT_INVALID", `The ${where} is not valid: ${problems.join("; ")}.`, {
    hint: `The state of "${workflow.model.name}" has the fields ${fields}.`,
    context: { workflow: workflow.model.name, problems: [...problems] },
  });
}

function found(input: unknown): string {
  if (input === null) return "null";
  return Array.isArray(input) ? "a list" : `a ${typeof input}`;
}
