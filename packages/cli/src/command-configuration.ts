import { withoutPassword } from "@agentflow/core";
import { type Configuration, loadConfiguration, type SettingKey } from "@agentflow/runtime";
import type { Session } from "./session.ts";
import type { CommandInput } from "./spec/command-spec.ts";

/** Settings that commands take as flags, by the camel-case name of the flag. */
const flagged: readonly SettingKey[] = [
  "store",
  "durability",
  "tenant",
  "runsDirectory",
  "maxConcurrent",
  "metricsPort",
];

/** Loads the configuration with the flags of a command. Throws ConfigError (RUN-40). */
export function commandConfiguration(input: CommandInput, session: Session): Promise<Configuration> {
  const given = flagged.map((key) => [key, input.options[key]]).filter(([, value]) => value !== undefined);
  const file = input.options["config"];
  return loadConfiguration({
    flags: Object.fromEntries(given),
    environment: session.environment,
    directory: session.directory,
    file: typeof file === "string" ? file : undefined,
  });
}

/** The text of an option, or undefined if it was not given. */
export function textOption(input: CommandInput, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === "string" ? value : undefined;
}

/** The texts of an option that may be given several times. */
export function listOption(input: CommandInput, name: string): readonly string[] {
  const value = input.options[name];
  return Array.isArray(value) ? value : [];
}

/** The text of an argument that the parser has made sure of. */
export function textArgument(input: CommandInput, name: string): string {
  return String(input.arguments[name]);
}

/** Flags that a follow-up command needs to find the same run: those given here, not what the environment says. */
export function followUpFlags(configuration: Configuration): string {
  const wanted: readonly [SettingKey, string][] = [
    ["store", "--store"],
    ["tenant", "--tenant"],
  ];
  return wanted
    .flatMap(([key, flag]) => {
      const value = configuration.values.find((each) => each.key === key);
      return value?.source === "flag" ? [` ${flag} ${quoted(withoutPassword(String(value.value)))}`] : [];
    })
    .join("");
}

/** A word as a POSIX shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
