import { rebuildRun } from "@agentflow/runtime";
import { commandConfiguration, textArgument } from "../command-configuration.ts";
import { withRun } from "../open-runs.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";

/** `af rebuild RUN`: writes a run's directory again from the store (RUN-1). */
export const rebuild: CommandHandler = async (input, session) => {
  const { output } = session;
  const configuration = await commandConfiguration(input, session);
  const rebuilt = await withRun(configuration, textArgument(input, "run"), async ({ store, head }) => ({
    runId: head.runId,
    directory: await rebuildRun(configuration.options, { store, runId: head.runId }),
  }));
  if (output.json) output.object(rebuilt);
  else output.line(rebuilt.directory);
  return exitCodes.ok;
};
