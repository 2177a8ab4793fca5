import { ValidationError, type WorkflowModel } from "@agentflow/core";
import type { ScopeExecution } from "../run/scope-execution.ts";
import type { StepTask } from "../step/step-task.ts";

/** Nodes before and after which a run pauses, by name, also in nested workflows (ENG-40). */
export interface PauseOptions {
  /** The run pauses before a superstep in which one of these nodes would start. */
  readonly interruptBefore?: readonly string[] | undefined;
  /** The run pauses after a superstep in which one of these nodes has succeeded. */
  readonly interruptAfter?: readonly string[] | undefined;
}

/** The steps that a run pauses before or after. */
export interface PausedAt {
  readonly before?: readonly string[];
  readonly after?: readonly string[];
}

/**
 * Static pauses: those of whoever executes the run, as breakpoints are. Nothing of them is stored but that the run was
 * paused.
 *
 * 1. Whoever resumes a paused run goes on from where it stands: up to the next seal nothing pauses.
 * 2. A run does not pause before a step that has begun.
 */
export class StaticPauses {
  readonly #before: ReadonlySet<string>;
  readonly #after: ReadonlySet<string>;
  /** Steps after which the run is to pause before it starts anything else. */
  #ended: readonly string[] = [];
  #goesOn: boolean;

  constructor({ interruptBefore = [], interruptAfter = [] }: PauseOptions, goesOn: boolean) {
    this.#before = new Set(interruptBefore);
    this.#after = new Set(interruptAfter);
    this.#goesOn = goesOn;
  }

  /** The superstep of a scope is over: its steps are still those that ended. */
  sealing(scope: ScopeExecution): void {
    this.#goesOn = false;
    if (this.#after.size > 0) this.#ended = [...this.#ended, ...stepsOf(scope, this.#after, () => true)];
  }

  /** Where the run pauses instead of starting the frontier of a scope; undefined if it does not. */
  at(scope: ScopeExecution): PausedAt | undefined {
    if (this.#before.size + this.#after.size === 0) return undefined;
    const after = this.#ended;
    this.#ended = [];
    const before = this.#goesOn ? [] : stepsOf(scope, this.#before, hasNotBegun);
    if (before.length + after.length === 0) return undefined;
    return { ...(before.length === 0 ? {} : { before }), ...(after.length === 0 ? {} : { after }) };
  }
}

function stepsOf(
  { tasks }: ScopeExecution,
  nodes: ReadonlySet<string>,
  counts: (task: StepTask) => boolean,
): readonly string[] {
  return tasks.filter((task) => nodes.has(task.node.name) && counts(task)).map(({ stepId }) => stepId);
}

function hasNotBegun({ status, attempt, hasJournal }: StepTask): boolean {
  return status === "ready" && attempt === 1 && !hasJournal;
}

/** Throws ValidationError (AF_ARGUMENT_INVALID) for a name that no node has. */
export function checkPauses(
  { interruptBefore = [], interruptAfter = [] }: PauseOptions,
  model: WorkflowModel,
): void {
  const wanted = [...interruptBefore, ...interruptAfter];
  if (wanted.length === 0) return;
  const known = nodesOf(model, new Set());
  const unknown = wanted.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new ValidationError("AF_ARGUMENT_INVALID", `"${unknown}" is no node of "${model.name}".`, {
    hint: `Its nodes are ${[...known].join(", ")}.`,
    context: { workflow: model.name, node: unknown },
  });
}

function nodesOf(model: WorkflowModel, known: Set<string>): Set<string> {
  for (const { name, body } of model.nodes) {
    known.add(name);
    if (body.type === "nested") nodesOf(body.child.model, known);
  }
  return known;
}
