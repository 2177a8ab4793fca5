import type { Session } from "../session.ts";

/** A positional argument of a command. */
export interface ArgumentSpec {
  readonly name: string;
  readonly describes: string;
  readonly optional?: boolean;
  readonly variadic?: boolean;
  /** What a shell offers to complete it. */
  readonly completes?: "file" | "directory" | readonly string[];
}

/** An option of a command; `value` is the placeholder of what it takes, `[value]` if that may be left out. */
export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly describes: string;
  readonly repeatable?: boolean;
  readonly completes?: "file" | "directory";
}

/** A line to try and what it does. */
export interface ExampleSpec {
  readonly line: string;
  readonly does: string;
}

/** What was given on the command line: positional arguments by name, options by their camel-case name. */
export interface CommandInput {
  readonly arguments: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** Does the work of a command and returns the exit code. */
export type CommandHandler = (input: CommandInput, session: Session) => Promise<number>;

/** One command: help, completions, the manual and the parser are all made from this. */
export interface CommandSpec {
  /** One word, or a group and a word: `analytics test`. */
  readonly name: string;
  readonly summary: string;
  /** What `--help` says below the summary, one paragraph each. */
  readonly describes: readonly string[];
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  readonly examples: readonly ExampleSpec[];
  /** Loaded only when the command is used, so that the others cost nothing at start. */
  readonly load: () => Promise<CommandHandler>;
}
