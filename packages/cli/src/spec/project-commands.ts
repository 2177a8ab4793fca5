import type { CommandSpec } from "./command-spec.ts";
import {
  exportOption,
  fileArgument,
  runArgument,
  runsDirectoryOption,
  storeOption,
  tenantOption,
} from "./shared-options.ts";

const graph: CommandSpec = {
  name: "graph",
  summary: "Draw a workflow",
  describes: [],
  arguments: [fileArgument],
  options: [
    {
      name: "format",
      value: "format",
      choices: ["ascii", "mermaid", "json"],
      describes: "ascii (if not given), mermaid, or the JSON description.",
    },
    exportOption,
  ],
  examples: [
    { line: "af graph research.ts", does: "Draw it in the terminal." },
    { line: "af graph research.ts --format mermaid", does: "Print it for a Markdown file." },
  ],
  load: async () => (await import("../commands/graph.ts")).graph,
};

const validate: CommandSpec = {
  name: "validate",
  summary: "Check environment, configuration, store and workflow files",
  describes: [
    "Each check says ok, warning, error or skipped, with a hint. One error makes the command fail; the JSON form follows docs/validate.schema.json.",
  ],
  arguments: [{ ...fileArgument, name: "files", optional: true, variadic: true }],
  options: [exportOption, storeOption, tenantOption, runsDirectoryOption],
  examples: [
    { line: "af validate", does: "Check machine and configuration." },
    { line: "af validate research.ts --json", does: "Check a workflow file too, for a program." },
  ],
  load: async () => (await import("../commands/validate.ts")).validate,
};

const config: CommandSpec = {
  name: "config",
  summary: "Show each setting with its value and source",
  describes: ["A flag wins over a variable, a variable over agentflow.config.*, that over the default."],
  arguments: [],
  options: [storeOption, tenantOption, runsDirectoryOption],
  examples: [
    { line: "af config", does: "What is set here, and where." },
    { line: "AF_STORE_URL=memory: af config --json", does: "A variable shows up with its name." },
  ],
  load: async () => (await import("../commands/config.ts")).config,
};

const rebuild: CommandSpec = {
  name: "rebuild",
  summary: "Write a run's directory again from the store",
  describes: ["The run directory is a projection of the store: a lost or torn file loses nothing."],
  arguments: [runArgument],
  options: [storeOption, tenantOption, runsDirectoryOption],
  examples: [{ line: "af rebuild last", does: "Write runs/RUN/ again." }],
  load: async () => (await import("../commands/rebuild.ts")).rebuild,
};

const importDirectory: CommandSpec = {
  name: "import",
  summary: "Make a run of the store from a run directory",
  describes: [
    "For when only the directory is left. The run gets a new id; a directory whose events are redacted or broken is refused with the reason.",
  ],
  arguments: [
    { name: "directory", describes: "The run directory, such as runs/01JD0Z.", completes: "directory" },
  ],
  options: [storeOption, tenantOption, runsDirectoryOption],
  examples: [{ line: "af import backup/runs/01JD0Z", does: "Bring a run back." }],
  load: async () => (await import("../commands/import-directory.ts")).importDirectory,
};

const shells = ["bash", "zsh", "fish"];

const completions: CommandSpec = {
  name: "completions",
  summary: "Print the completion script of a shell",
  describes: [],
  arguments: [{ name: "shell", describes: "bash, zsh or fish.", completes: shells }],
  options: [],
  examples: [
    { line: 'eval "$(af completions bash)"', does: "Complete in this shell." },
    { line: "af completions fish > ~/.config/fish/completions/af.fish", does: "Complete in every fish." },
  ],
  load: async () => (await import("../commands/completions.ts")).completions,
};

/** Commands about the project and its files. */
export const projectCommands: readonly CommandSpec[] = [
  graph,
  validate,
  config,
  rebuild,
  importDirectory,
  completions,
];
