import type { ArgumentSpec, OptionSpec } from "./command-spec.ts";

/** Options that every command takes. */
export const globalOptions: readonly OptionSpec[] = [
  { name: "json", describes: "Print JSON on standard output, also for errors and empty lists." },
  {
    name: "color",
    value: "when",
    choices: ["auto", "always", "never"],
    describes: "Colour; auto follows the terminal, NO_COLOR and FORCE_COLOR.",
  },
  {
    name: "config",
    value: "file",
    completes: "file",
    describes: "Configuration file to use instead of agentflow.config.*.",
  },
];

/** Where the runs are kept. */
export const storeOption: OptionSpec = {
  name: "store",
  value: "url",
  describes: "Where runs are kept: sqlite:PATH, postgres://..., mysql://... or memory:.",
};

/** The tenant that the rows belong to. */
export const tenantOption: OptionSpec = {
  name: "tenant",
  value: "name",
  describes: "The tenant whose runs are meant.",
};

/** How long a run may finish what it executes when the process is told to stop. */
export const graceOption: OptionSpec = {
  name: "grace",
  value: "duration",
  describes:
    "On Ctrl-C or SIGTERM let running steps end, at most this long (30s, 5m), before the run is parked.",
};

/** Metrics are wanted while the command runs. */
export const metricsPortOption: OptionSpec = {
  name: "metrics-port",
  value: "port",
  describes: "Serve metrics for Prometheus at /metrics on this port of 127.0.0.1; 0 takes any that is free.",
};

/** No progress is wanted. */
export const quietOption: OptionSpec = { name: "quiet", short: "q", describes: "Show no progress." };

/** The folder of run directories. */
export const runsDirectoryOption: OptionSpec = {
  name: "runs-directory",
  value: "folder",
  completes: "directory",
  describes: "Folder of the run directories; off writes none.",
};

/** The run that a command is about. */
export const runArgument: ArgumentSpec = {
  name: "run",
  describes: "Id of the run, or a beginning of it that fits only one; `last` is the newest.",
};

/** The workflow file that a command is about. */
export const fileArgument: ArgumentSpec = {
  name: "file",
  describes: "TypeScript or JavaScript module that exports the workflow.",
  completes: "file",
};

/** The workflow file of a run, where it is another than the run was started from. */
export const workflowFileOption: OptionSpec = {
  name: "file",
  value: "file",
  completes: "file",
  describes: "Workflow file to use instead of the one that the run was started from.",
};

/** Which export of the file is meant. */
export const exportOption: OptionSpec = {
  name: "export",
  value: "name",
  describes: "The export to use, where the file has several workflows.",
};
