import { GraphError } from "../errors/graph-errors.ts";
import type { WorkflowModel } from "./model.ts";

const shownMax = 3;

/** Throws one GraphError with all problems of a workflow, if it has any; the message shows the first few. */
export function refuseProblems({ name }: Pick<WorkflowModel, "name">, problems: readonly string[]): void {
  if (problems.length === 0) return;
  const more = problems.length > shownMax ? [`And ${problems.length - shownMax} more.`] : [];
  const message = [`The workflow "${name}" cannot run.`, ...problems.slice(0, shownMax), ...more].join(" ");
  throw new GraphError("AF_GRAPH", message, { problems: [...problems], context: { workflow: String(name) } });
}
