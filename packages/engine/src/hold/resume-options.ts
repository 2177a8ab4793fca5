import type { WorkflowLimits } from "@agentflow/core";
import type { PauseOptions } from "../people/static-pauses.ts";

/** How a stored run is resumed. */
export interface ResumeOptions extends PauseOptions {
  /** Go on although the workflow differs from the one that made the run (S19). */
  readonly allowVersionMismatch?: boolean | undefined;
  readonly limits?: WorkflowLimits | undefined;
}
