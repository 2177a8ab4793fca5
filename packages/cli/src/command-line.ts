import { setImmediate } from "node:timers/promises";
import { closestName, UsageError } from "@agentflow/core";
import { Command, CommanderError, Option } from "commander";
import manifest from "../package.json" with { type: "json" };
import { reportError } from "./error-report.ts";
import { helpEpilogue } from "./help-epilogue.ts";
import type { Session } from "./session.ts";
import type { ArgumentSpec, CommandInput, CommandSpec, OptionSpec } from "./spec/command-spec.ts";
import { commandGroups, commands } from "./spec/commands.ts";
import { exitCodes } from "./spec/exit-codes.ts";
import { globalOptions } from "./spec/shared-options.ts";
import { choosesColor } from "./terminal/color-choice.ts";
import { Output, type TextStream } from "./terminal/output.ts";

/** The process around a command line. */
export interface Surroundings extends Omit<Session, "output"> {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
}

/** Where an argument stands in a usage line: `<file>`, `[files...]`. */
export function argumentUsage(argument: ArgumentSpec): string {
  const name = argument.variadic ? `${argument.name}...` : argument.name;
  return argument.optional ? `[${name}]` : `<${name}>`;
}

/** How an option is written: `-i, --input <json>`. */
export function optionUsage(option: OptionSpec): string {
  const { name, short, value } = option;
  const flags = short === undefined ? `--${name}` : `-${short}, --${name}`;
  if (value === undefined) return flags;
  return `${flags} ${value.startsWith("[") ? value : `<${value}>`}`;
}

function commanderOption(spec: OptionSpec): Option {
  const option = new Option(optionUsage(spec), spec.describes);
  if (spec.choices !== undefined) option.choices([...spec.choices]);
  if (spec.repeatable) {
    // Commander's own variadic options swallow the arguments that follow.
    option.argParser((value: string, before: readonly string[] | undefined) => {
      if (spec.choices?.includes(value) === false) {
        throw new CommanderError(
          exitCodes.usage,
          "commander.invalidArgument",
          `option '${optionUsage(spec)}' argument '${value}' is invalid. Allowed choices are ${spec.choices.join(", ")}.`,
        );
      }
      return [...(before ?? []), value];
    });
  }
  return option;
}

/** The command that only holds others: `af analytics`. */
function groupOf(program: Command, name: string): Command {
  const known = program.commands.find((each) => each.name() === name);
  if (known !== undefined) return known;
  const group = program.command(name).argument("[command]").usage("<command> [options]");
  group.summary(commandGroups[name] ?? "").description(commandGroups[name] ?? "");
  return group.action((given: string | undefined) => {
    const names = group.commands.map((each) => each.name());
    const near = given === undefined ? undefined : closestName(given, names);
    throw new UsageError(
      given === undefined ? `af ${name} needs a command.` : `There is no command af ${name} ${given}.`,
      { hint: near === undefined ? `Commands are ${names.join(", ")}.` : `Did you mean ${near}?` },
    );
  });
}

function addCommand(
  program: Command,
  spec: CommandSpec,
  session: () => Session,
  done: (code: number) => void,
) {
  const words = spec.name.split(" ");
  const parent = words.length === 1 ? program : groupOf(program, words[0] ?? "");
  const command = parent.command(words.at(-1) ?? "").summary(spec.summary);
  command.description([spec.summary, ...spec.describes].join("\n\n"));
  for (const argument of spec.arguments) command.argument(argumentUsage(argument), argument.describes);
  for (const option of [...spec.options, ...globalOptions]) command.addOption(commanderOption(option));
  command.addHelpText("after", helpEpilogue(spec));
  command.action(async () => {
    const named = spec.arguments.map((argument, index) => [argument.name, command.processedArgs[index]]);
    const input: CommandInput = {
      arguments: Object.fromEntries(named),
      options: command.optsWithGlobals(),
    };
    const handler = await spec.load();
    done(await handler(input, session()));
  });
}

function sentence(text: string): string {
  const whole = /[.!?]$/.test(text) ? text : `${text}.`;
  return whole.slice(0, 1).toUpperCase() + whole.slice(1);
}

function usageError(error: CommanderError): UsageError {
  const [message = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const similar = /\(Did you mean (?:one of )?([^,?]+)/.exec(suggestion ?? "")?.[1];
  const hint = similar === undefined ? undefined : `Did you mean ${similar}?`;
  return new UsageError(sentence(message), { hint });
}

function buildProgram(
  surroundings: Surroundings,
  session: () => Session,
  done: (code: number) => void,
): Command {
  const program = new Command("af");
  program
    .description("Run agent workflows that survive crashes, and look at them.")
    .version(manifest.version, "-V, --version", "Print the version.")
    .helpOption("-h, --help", "Show help.")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => surroundings.stdout.write(text),
      // Commander's own words are turned into a UsageError; only the help of a bare `af` comes this way.
      writeErr: () => undefined,
      getOutHelpWidth: () => surroundings.stdout.columns ?? 80,
      getOutHasColors: () => false,
    });
  for (const option of globalOptions) program.addOption(commanderOption(option));
  for (const spec of commands) addCommand(program, spec, session, done);
  program.addHelpText("after", helpEpilogue(undefined));
  return program;
}

// The flags that decide how an error is printed are needed before, and also when, parsing fails.
function openOutput(words: readonly string[], surroundings: Surroundings): Output {
  const end = words.indexOf("--");
  const flags = end === -1 ? words : words.slice(0, end);
  const at = flags.findIndex((word) => word === "--color" || word.startsWith("--color="));
  const flag = flags[at]?.includes("=") ? flags[at].slice("--color=".length) : flags[at + 1];
  const chooses = (stream: TextStream): boolean =>
    choosesColor({
      flag: at === -1 ? undefined : flag,
      environment: surroundings.environment,
      terminal: stream.isTTY === true,
    });
  return new Output({
    stdout: surroundings.stdout,
    stderr: surroundings.stderr,
    json: flags.includes("--json"),
    colorStdout: chooses(surroundings.stdout),
    colorStderr: chooses(surroundings.stderr),
  });
}

/** Runs one command line, without the program's name, and gives the exit code. Never throws for what a user can do. */
export async function runCommandLine(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const output = openOutput(words, surroundings);
  let code: number = exitCodes.ok;
  const session = (): Session => ({ ...surroundings, output });
  const program = buildProgram(surroundings, session, (result) => {
    code = result;
  });
  if (words.length === 0) {
    output.note(program.helpInformation());
    return exitCodes.usage;
  }
  try {
    await program.parseAsync([...words], { from: "user" });
    // A stream tells of an error one turn after the write.
    await setImmediate();
    if (output.lostBy === undefined) return code;
    output.note(`error: standard output cannot be written: ${output.lostBy.message}`);
    return code === exitCodes.ok ? exitCodes.runFailed : code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportError(error, output);
    if (error.exitCode === 0) return exitCodes.ok;
    return reportError(usageError(error), output);
  }
}
