import { resolve } from "node:path";
import { importRun, openBackend } from "@agentflow/runtime";
import { commandConfiguration, followUpFlags, textArgument } from "../command-configuration.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";

/** `af import DIR`: makes a new run of the store from a run directory (RUN-10). */
export const importDirectory: CommandHandler = async (input, session) => {
  const { output } = session;
  const configuration = await commandConfiguration(input, session);
  const directory = resolve(session.directory, textArgument(input, "directory"));
  const store = await openBackend(configuration.options);
  try {
    const imported = await importRun(configuration.options, { store, directory });
    if (output.json) output.object(imported);
    else output.line(imported.runId);
    output.note(`Next: af show ${imported.runId}${followUpFlags(configuration)}`);
    return exitCodes.ok;
  } finally {
    await store.runs.close();
  }
};
