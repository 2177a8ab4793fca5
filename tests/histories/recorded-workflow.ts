import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isWorkflow, type Workflow } from "@agentflow/core";
import type { Story } from "./stage.ts";

/** Where the histories are, one `NAME.jsonl` each. */
export const historiesFolder = fileURLToPath(new URL(".", import.meta.url));
export const workflowsFolder = join(historiesFolder, "workflows");

/** What a file of a recorded workflow exports. */
export interface RecordedWorkflow {
  /** The workflow that the run ended with. */
  readonly recorded: Workflow;
  readonly input?: object;
  /** What was done to the run. */
  readonly story?: Story;
  /** Versions that it had before. */
  readonly earlier?: readonly Workflow[];
  /** Ends a run that had not ended when it was recorded. */
  readonly ending?: Story;
}

/** Loads a file of `workflows/`. */
export async function loadRecorded(path: string): Promise<RecordedWorkflow> {
  const loaded = (await import(pathToFileURL(path).href)) as Partial<RecordedWorkflow>;
  const [recorded, other] = isWorkflow(loaded.recorded)
    ? [loaded.recorded]
    : Object.values(loaded).filter(isWorkflow);
  if (recorded === undefined || other !== undefined)
    throw new Error(`${path} has to export one workflow, or the one to record as "recorded".`);
  return { ...loaded, recorded };
}
