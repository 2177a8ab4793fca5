import { isNodeName } from "../identity/node-name.ts";
import type { WorkflowModel } from "./model.ts";

const fieldName = /^[A-Za-z_$][\w$]*$/;
const reducerId = /^[^@\s]+@[^@\s]+$/;

/** What is wrong with a workflow's options: name, version, fields, conflict policy, limits. */
export function checkOptions(model: WorkflowModel): string[] {
  const problems: string[] = [];
  if (!isNodeName(model.name)) {
    problems.push(`The workflow name ${JSON.stringify(model.name)} cannot be used: ${nameRule}.`);
  }
  if (typeof model.version !== "string" || model.version === "") {
    problems.push('The workflow has no version: give `version: "1"`.');
  }
  return [
    ...problems,
    ...checkFields(model),
    ...checkConflict(model),
    ...checkLimits(model),
    ...checkSiblings(model),
  ];
}

/** What names of workflows and nodes are made of, for messages. */
export const nameRule =
  "use 1 to 64 letters, digits, `_`, `-` or `.`, starting with a letter, a digit or `_`";

function checkFields(model: WorkflowModel): string[] {
  const problems: string[] = [];
  for (const [name, field] of Object.entries(model.fields)) {
    if (!fieldName.test(name) || name === "__proto__") {
      problems.push(
        `The field name ${JSON.stringify(name)} cannot be used: use letters, digits, \`_\` and \`$\`.`,
      );
    }
    if (typeof (field as Partial<typeof field> | undefined)?.reduce !== "function") {
      problems.push(`The field "${name}" is no field: declare it with value(), append() or another reducer.`);
    } else if (field.kind === "custom" && !reducerId.test(field.reducerId)) {
      problems.push(
        `The reducer of the field "${name}" has the id "${field.reducerId}": write it as "name@version".`,
      );
    }
  }
  return problems;
}

function checkConflict({ conflict }: WorkflowModel): string[] {
  if (conflict === "fail" || conflict === "lastWriterWins") return [];
  if (typeof conflict !== "object" || typeof conflict.merge !== "function") {
    return ['The conflict policy is unknown: use "fail", "lastWriterWins" or `{ id, merge }`.'];
  }
  if (reducerId.test(conflict.id)) return [];
  return [`The merge hook has the id "${conflict.id}": write it as "name@version".`];
}

function checkLimits({ limits }: WorkflowModel): string[] {
  return Object.entries(limits)
    .filter(([, limit]) => limit !== undefined && !isPositiveInteger(limit))
    .map(([name, limit]) => `The limit ${name} is ${String(limit)}: give a whole number from 1.`);
}

function checkSiblings({ siblings, nodes }: WorkflowModel): string[] {
  const given = [
    { where: "the workflow", siblings },
    ...nodes.map(({ name, policy }) => ({ where: `the node "${name}"`, siblings: policy.siblings })),
  ];
  return given
    .filter(({ siblings: policy }) => policy !== undefined && policy !== "finish" && policy !== "abort")
    .map(
      ({ where, siblings: policy }) =>
        `\`siblings\` of ${where} is ${JSON.stringify(policy)}: use "finish" or "abort".`,
    );
}

/** True for the whole numbers from 1 that JavaScript represents exactly. */
export function isPositiveInteger(candidate: unknown): boolean {
  return Number.isSafeInteger(candidate) && (candidate as number) >= 1;
}
