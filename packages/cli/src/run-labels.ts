import { type RunHead, WorkflowFileError } from "@agentflow/core";

/** Labels that `af` gives a run, so that its workflow is found again without naming the file. */
export interface WorkflowLabels {
  readonly file: string;
  readonly export: string;
}

/** Reads the workflow file of a run from its labels. Throws WorkflowFileError if the run was not started by `af run`. */
export function workflowOf(head: RunHead): WorkflowLabels {
  const labels: Partial<WorkflowLabels> = head.labels === undefined ? {} : JSON.parse(head.labels);
  const { file, export: exportName } = labels;
  if (typeof file === "string" && typeof exportName === "string") return { file, export: exportName };
  throw new WorkflowFileError(
    "AF_WORKFLOW_FILE_NOT_FOUND",
    `Run ${head.runId} does not say which file its workflow ${head.workflow} is in.`,
    { hint: "Name it: --file FILE, and --export NAME if it has several workflows." },
  );
}
