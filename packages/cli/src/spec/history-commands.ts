import type { CommandSpec } from "./command-spec.ts";
import {
  exportOption,
  fileArgument,
  graceOption,
  quietOption,
  runArgument,
  runsDirectoryOption,
  storeOption,
  tenantOption,
  workflowFileOption,
} from "./shared-options.ts";

const history: CommandSpec = {
  name: "history",
  summary: "List the checkpoints of a run",
  describes: [
    "A checkpoint is the end of a superstep: `af fork` starts a new run from one, `af diff` compares the states at two. EVENT names it; so does any step that follows it.",
  ],
  arguments: [runArgument],
  options: [storeOption, tenantOption],
  examples: [{ line: "af history last", does: "Where the newest run can be forked." }],
  load: async () => (await import("../commands/history.ts")).history,
};

const fork: CommandSpec = {
  name: "fork",
  summary: "Start a new run from a checkpoint of another one",
  describes: [
    "The new run has the steps of the other one up to the checkpoint, which are not executed again, and the same seed. The other run stays as it is, and may still be running.",
    "--dry-run says which steps, calls and effects would come again, and does nothing.",
  ],
  arguments: [runArgument],
  options: [
    {
      name: "at",
      value: "place",
      describes:
        "A step, to fork before it, or the EVENT of a checkpoint of `af history`; the start if not given.",
    },
    {
      name: "patch",
      value: "json",
      describes: "State fields to change there: JSON, @file, or - for standard input.",
    },
    { name: "run-id", value: "id", describes: "Id of the new run instead of a generated one." },
    { name: "dry-run", describes: "Say what would be kept and repeated." },
    workflowFileOption,
    exportOption,
    {
      name: "allow-version-mismatch",
      describes: "Go on although the workflow has changed since the run was started.",
    },
    storeOption,
    tenantOption,
    runsDirectoryOption,
    graceOption,
    quietOption,
  ],
  examples: [
    { line: "af fork last --at 2.write --dry-run", does: "What forking before a step would repeat." },
    { line: 'af fork last --at 2.write --patch \'{"tone":"dry"}\'', does: "Do it with another state." },
    { line: "af fork 01JD0Z --at 2.write --file mended.ts", does: "Do it with mended code." },
  ],
  load: async () => (await import("../commands/fork.ts")).fork,
};

const diff: CommandSpec = {
  name: "diff",
  summary: "Show where two runs, or two states, differ",
  describes: [
    "Runs are compared by what their steps did: times, owners and the order in which parallel steps ended make no difference. RUN@STEP is the state before that step, RUN@EVENT that at a checkpoint of `af history`.",
  ],
  arguments: [
    { name: "first", describes: "A run, or RUN@STEP." },
    { name: "second", describes: "Another run, or RUN@STEP." },
  ],
  options: [workflowFileOption, exportOption, storeOption, tenantOption],
  examples: [
    { line: "af diff 01JD0Z 01JD1A", does: "What the second run did otherwise." },
    { line: "af diff last@1.plan last@2.write", does: "What a step changed in the state." },
  ],
  load: async () => (await import("../commands/diff.ts")).diff,
};

const backtest: CommandSpec = {
  name: "backtest",
  summary: "Hold stored and in-flight runs against new code",
  describes: [
    "Each run is executed again on its journal with the workflow of the file: nothing outside is called and nothing is written. A run in flight is also held against what a resume would do: refuse it, migrate it, or go on with its open steps. The command ends with 1 if a run would break.",
    "--runs is a status, all, finished, open, or a run; it may be given several times.",
  ],
  arguments: [fileArgument],
  options: [
    { name: "runs", value: "filter", repeatable: true, describes: "Which runs; all if not given." },
    { name: "since", value: "time", describes: "Only runs created since then, such as 30d or 2026-11-01." },
    { name: "limit", value: "count", describes: "How many of the newest runs; 100 if not given." },
    exportOption,
    storeOption,
    tenantOption,
  ],
  examples: [
    { line: "af backtest research.ts", does: "The newest 100 runs of the workflow." },
    { line: "af backtest research.ts --runs open", does: "Those that a deployment would meet." },
    { line: "af backtest research.ts --runs failed --since 7d --json", does: "For a program." },
  ],
  load: async () => (await import("../commands/backtest.ts")).backtest,
};

const debug: CommandSpec = {
  name: "debug",
  summary: "Execute one step of a run again on its journal",
  describes: [
    "The step gets the state and item that it had, and its calls are answered from the journal: nothing outside is called and nothing is written. A step that failed or waits is executed as far as it got.",
    "With --inspect it waits for a debugger and stops right before the function of the step.",
  ],
  arguments: [runArgument],
  options: [
    { name: "step", value: "id", describes: "The step, as `af show RUN` lists it." },
    {
      name: "inspect",
      value: "[port]",
      describes: "Wait for a debugger on this port of 127.0.0.1; 9229 if not given.",
    },
    workflowFileOption,
    exportOption,
    storeOption,
    tenantOption,
  ],
  examples: [
    { line: "af debug last --step 2.write", does: "What the step does now, and what it did." },
    { line: "af debug last --step '1.read[2]' --inspect", does: "The same, step by step in a debugger." },
  ],
  load: async () => (await import("../commands/debug.ts")).debug,
};

const fixture: CommandSpec = {
  name: "fixture",
  summary: "Turn a recorded run into a test",
  describes: [
    "The test runs the workflow in memory with the same input and seed, answers its calls and questions as they were answered then, and expects the same state and steps. It is run once; the command ends with 1 if it does not pass.",
  ],
  arguments: [runArgument],
  options: [
    {
      name: "out",
      value: "file",
      completes: "file",
      describes: "Where the test goes; RUN.test.ts if not given.",
    },
    { name: "force", describes: "Replace the file if it is there." },
    workflowFileOption,
    exportOption,
    storeOption,
    tenantOption,
  ],
  examples: [{ line: "af fixture last --out tests/order.test.ts", does: "Keep what the newest run did." }],
  load: async () => (await import("../commands/fixture.ts")).fixture,
};

/** Commands that look back into runs and start from there again. */
export const historyCommands: readonly CommandSpec[] = [history, fork, diff, backtest, debug, fixture];
