import { UsageError } from "@agentflow/core";
import { textArgument } from "../command-configuration.ts";
import { completionScript, shells } from "../completion-scripts.ts";
import type { CommandHandler } from "../spec/command-spec.ts";
import { exitCodes } from "../spec/exit-codes.ts";

/** `af completions SHELL`: the completion script of a shell. */
export const completions: CommandHandler = async (input, { output }) => {
  const wanted = textArgument(input, "shell");
  const shell = shells.find((each) => each === wanted);
  if (shell === undefined) {
    throw new UsageError(`There are no completions for ${wanted}.`, {
      hint: `Shells are ${shells.join(", ")}.`,
    });
  }
  const script = completionScript(shell);
  if (output.json) output.object({ shell, script });
  else output.write(script);
  return exitCodes.ok;
};
