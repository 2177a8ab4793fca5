import type { CommandSpec, OptionSpec } from "./command-spec.ts";
import {
  exportOption,
  runArgument,
  runsDirectoryOption,
  storeOption,
  tenantOption,
  workflowFileOption,
} from "./shared-options.ts";

const byOption: OptionSpec = {
  name: "by",
  value: "name",
  describes: "Who answers or asks, as the run records it; user@host if not given.",
};

const interruptArgument = {
  name: "id",
  describes: "Id of the interrupt, such as 2.review#approve[0]; not needed if the run asks only one thing.",
  optional: true,
} as const;

const approvals: CommandSpec = {
  name: "approvals",
  summary: "List what runs wait for people to answer, oldest first",
  describes: [
    "Of all runs of the store. With -f it goes on and prints what comes, with --json a line for each.",
  ],
  arguments: [],
  options: [
    { name: "workflow", value: "name", describes: "Only of runs of this workflow." },
    { name: "limit", value: "count", describes: "How many to list; 20 if not given, 1000 at most." },
    { name: "follow", short: "f", describes: "Go on and print new ones." },
    storeOption,
    tenantOption,
  ],
  examples: [
    { line: "af approvals", does: "What waits for somebody." },
    { line: "af approvals -f --json", does: "Tell a program of each new one." },
  ],
  load: async () => (await import("../commands/approvals.ts")).approvals,
};

const approve: CommandSpec = {
  name: "approve",
  summary: "Answer what a run asks with true",
  describes: [
    "The first answer counts; the run records who gave it. A run that somebody executes goes on by itself, any other with `af resume`.",
  ],
  arguments: [runArgument, interruptArgument],
  options: [byOption, storeOption, tenantOption],
  examples: [
    { line: "af approve last", does: "Say yes to the only thing that the newest run asks." },
    { line: "af approve 01JD0Z '2.review#approve[0]' --by ada", does: "Say yes to one of several, as ada." },
  ],
  load: async () => (await import("../commands/answer.ts")).approve,
};

const reject: CommandSpec = {
  ...approve,
  name: "reject",
  summary: "Answer what a run asks with false",
  examples: [{ line: "af reject last", does: "Say no to the only thing that the newest run asks." }],
  load: async () => (await import("../commands/answer.ts")).reject,
};

const answer: CommandSpec = {
  ...approve,
  name: "answer",
  summary: "Answer what a run asks with any value",
  options: [
    { name: "value", value: "json", describes: "The answer as JSON, as @file, or - for standard input." },
    ...approve.options,
  ],
  examples: [
    { line: 'af answer last --value \'{"edit":"shorter"}\'', does: "Answer with an object." },
    { line: "af answer last --value @answer.json", does: "Answer with what a file holds." },
  ],
  load: async () => (await import("../commands/answer.ts")).answer,
};

const signal: CommandSpec = {
  name: "signal",
  summary: "Send an event to a run",
  describes: ["A step that waits for events of this key takes it, also one that waits only later."],
  arguments: [runArgument, { name: "key", describes: "The key that `ctx.waitFor` names." }],
  options: [
    {
      name: "value",
      value: "json",
      describes: "What the event holds: JSON, @file, or - for standard input; null if not given.",
    },
    byOption,
    storeOption,
    tenantOption,
  ],
  examples: [
    { line: "af signal 01JD0Z paid --value '{\"cents\":500}'", does: "Tell a run that it was paid." },
  ],
  load: async () => (await import("../commands/signal.ts")).signal,
};

const stopOptions = [
  byOption,
  workflowFileOption,
  exportOption,
  storeOption,
  tenantOption,
  runsDirectoryOption,
];

const pause: CommandSpec = {
  name: "pause",
  summary: "Stop a run so that it can be resumed",
  describes: [
    "The process that executes the run is asked and waited for; a run that nobody executes is taken and paused here. What a step was doing is done again on its journal when the run is resumed. If the run has not stopped within 5 seconds the command ends with exit code 1; the request stays.",
  ],
  arguments: [runArgument],
  options: stopOptions,
  examples: [{ line: "af pause last", does: "Pause the newest run; af resume goes on with it." }],
  load: async () => (await import("../commands/stop.ts")).pause,
};

const cancel: CommandSpec = {
  ...pause,
  name: "cancel",
  summary: "Stop a run for good",
  describes: [
    "The process that executes the run is asked and waited for, and its steps are told by their abort signals; a run that nobody executes is taken and cancelled here. If the run has not stopped within 5 seconds the command ends with exit code 1; the request stays.",
  ],
  examples: [{ line: "af cancel 01JD0Z --by ada", does: "Cancel a run as ada." }],
  load: async () => (await import("../commands/stop.ts")).cancel,
};

/** Commands with which people speak to runs. */
export const peopleCommands: readonly CommandSpec[] = [
  approvals,
  approve,
  reject,
  answer,
  signal,
  pause,
  cancel,
];
