import { ValidationError } from "../errors/validation-error.ts";
import { isNodeName } from "../identity/node-name.ts";
import { resolveRetryPolicy } from "../policy/retry-policy.ts";
import { isPositiveInteger, nameRule } from "./check-options.ts";
import type { Declaration, NodeDeclaration, RouteDeclaration } from "./declaration.ts";
import { nestedBodyOf } from "./nested.ts";

/** What is wrong with the declarations as such, whatever names they mention. */
export function checkDeclarations(declarations: readonly Declaration[]): string[] {
  return [...declarations.flatMap(checkDeclaration), ...checkEntries(declarations)];
}

function checkEntries(declarations: readonly Declaration[]): string[] {
  const entries = declarations.filter((declaration) => declaration.type === "node" && declaration.isEntry);
  const [first, second] = entries.map((entry) => (entry as NodeDeclaration).name);
  if (second === undefined) return [];
  return [`The workflow begins twice, with "${first}" and "${second}": use \`.start(...)\` once.`];
}

function checkDeclaration(declaration: Declaration): string[] {
  switch (declaration.type) {
    case "edge":
      return [];
    case "route":
      return checkRoute(declaration);
    case "node":
      return [
        ...checkNodeHead(declaration),
        ...checkPlacement(declaration),
        ...checkItems(declaration),
        ...checkPolicy(declaration),
      ];
  }
}

function checkRoute({ from, to }: RouteDeclaration): string[] {
  if (to.length === 0) return [`The route from "${from}" has no targets: name them in \`to\`.`];
  return repeated(to).map((target) => `The route from "${from}" names "${target}" twice: name it once.`);
}

function checkNodeHead({ name, body }: NodeDeclaration): string[] {
  const problems: string[] = [];
  if (!isNodeName(name)) problems.push(`The node name ${JSON.stringify(name)} cannot be used: ${nameRule}.`);
  if (typeof body !== "function") {
    problems.push(`Node "${name}" has no body: give it a function or nested(workflow, ...).`);
  }
  return problems;
}

function checkPlacement({ name, placement }: NodeDeclaration): string[] {
  const { after, join, goto = [] } = placement;
  const problems = repeated(goto).map(
    (target) => `Node "${name}" declares the goto "${target}" twice: name it once.`,
  );
  const isList = typeof after === "object" && !("anyOf" in after);
  const predecessors = typeof after === "object" ? ("anyOf" in after ? after.anyOf : after) : undefined;
  if (predecessors?.length === 0) {
    problems.push(
      `Node "${name}" comes after an empty list: name a node in \`after\`, or leave \`after\` out.`,
    );
  }
  for (const predecessor of repeated(predecessors ?? [])) {
    problems.push(`Node "${name}" names "${predecessor}" twice in \`after\`: name it once.`);
  }
  if (join !== undefined && !isList) {
    problems.push(`Node "${name}" has \`join\` but waits for no list: write \`after: ["a", "b"]\`.`);
  }
  if (join !== undefined && join.when !== "all" && join.when !== "settled") {
    problems.push(`Node "${name}" joins when "${String(join.when)}": use "all" or "settled".`);
  }
  return problems;
}

function checkItems({ name, kind, placement }: NodeDeclaration): string[] {
  const { over, concurrency } = placement;
  const problems: string[] = [];
  if (kind === "map" && typeof over !== "function") {
    problems.push(`Map "${name}" has no items: give \`over: (state) => state.items\`.`);
  }
  if (kind === "node" && (over !== undefined || concurrency !== undefined)) {
    problems.push(`Node "${name}" has \`over\` or \`concurrency\`: declare it with \`.map(...)\`.`);
  }
  if (concurrency !== undefined && !isPositiveInteger(concurrency)) {
    problems.push(`Map "${name}" has the concurrency ${String(concurrency)}: give a whole number from 1.`);
  }
  return problems;
}

function checkPolicy({ name, body, policy }: NodeDeclaration): string[] {
  if (policy === undefined) return [];
  const problems: string[] = [];
  const { timeoutMs, retry } = policy;
  if (timeoutMs !== undefined && !(timeoutMs > 0 && timeoutMs <= timeoutMsMax)) {
    problems.push(
      `Node "${name}" has the timeoutMs ${String(timeoutMs)}: give 1 to ${timeoutMsMax} milliseconds.`,
    );
  }
  if (retry === undefined) return problems;
  if (nestedBodyOf(body) !== undefined) {
    problems.push(
      `Node "${name}" is a nested workflow, which takes no \`retry\`: retry the nodes inside it (S1).`,
    );
  }
  try {
    resolveRetryPolicy(retry);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    problems.push(`The retry policy of node "${name}" cannot be used: ${error.message}`);
  }
  return problems;
}

// A longer timer would fire at once: timers count milliseconds in 31 bits.
const timeoutMsMax = 2 ** 31 - 1;

function repeated(names: readonly string[]): string[] {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const name of names) (seen.has(name) ? again : seen).add(name);
  return [...again];
}
