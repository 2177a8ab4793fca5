import { GraphError } from "../errors/graph-errors.ts";
import { checkDeclarations } from "./check-declarations.ts";
import { checkNames } from "./check-names.ts";
import { checkOptions } from "./check-options.ts";
import { checkReach } from "./check-reach.ts";
import type { Declaration } from "./declaration.ts";
import type { WorkflowModel } from "./model.ts";

const shownMax = 3;

/**
 * Checks a graph as a whole (ENG-3). Throws one GraphError with all problems, each naming its node and the mend; the
 * message shows the first few.
 */
export function checkGraph(model: WorkflowModel, declarations: readonly Declaration[]): void {
  const problems = [...checkOptions(model), ...checkDeclarations(declarations), ...checkNames(model)];
  // Where a name is missing, what can be reached is anybody's guess.
  if (problems.length === 0) problems.push(...checkReach(model));
  if (problems.length === 0) return;
  const more = problems.length > shownMax ? [`And ${problems.length - shownMax} more.`] : [];
  const message = [`The workflow "${model.name}" cannot run.`, ...problems.slice(0, shownMax), ...more].join(
    " ",
  );
  throw new GraphError("AF_GRAPH", message, { problems, context: { workflow: String(model.name) } });
}
