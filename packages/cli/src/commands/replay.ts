import { resolve } from "node:path";
import { createEngine, loadWorkflow } from "@agentflow/runtime";
import { commandConfiguration, listOption, textArgument, textOption } from "../command-configuration.ts";
import { withRun } from "../open-runs.ts";
import { replayLines } from "../replay-report.ts";
import { loadRunWorkflow } from "../run-workflow.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";

/** `af replay RUN`: re-executes a stored run on its journal and compares (ENG-30, S25). */
export const replay: CommandHandler = async (input, session) => {
  const { output, directory } = session;
  const configuration = await commandConfiguration(input, session);
  const named = textOption(input, "export");
  const report = await withRun(configuration, textArgument(input, "run"), async ({ store, head }) => {
    const { workflow } = await loadRunWorkflow(head, input, session);
    const earlier = await Promise.all(
      listOption(input, "earlier").map(
        async (file) => (await loadWorkflow(resolve(directory, file), named)).workflow,
      ),
    );
    await using engine = await createEngine({ store, tenant: head.tenant });
    return engine.replay(head.runId, workflow, { strict: input.options["strict"] === true, earlier });
  });
  if (output.json) output.object(report);
  else for (const line of replayLines(report)) output.line(line);
  return report.matches ? exitCodes.ok : exitCodes.runFailed;
};
