import type { WorkflowLimits } from "@agentflow/core";
import type { PauseOptions } from "../people/static-pauses.ts";

/** How a stored run is resumed. */
export interface ResumeOptions extends PauseOptions {
  /** Go on although the workflow differs from the one that made the run (S19). */
  readonly allowVersionMismatch?: boolean | undefined;
  readonly limits?: WorkflowLimits | undefined;
}

/** How a run that was started so goes on after a rest. */
export function resumedBy({ limits, interruptBefore, interruptAfter }: ResumeOptions): ResumeOptions {
  const isPlain = limits === undefined && interruptBefore === undefined && interruptAfter === undefined;
  return isPlain ? plain : { limits, interruptBefore, interruptAfter };
}

/** Shared by all who ask for nothing: many runs rest at a time. */
const plain: ResumeOptions = Object.freeze({});
