import { commandConfiguration, textArgument } from "../command-configuration.ts";
import { executeRun } from "../execute-run.ts";
import { withRun } from "../open-runs.ts";
import { type CommittedRecord, committedRecord, resumeAddition } from "../resume-report.ts";
import { loadRunWorkflow } from "../run-workflow.ts";
import type { CommandHandler } from "../spec/command-spec.ts";

/** `af resume RUN`: goes on with a run from its last commit (RUN-10, ENG-31). */
export const resume: CommandHandler = async (input, session) => {
  const configuration = await commandConfiguration(input, session);
  const head = await withRun(configuration, textArgument(input, "run"), async (found) => found.head);
  const { workflow } = await loadRunWorkflow(head, input, session);
  const allowVersionMismatch = input.options["allowVersionMismatch"] === true;
  let before: CommittedRecord = { steps: new Set(), events: 0 };
  return executeRun({
    configuration,
    session,
    input,
    async begin(workshop) {
      before = await committedRecord(workshop, head.runId);
      const run = await workshop.engine.resume(head.runId, workflow, { allowVersionMismatch });
      return { run, after: before.events };
    },
    finish: async (_workshop, inspection) => resumeAddition(before, inspection),
  });
};
