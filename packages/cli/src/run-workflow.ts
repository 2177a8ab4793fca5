import { resolve } from "node:path";
import type { RunHead } from "@agentflow/core";
import { type LoadedWorkflow, loadWorkflow } from "@agentflow/runtime";
import { textOption } from "./command-configuration.ts";
import { workflowOf } from "./run-labels.ts";
import type { Session } from "./session.ts";
import type { CommandInput } from "./spec/command-spec.ts";

/** Loads the workflow of a run: of --file and --export, else the one that it was started from. */
export async function loadRunWorkflow(
  head: RunHead,
  input: CommandInput,
  session: Session,
): Promise<LoadedWorkflow> {
  const given = textOption(input, "file");
  const named = textOption(input, "export");
  const source =
    given === undefined ? workflowOf(head) : { file: resolve(session.directory, given), export: named };
  return loadWorkflow(source.file, named ?? source.export);
}
