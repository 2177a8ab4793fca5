import type { NodeModel, Workflow } from "./model.ts";

/**
 * The workflow as a Mermaid flowchart (ENG-4; https://mermaid.js.org/syntax/flowchart.html). Maps are drawn with double
 * sides, joins as hexagons, nested workflows as subgraphs; dotted arrows are routes ("?") and gotos.
 */
export function toMermaid(workflow: Workflow): string {
  return `${["flowchart TD", ...drawWorkflow(workflow, "", "  ")].join("\n")}\n`;
}

// `path` keeps the ids of a nested workflow apart from those around it: ids are global to a drawing.
function drawWorkflow({ model }: Workflow, path: string, indent: string): string[] {
  const ids = new Map(model.nodes.map((node, index) => [node.name, `${path}n${index}`]));
  const idOf = (name: string): string => ids.get(name) as string;
  const nodes = model.nodes.flatMap((node) => drawNode(node, idOf(node.name), indent));
  const ends = model.exits.map((exit) => `${idOf(exit)} --> ${path}exit`);
  const edges = model.edges.map(({ from, to, kind }) =>
    kind === "route" ? `${idOf(from)} -.->|"?"| ${idOf(to)}` : `${idOf(from)} --> ${idOf(to)}`,
  );
  const gotos = model.nodes.flatMap((node) =>
    node.gotos.map((target) => `${idOf(node.name)} -.->|"goto"| ${idOf(target)}`),
  );
  const terminals = [`${path}start((" "))`, `${path}exit(((" ")))`, `${path}start --> ${idOf(model.entry)}`];
  return [...nodes, ...[...terminals, ...edges, ...gotos, ...ends].map((line) => `${indent}${line}`)];
}

function drawNode(node: NodeModel, id: string, indent: string): string[] {
  const label = labelOf(node);
  if (node.body.type === "nested") {
    const inner = drawWorkflow(node.body.child, `${id}_`, `${indent}  `);
    return [`${indent}subgraph ${id}["${label}: ${node.body.child.name}"]`, ...inner, `${indent}end`];
  }
  if (node.kind === "map") return [`${indent}${id}[["${label}"]]`];
  return [`${indent}${id}${node.join === undefined ? `["${label}"]` : `{{"${label}"}}`}`];
}

function labelOf({ name, kind, join, concurrency }: NodeModel): string {
  const marks = [
    ...(kind === "map"
      ? [concurrency === undefined ? "per item" : `per item, ${concurrency} at a time`]
      : []),
    ...(join === undefined ? [] : [join.when === "all" ? "joins all" : "joins those that arrive"]),
  ];
  return marks.length === 0 ? name : `${name} (${marks.join(", ")})`;
}
