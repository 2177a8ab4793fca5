import { settings } from "@agentflow/runtime";
import { argumentUsage, optionUsage } from "./command-line.ts";
import type { CommandSpec, OptionSpec } from "./spec/command-spec.ts";
import { commands } from "./spec/commands.ts";
import { exitCodeTable } from "./spec/exit-codes.ts";
import { globalOptions } from "./spec/shared-options.ts";

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, titles.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function optionRows(options: readonly OptionSpec[]): string[][] {
  return options.map((option) => {
    const choices = option.choices === undefined ? "" : ` One of ${option.choices.join(", ")}.`;
    return [`\`${optionUsage(option)}\``, cell(`${option.describes}${choices}`)];
  });
}

function section(command: CommandSpec): string {
  const usage = ["af", command.name, ...command.arguments.map(argumentUsage), "[options]"].join(" ");
  const argumentRows = command.arguments.map((argument) => [
    `\`${argumentUsage(argument)}\``,
    cell(argument.describes),
  ]);
  const rows = [...argumentRows, ...optionRows(command.options)];
  const examples = command.examples.map(({ line, does }) => `# ${does}\n${line}`);
  return [
    `## af ${command.name}`,
    `${command.summary}.`,
    ...command.describes.map(cell),
    `\`\`\`sh\n${usage}\n\`\`\``,
    ...(rows.length === 0 ? [] : [table(["argument or option", "meaning"], rows)]),
    "Examples:",
    `\`\`\`sh\n${examples.join("\n\n")}\n\`\`\``,
  ].join("\n\n");
}

/** Writes docs/cli.md from the command spec, the exit codes and the table of settings. */
export function cliReference(): string {
  const list = commands.map(
    ({ name, summary }) => `- [af ${name}](#af-${name.replaceAll(" ", "-")}): ${summary}.`,
  );
  const codes = exitCodeTable.map(({ code, means }) => [String(code), means]);
  const settingRows = settings.map(({ key, variable, fallback, describes }) => [
    `\`${key}\``,
    `\`${variable}\``,
    fallback === undefined ? "" : `\`${fallback}\``,
    cell(describes),
  ]);
  return `${[
    "# The af command",
    "Made by `npm run cli-docs` from the command spec and the table of settings.",
    'Standard output carries data and nothing else; progress, hints and errors go to standard error. With `--json` every command prints JSON, also for errors (`{"error": {...}}`) and empty lists; streams are JSON lines. `af` never asks a question. Colour follows the terminal, `NO_COLOR`, `FORCE_COLOR` and `--color`.',
    list.join("\n"),
    "## Options of every command",
    table(["option", "meaning"], optionRows(globalOptions)),
    "## Exit codes",
    table(["code", "meaning"], codes),
    "## Settings",
    "A flag wins over a variable, a variable over `agentflow.config.ts`, `.yaml` or `.json`, that over the default. `af config` shows each value with its source.",
    table(["setting", "variable", "default", "meaning"], settingRows),
    ...commands.map(section),
  ].join("\n\n")}\n`;
}
