import { checkDeclarations } from "./check-declarations.ts";
import { checkNames } from "./check-names.ts";
import { checkOptions } from "./check-options.ts";
import { checkReach } from "./check-reach.ts";
import type { Declaration } from "./declaration.ts";
import type { WorkflowModel } from "./model.ts";
import { refuseProblems } from "./refuse-problems.ts";

/** Checks a graph as a whole (ENG-3). Throws one GraphError with all problems, each naming its node and the mend. */
export function checkGraph(model: WorkflowModel, declarations: readonly Declaration[]): void {
  const problems = [...checkOptions(model), ...checkDeclarations(declarations), ...checkNames(model)];
  // Where a name is missing, what can be reached is anybody's guess.
  if (problems.length === 0) problems.push(...checkReach(model));
  refuseProblems(model, problems);
}
