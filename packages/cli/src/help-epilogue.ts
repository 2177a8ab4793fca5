import type { CommandSpec } from "./spec/command-spec.ts";
import { exitCodeTable } from "./spec/exit-codes.ts";

/** What `--help` shows below the options: examples of a command, or the exit codes of all. */
export function helpEpilogue(spec: CommandSpec | undefined): string {
  if (spec === undefined) {
    const codes = exitCodeTable.map(({ code, means }) => `  ${String(code).padEnd(4)} ${means}`);
    return `\nExit codes:\n${codes.join("\n")}\n\nEvery command has --help with examples. Manual: docs/cli.md`;
  }
  const examples = spec.examples.map(({ line, does }) => `  ${line}\n      ${does}`);
  return `\nExamples:\n${examples.join("\n")}`;
}
