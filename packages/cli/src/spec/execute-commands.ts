import type { CommandSpec, OptionSpec } from "./command-spec.ts";
import {
  exportOption,
  fileArgument,
  graceOption,
  metricsPortOption,
  quietOption,
  runArgument,
  runsDirectoryOption,
  storeOption,
  tenantOption,
  workflowFileOption,
} from "./shared-options.ts";

const maxConcurrentOption: OptionSpec = {
  name: "max-concurrent",
  value: "count",
  describes: "How many attempts of the run go on at once.",
};

const run: CommandSpec = {
  name: "run",
  summary: "Run a workflow and show its progress",
  describes: [
    "Progress goes to standard error: a table that is redrawn in a terminal, one line per step event elsewhere. With --json one object is printed on standard output when the run ends.",
    "Ctrl-C or SIGTERM parks the run and prints how to go on, with --grace after running steps have ended; a second one ends the process at once, which loses nothing that was committed.",
  ],
  arguments: [fileArgument],
  options: [
    {
      name: "input",
      short: "i",
      value: "json",
      describes: "Input as JSON, as @file, or - for standard input.",
    },
    exportOption,
    { name: "run-id", value: "id", describes: "Id of the new run instead of a generated one." },
    {
      name: "seed",
      value: "text",
      describes: "Seed of the run's random numbers; the same seed gives the same run.",
    },
    maxConcurrentOption,
    {
      name: "resume",
      value: "[run]",
      describes: "Go on with a run of this workflow; without an id, with its newest unfinished one.",
    },
    { name: "replay", describes: "Replay the run strictly when it has ended, and fail if it diverges." },
    {
      name: "durability",
      value: "level",
      choices: ["strict", "normal", "batched"],
      describes: "What a commit survives: a power loss, a crash, or all but the last milliseconds.",
    },
    storeOption,
    tenantOption,
    runsDirectoryOption,
    graceOption,
    metricsPortOption,
    quietOption,
  ],
  examples: [
    { line: 'af run research.ts --input \'{"question":"why"}\'', does: "Run a workflow." },
    {
      line: "af run research.ts --input @input.json --json",
      does: "Read the input from a file, print one object.",
    },
    { line: "af run research.ts --resume", does: "Go on with the newest unfinished run of this workflow." },
    {
      line: "af run research.ts --store memory: --replay",
      does: "Try it without a trace and prove that it replays.",
    },
    { line: "af run research.ts --metrics-port 9464", does: "Let Prometheus read metrics meanwhile." },
  ],
  load: async () => (await import("../commands/run.ts")).run,
};

const resume: CommandSpec = {
  name: "resume",
  summary: "Go on with a run from its last commit",
  describes: [
    "Steps that are committed are skipped, the others run; the output says which. A run that has ended gives its result at once; a failed run gets fresh attempts.",
  ],
  arguments: [runArgument],
  options: [
    workflowFileOption,
    exportOption,
    maxConcurrentOption,
    {
      name: "allow-version-mismatch",
      describes: "Go on although the workflow has changed since the run was started.",
    },
    storeOption,
    tenantOption,
    runsDirectoryOption,
    graceOption,
    metricsPortOption,
    quietOption,
  ],
  examples: [
    { line: "af resume last", does: "Go on with the newest run." },
    { line: "af resume 01JD0Z --file research.ts", does: "Use the workflow of another file." },
  ],
  load: async () => (await import("../commands/resume.ts")).resume,
};

const replay: CommandSpec = {
  name: "replay",
  summary: "Re-execute a stored run on its journal and compare",
  describes: [
    "Nothing outside is called and nothing is written: every io result comes from the journal. The command fails at the first step that gives something else, and names step, field, expected and actual.",
  ],
  arguments: [runArgument],
  options: [
    workflowFileOption,
    exportOption,
    { name: "strict", describes: "Report a divergence as the error AF_REPLAY_MISMATCH." },
    {
      name: "earlier",
      value: "file",
      repeatable: true,
      completes: "file",
      describes:
        "A version of the workflow that the run had before it was migrated; its steps are checked too.",
    },
    storeOption,
    tenantOption,
  ],
  examples: [
    { line: "af replay last", does: "Check that the newest run replays to the same bytes." },
    { line: "af replay 01JD0Z --strict --json", does: "Fail with a typed error where it does not." },
    { line: "af replay 01JD0Z --earlier research-v1.ts", does: "Check what came before a migration too." },
  ],
  load: async () => (await import("../commands/replay.ts")).replay,
};

/** Commands that execute workflows. */
export const executeCommands: readonly CommandSpec[] = [run, resume, replay];
