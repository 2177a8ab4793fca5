import type { WorkflowModel } from "@agentflow/core";

const mark = { plain: "─▶", join: "═▶", route: "╌▶", goto: "↩ " } as const;

// Depth first from the entry, so that a node stands near what leads to it; what is left follows in declared order.
function drawingOrder(model: WorkflowModel): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    order.push(name);
    for (const edge of model.edges) if (edge.from === name) visit(edge.to);
  };
  visit(model.entry);
  for (const node of model.nodes) visit(node.name);
  return order;
}

function drawNode(model: WorkflowModel, name: string, indent: string): string[] {
  const node = model.nodes.find((each) => each.name === name);
  if (node === undefined) return [];
  const notes = [
    ...(name === model.entry ? ["start"] : []),
    ...(node.kind === "map" ? ["map: one step per item"] : []),
    ...(node.join === undefined ? [] : [`join of ${node.join.predecessors.join(", ")}`]),
    ...(node.body.type === "nested" ? [`nested ${node.body.child.name}`] : []),
    ...(model.exits.includes(name) ? ["end"] : []),
  ];
  const title = notes.length === 0 ? `[${name}]` : `[${name}]  (${notes.join("; ")})`;
  const edges = model.edges.filter((edge) => edge.from === name);
  const ways = [
    ...edges.map((edge) => `${mark[edge.kind]} ${edge.to}`),
    ...node.gotos.map((target) => `${mark.goto} ${target}`),
  ];
  const arrows = ways.map((way, index) => `${indent}  ${index === ways.length - 1 ? "└" : "├"}${way}`);
  const inner = node.body.type === "nested" ? asciiLines(node.body.child.model, `${indent}      `) : [];
  return [`${indent}${title}`, ...inner, ...arrows];
}

function asciiLines(model: WorkflowModel, indent: string): string[] {
  return drawingOrder(model).flatMap((name) => drawNode(model, name, indent));
}

/** Draws a workflow as text: each node with what it is and where it leads; nested workflows are indented below. */
export function asciiGraph(model: WorkflowModel): string {
  const legend = `${mark.plain} edge  ${mark.join} join  ${mark.route} route  ${mark.goto} goto`;
  return [`${model.name} ${model.version}`, "", ...asciiLines(model, ""), "", legend].join("\n");
}
