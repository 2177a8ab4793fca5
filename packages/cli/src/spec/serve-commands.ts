import type { ArgumentSpec, CommandSpec } from "./command-spec.ts";
import {
  exportOption,
  fileArgument,
  graceOption,
  metricsPortOption,
  runsDirectoryOption,
  storeOption,
  tenantOption,
} from "./shared-options.ts";

const nameArgument: ArgumentSpec = { name: "name", describes: "Name of the schedule." };

const serve: CommandSpec = {
  name: "serve",
  summary: "Take up the runs of workflows that nobody executes, until it is stopped",
  describes: [
    "Runs whose time has come, whose turn it is in a queue, that got an answer, whose process has died, and those of schedules. Any number of servers may share a store; no run is executed twice at a time.",
    "On standard output stands what becomes of runs, with --json a line each, and a line that says what is served once it is. Ctrl-C or SIGTERM gives back what runs, for other servers to go on with, and ends with exit code 0, with --grace after running steps have ended; a second one ends the process at once, which loses nothing that was committed.",
  ],
  arguments: [
    {
      name: "files",
      describes: "TypeScript or JavaScript modules; all workflows that they export are served.",
      variadic: true,
      completes: "file",
    },
  ],
  options: [
    {
      name: "queue",
      value: "limits",
      repeatable: true,
      describes:
        "A queue to work on, with its limits: mail:concurrency=2,rate=100/1m,key-concurrency=1. Every server of the queue gives the same; may be given several times.",
    },
    { name: "concurrency", value: "count", describes: "How many runs execute at a time; 100 if not given." },
    { name: "until-idle", describes: "End once nothing is due and nothing that was taken up executes." },
    storeOption,
    tenantOption,
    runsDirectoryOption,
    graceOption,
    metricsPortOption,
  ],
  examples: [
    { line: "af serve digest.ts report.ts", does: "Serve the workflows of two files." },
    {
      line: "af serve mail.ts --queue mail:concurrency=2,rate=100/1m --grace 30s",
      does: "Work on a queue, and let steps end when the process is told to stop.",
    },
    {
      line: "af serve digest.ts --until-idle --json",
      does: "Do what is due and end, for a timer of the system.",
    },
  ],
  load: async () => (await import("../commands/serve.ts")).serve,
};

const list: CommandSpec = {
  name: "schedules list",
  summary: "List schedules, with the next time and the newest run of each",
  describes: ["By name. Times are in UTC, whatever zone a schedule follows."],
  arguments: [],
  options: [storeOption, tenantOption],
  examples: [{ line: "af schedules list", does: "What starts when." }],
  load: async () => (await import("../commands/schedules.ts")).listSchedules,
};

const add: CommandSpec = {
  name: "schedules add",
  summary: "Start runs of a workflow at the times of a cron pattern",
  describes: [
    "The schedule is kept in the store; af serve starts its runs, one per time however many servers there are.",
  ],
  arguments: [{ ...nameArgument, describes: "Name of the new schedule." }, fileArgument],
  options: [
    { name: "cron", value: "pattern", describes: "Five fields, or six with seconds: '0 9 * * 1-5'." },
    {
      name: "time-zone",
      value: "zone",
      describes: "Whose clock the pattern means: Europe/Berlin; UTC if not given.",
    },
    {
      name: "input",
      short: "i",
      value: "json",
      describes: "Input of its runs as JSON, as @file, or - for standard input.",
    },
    exportOption,
    {
      name: "missed",
      value: "policy",
      choices: ["skip", "latest", "all"],
      describes:
        "What becomes of times that nobody served: skip, which is usual, forgets those more than a minute old.",
    },
    {
      name: "overlap",
      value: "policy",
      choices: ["allow", "skip"],
      describes: "skip leaves a time out while the run of an earlier one has not ended; allow if not given.",
    },
    { name: "queue", value: "name", describes: "Its runs wait for their turn in this queue." },
    { name: "key", value: "text", describes: "Key of its runs in the queue." },
    storeOption,
    tenantOption,
  ],
  examples: [
    {
      line: "af schedules add weekdays digest.ts --cron '0 9 * * 1-5' --time-zone Europe/Berlin",
      does: "At nine in Berlin, from Monday to Friday.",
    },
    {
      line: "af schedules add nightly report.ts --cron '30 2 * * *' --missed latest --input '{\"days\":1}'",
      does: "Every night, and later if nobody served then.",
    },
  ],
  load: async () => (await import("../commands/schedules.ts")).addSchedule,
};

const pause: CommandSpec = {
  name: "schedules pause",
  summary: "Start no more runs of a schedule until it is resumed",
  describes: ["Runs that it has started go on."],
  arguments: [nameArgument],
  options: [storeOption, tenantOption],
  examples: [{ line: "af schedules pause weekdays", does: "Over the holidays." }],
  load: async () => (await import("../commands/schedules.ts")).pauseSchedule,
};

const resume: CommandSpec = {
  ...pause,
  name: "schedules resume",
  summary: "Go on with a schedule that was paused",
  describes: ["It goes on with its first time from now on; those that came meanwhile are left out."],
  examples: [{ line: "af schedules resume weekdays", does: "After the holidays." }],
  load: async () => (await import("../commands/schedules.ts")).resumeSchedule,
};

const remove: CommandSpec = {
  ...pause,
  name: "schedules remove",
  summary: "Remove a schedule; its runs stay",
  describes: ["A name that was removed can be used again."],
  examples: [{ line: "af schedules remove weekdays", does: "For good." }],
  load: async () => (await import("../commands/schedules.ts")).removeSchedule,
};

/** Commands that see to it that runs go on by themselves. */
export const serveCommands: readonly CommandSpec[] = [serve, list, add, pause, resume, remove];
