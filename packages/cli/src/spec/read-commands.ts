import { runStatuses } from "@agentflow/core";
import type { CostKey } from "@agentflow/models";
import type { CommandSpec } from "./command-spec.ts";
import { runArgument, storeOption, tenantOption } from "./shared-options.ts";

const runs: CommandSpec = {
  name: "runs",
  summary: "List runs, newest first",
  describes: [],
  arguments: [],
  options: [
    {
      name: "status",
      value: "status",
      choices: runStatuses,
      repeatable: true,
      describes: "Only runs of this status; may be given several times.",
    },
    { name: "workflow", value: "name", describes: "Only runs of this workflow." },
    {
      name: "since",
      value: "time",
      describes: "Only runs created since then: a date or time in UTC, or how long ago (90m, 12h, 30d).",
    },
    { name: "until", value: "time", describes: "Only runs created before then, given likewise." },
    { name: "limit", value: "count", describes: "How many runs to list; 20 if not given, 1000 at most." },
    { name: "after", value: "run", describes: "Go on after this run id, the last one of the list before." },
    storeOption,
    tenantOption,
  ],
  examples: [
    { line: "af runs --status failed --limit 5", does: "The five newest failed runs." },
    { line: "af runs --workflow research --since 24h", does: "The runs of one workflow of the last day." },
    { line: "af runs --json", does: "The list for a program." },
  ],
  load: async () => (await import("../commands/runs.ts")).runs,
};

// Listed here, because the spec of the commands loads none of their parts.
const costGroups: readonly CostKey[] = [
  "model",
  "provider",
  "workflow",
  "node",
  "step",
  "run",
  "tenant",
  "day",
];

const costs: CommandSpec = {
  name: "costs",
  summary: "Say what calls of models took and cost",
  describes: [
    "Read off the records of the runs: each call of a provider counts once, also one that failed or was cut short. Calls of models without a known price are counted beside the sum, not as free.",
  ],
  arguments: [],
  options: [
    { name: "by", value: "what", choices: costGroups, describes: "What to add up by; model if not given." },
    { name: "run", value: "run", describes: "Only this run: its id, a beginning of it, or `last`." },
    { name: "workflow", value: "name", describes: "Only runs of this workflow." },
    { name: "since", value: "time", describes: "Only runs created since then, as for `af runs`." },
    { name: "until", value: "time", describes: "Only runs created before then, given likewise." },
    storeOption,
    tenantOption,
  ],
  examples: [
    { line: "af costs --by day --since 30d", does: "The last month, day by day." },
    { line: "af costs --run last --by node", does: "Where the newest run spent its tokens." },
    { line: "af costs --json", does: "The same for a program." },
  ],
  load: async () => (await import("../commands/costs.ts")).costs,
};

const show: CommandSpec = {
  name: "show",
  summary: "Show a run: status, steps, state, and why it failed",
  describes: [
    "A failure fits one screen: the error, the failing step, its input and the last good output. With --json the object has the shape of `af run --json`, with events counted by type.",
  ],
  arguments: [runArgument],
  options: [
    { name: "state", describes: "Print the whole state, not only its beginning." },
    storeOption,
    tenantOption,
  ],
  examples: [
    { line: "af show last", does: "The newest run." },
    { line: "af show 01JD0Z --json", does: "The same for a program." },
  ],
  load: async () => (await import("../commands/show.ts")).show,
};

const tail: CommandSpec = {
  name: "tail",
  summary: "Print the events of a run, and follow new ones",
  describes: [
    "Events are read from the store, so a run of another process can be followed. With --json each event is one line.",
  ],
  arguments: [runArgument],
  options: [
    {
      name: "type",
      value: "type",
      repeatable: true,
      describes: "Only events of this type; step.* stands for all that begin so. May be given several times.",
    },
    {
      name: "step",
      value: "step",
      repeatable: true,
      describes: "Only events of this step id or node. May be given several times.",
    },
    {
      name: "level",
      value: "level",
      choices: ["DEBUG", "INFO", "WARN", "ERROR"],
      describes: "Only events of this level or above.",
    },
    { name: "follow", short: "f", describes: "Wait for new events until the run ends." },
    { name: "from", value: "seq", describes: "Begin with this event number." },
    storeOption,
    tenantOption,
  ],
  examples: [
    { line: "af tail last -f", does: "Follow the newest run." },
    { line: "af tail 01JD0Z --type 'step.*' --json", does: "Step events as JSON lines." },
    { line: "af tail 01JD0Z --level WARN --from 100", does: "Trouble, from event 100 on." },
  ],
  load: async () => (await import("../commands/tail.ts")).tail,
};

const why: CommandSpec = {
  name: "why",
  summary: "Say why a run is where it is",
  describes: [
    "Status, the whole chain of causes, the attempt and when the next one is due, who owns the run and what it waits for.",
  ],
  arguments: [runArgument],
  options: [storeOption, tenantOption],
  examples: [{ line: "af why last", does: "Explain the newest run." }],
  load: async () => (await import("../commands/why.ts")).why,
};

/** Commands that read the store. */
export const readCommands: readonly CommandSpec[] = [runs, show, tail, why, costs];
