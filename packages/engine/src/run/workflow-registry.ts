import { UnregisteredWorkflowError, ValidationError, type Workflow } from "@agentflow/core";

/** The workflows that an engine was made with, by name: what it can go on with when nobody names the code. */
export class WorkflowRegistry {
  readonly #byName = new Map<string, Workflow>();

  /** Throws ValidationError where two workflows have one name. */
  constructor(workflows: readonly Workflow[]) {
    for (const workflow of workflows) {
      const known = this.#byName.get(workflow.name);
      if (known !== undefined && known !== workflow) throw twice(workflow.name);
      this.#byName.set(workflow.name, workflow);
    }
  }

  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  find(name: string): Workflow | undefined {
    return this.#byName.get(name);
  }

  /** The workflow of that name. Throws UnregisteredWorkflowError; `wanting` says what asked for it. */
  require(name: string, wanting: string): Workflow {
    const found = this.#byName.get(name);
    if (found !== undefined) return found;
    const shown = JSON.stringify(name);
    throw new UnregisteredWorkflowError(
      `${wanting} belongs to the workflow ${shown}, which this engine was not given.`,
      { context: { workflow: name, registered: [...this.names] } },
    );
  }
}

function twice(name: string): ValidationError {
  return new ValidationError("AF_ARGUMENT_INVALID", `Two workflows have the name ${JSON.stringify(name)}.`, {
    hint: "The store knows runs by the name of their workflow: give each its own.",
    context: { workflow: name },
  });
}
