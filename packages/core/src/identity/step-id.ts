import { ValidationError } from "../errors/validation-error.ts";
import { isNodeName } from "./node-name.ts";

/**
 * Where a step sits in its run: `scope` is "" for the root and otherwise the step id of the nested-workflow step;
 * `superstep` counts from 0 in the scope; `item` is the index in the item list of a map.
 */
export interface StepPosition {
  readonly scope: string;
  readonly superstep: number;
  readonly node: string;
  readonly item?: number | undefined;
}

/** The step id `scope/n.node[item]` (S3): `3.read[2]` in the root, `3.child[0]/1.plan` in a nested workflow. */
export function formatStepId(position: StepPosition): string {
  const { scope, superstep, node, item } = position;
  const local = item === undefined ? `${superstep}.${node}` : `${superstep}.${node}[${item}]`;
  return scope === "" ? local : `${scope}/${local}`;
}

const segmentPattern = /^(0|[1-9]\d{0,9})\.([A-Za-z0-9_.-]+)(?:\[(0|[1-9]\d{0,14})\])?$/;

/** The inverse of formatStepId. Throws ValidationError (AF_STEP_ID) for a text that is no step id. */
export function parseStepId(stepId: string): StepPosition {
  const slash = stepId.lastIndexOf("/");
  const scope = slash === -1 ? "" : stepId.slice(0, slash);
  if (slash !== -1) parseStepId(scope);
  const [, superstep, node, item] = segmentPattern.exec(stepId.slice(slash + 1)) ?? [];
  if (superstep === undefined || node === undefined || !isNodeName(node)) {
    throw new ValidationError("AF_STEP_ID", `${JSON.stringify(stepId)} is no step id.`, {
      context: { stepId },
    });
  }
  const position = { scope, superstep: Number(superstep), node };
  return item === undefined ? position : { ...position, item: Number(item) };
}
