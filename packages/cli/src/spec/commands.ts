import type { CommandSpec } from "./command-spec.ts";
import { executeCommands } from "./execute-commands.ts";
import { projectCommands } from "./project-commands.ts";
import { readCommands } from "./read-commands.ts";

/** Every command of `af`, in the order of the help. */
export const commands: readonly CommandSpec[] = [...executeCommands, ...readCommands, ...projectCommands];
