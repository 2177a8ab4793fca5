import { GraphError } from "../errors/graph-errors.ts";
import type { WorkflowModel } from "./model.ts";

/** Checks a graph as a whole (ENG-3); throws GraphError with all problems. */
export function checkGraph(model: WorkflowModel): void {
  const names = new Set(model.nodes.map((node) => node.name));
  const problems: string[] = [];
  if (!names.has(model.entry)) problems.push("The workflow has no entry: begin it with `.start(name, ...)`.");
  for (const edge of model.edges) {
    for (const name of [edge.from, edge.to]) {
      if (!names.has(name)) problems.push(`An edge names "${name}", which is not declared.`);
    }
  }
  if (problems.length > 0) throw new GraphError("AF_GRAPH", problems.join(" "), { problems });
}
