import type { StateSpec } from "../state/field.ts";
import { describe } from "./describe.ts";
import type { WorkflowDescription } from "./description.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { Workflow, WorkflowModel } from "./model.ts";

const workflowMark = Symbol.for("agentflow.workflow");

/** Wraps a checked model; description and fingerprint are made when first asked for. */
export function defineWorkflow<Spec extends StateSpec, Names extends string>(
  model: WorkflowModel,
): Workflow<Spec, Names> {
  let description: WorkflowDescription | undefined;
  let fingerprint: string | undefined;
  const defined = {
    [workflowMark]: true,
    name: model.name,
    version: model.version,
    model,
    get description(): WorkflowDescription {
      description ??= describe(defined);
      return description;
    },
    get fingerprint(): string {
      fingerprint ??= fingerprintOf(this.description);
      return fingerprint;
    },
  };
  return Object.freeze(defined);
}

/** True for what `.end(...)` returned, also from another copy of the package. */
export function isWorkflow(candidate: unknown): candidate is Workflow {
  return (
    typeof candidate === "object" &&
    candidate !== null &&
    (candidate as Record<symbol, unknown>)[workflowMark] === true
  );
}
