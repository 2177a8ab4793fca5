import { closestName } from "./closest-name.ts";
import type { NodeModel, WorkflowModel } from "./model.ts";

/** What is wrong with the names of a graph: missing entry or exit, duplicates, unknown names, repeated edges. */
export function checkNames(model: WorkflowModel): string[] {
  const names = new Set(model.nodes.map((node) => node.name));
  return [
    ...checkEnds(model, names),
    ...duplicates(model),
    ...model.nodes.flatMap((node) => checkTargets(node, names)),
    ...checkEdges(model, names),
  ];
}

function checkEnds(model: WorkflowModel, names: ReadonlySet<string>): string[] {
  const problems: string[] = [];
  if (model.entry === "") problems.push("The workflow has no entry: begin it with `.start(name, ...)`.");
  if (model.exits.length === 0)
    problems.push("The workflow has no exit: name its last nodes in `.end(...)`.");
  for (const exit of model.exits) {
    if (!names.has(exit)) problems.push(unknown("`.end(...)`", exit, names));
  }
  return problems;
}

function duplicates({ nodes }: WorkflowModel): string[] {
  const counts = new Map<string, number>();
  for (const { name } of nodes) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([name, count]) => `Node "${name}" is declared ${count} times: give each node a name of its own.`);
}

function checkTargets(node: NodeModel, names: ReadonlySet<string>): string[] {
  return node.gotos
    .filter((target) => !names.has(target))
    .map((target) => unknown(`A goto of node "${node.name}"`, target, names));
}

function checkEdges(model: WorkflowModel, names: ReadonlySet<string>): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const { from, to, kind } of model.edges) {
    const label = kind === "route" ? `The route from "${from}"` : `The edge from "${from}" to "${to}"`;
    for (const name of [from, to]) if (!names.has(name)) problems.push(unknown(label, name, names));
    if (kind !== "plain") continue;
    const edge = JSON.stringify([from, to]);
    if (seen.has(edge)) problems.push(`${label} is declared twice: declare it once.`);
    seen.add(edge);
  }
  return [...new Set(problems)];
}

function unknown(where: string, name: string, names: ReadonlySet<string>): string {
  const closest = closestName(name, names);
  const mend = closest === undefined ? "declare it, or name another node" : `did you mean "${closest}"?`;
  return `${where} names "${name}", which is not declared: ${mend}${closest === undefined ? "." : ""}`;
}
