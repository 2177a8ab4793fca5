import type { OptionSpec } from "./command-spec.ts";

/** How many cores a command takes. */
export const threadsOption: OptionSpec = {
  name: "threads",
  value: "count",
  describes: "How many threads work at once; all cores if not given.",
};

/** How much memory a command takes. */
export const memoryOption: OptionSpec = {
  name: "memory-limit",
  value: "mib",
  describes: "How much memory DuckDB takes before it writes to disk, in MiB; 1024 if not given.",
};

/** The declaration of a dataset that af does not have. */
export const declarationOption: OptionSpec = {
  name: "declaration",
  value: "file",
  completes: "file",
  describes: "TypeScript or JavaScript module that exports the declaration of a dataset of your own.",
};
