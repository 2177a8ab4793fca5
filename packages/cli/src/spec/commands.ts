import { analyticsCommands } from "./analytics-commands.ts";
import type { CommandSpec } from "./command-spec.ts";
import { executeCommands } from "./execute-commands.ts";
import { historyCommands } from "./history-commands.ts";
import { peopleCommands } from "./people-commands.ts";
import { projectCommands } from "./project-commands.ts";
import { readCommands } from "./read-commands.ts";
import { serveCommands } from "./serve-commands.ts";
import { storeCommands } from "./store-commands.ts";

/** Every command of `af`, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  ...executeCommands,
  ...serveCommands,
  ...readCommands,
  ...historyCommands,
  ...peopleCommands,
  ...projectCommands,
  ...storeCommands,
  ...analyticsCommands,
];

/** Words that stand before other commands, as `analytics` in `af analytics test`, with what these have in common. */
export const commandGroups: Readonly<Record<string, string>> = {
  schedules: "List, add, pause, resume and remove schedules that start runs",
  analytics: "Generate, test, compact and question datasets of Parquet files",
};
