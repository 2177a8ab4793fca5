import type { ArgumentSpec, CommandSpec, OptionSpec } from "./spec/command-spec.ts";
import { commandGroups, commands } from "./spec/commands.ts";
import { globalOptions } from "./spec/shared-options.ts";

/** Shells that completions are made for. */
export const shells = ["bash", "zsh", "fish"] as const;

/** A shell that completions are made for. */
export type Shell = (typeof shells)[number];

/** The first words of commands, each with the summary of the command or group. */
function firstWords(): [word: string, summary: string][] {
  const words = commands.map(({ name, summary }): [string, string] => {
    const [first = "", second] = name.split(" ");
    return [first, second === undefined ? summary : (commandGroups[first] ?? "")];
  });
  return [...new Map(words)];
}

/** The commands of a group by their second word. */
function membersOf(group: string): readonly (readonly [word: string, command: CommandSpec])[] {
  return commands.flatMap((command) => {
    const [first, second] = command.name.split(" ");
    return first === group && second !== undefined ? [[second, command] as const] : [];
  });
}

function optionsOf(command: CommandSpec): readonly OptionSpec[] {
  return [...command.options, ...globalOptions];
}

function valueWords({ choices, completes }: OptionSpec): string {
  if (choices !== undefined) return `COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$word"))`;
  if (completes === "file") return 'COMPREPLY=($(compgen -f -- "$word"))';
  if (completes === "directory") return 'COMPREPLY=($(compgen -d -- "$word"))';
  return "COMPREPLY=()";
}

function argumentWords(argument: ArgumentSpec | undefined): string {
  const completes = argument?.completes;
  if (completes === undefined) return "COMPREPLY=()";
  if (completes === "file") return 'COMPREPLY=($(compgen -f -- "$word"))';
  if (completes === "directory") return 'COMPREPLY=($(compgen -d -- "$word"))';
  return `COMPREPLY=($(compgen -W "${completes.join(" ")}" -- "$word"))`;
}

function bashCommand(command: CommandSpec): string {
  const options = optionsOf(command);
  const values = options
    .filter(({ value }) => value !== undefined && !value.startsWith("["))
    .map((option) => {
      const flags = option.short === undefined ? "" : `|-${option.short}`;
      return `        --${option.name}${flags}) ${valueWords(option)}; return ;;`;
    });
  const words = options.map((option) => `--${option.name}`);
  return [
    `    '${command.name}')`,
    '      case "$before" in',
    ...values,
    "      esac",
    `      if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "${words.join(" ")} --help" -- "$word"))`,
    `      else ${argumentWords(command.arguments[0])}; fi ;;`,
  ].join("\n");
}

function bash(): string {
  const names = firstWords().map(([word]) => word);
  const groups = Object.keys(commandGroups).map((group) => {
    const members = membersOf(group).map(([word]) => word);
    return `  if [[ "$name" == ${group} ]]; then
    if [[ $COMP_CWORD -eq 2 ]]; then
      COMPREPLY=($(compgen -W "${members.join(" ")} --help" -- "$word"))
      return
    fi
    name="$name \${COMP_WORDS[2]}"
  fi`;
  });
  return `# bash completion of af: eval "$(af completions bash)"
_af() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${names.join(" ")} --help --version" -- "$word"))
    return
  fi
  local name="\${COMP_WORDS[1]}"
${groups.join("\n")}
  case "$name" in
${commands.map(bashCommand).join("\n")}
  esac
}
complete -o filenames -F _af af
`;
}

function zshText(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, "\\$&");
}

function zshAction(completes: ArgumentSpec["completes"]): string {
  if (completes === "file") return "_files";
  if (completes === "directory") return "_files -/";
  return completes === undefined ? " " : `(${completes.join(" ")})`;
}

function zshOption(option: OptionSpec): string {
  const { name, short, value, choices, completes, describes, repeatable } = option;
  const message = `[${zshText(describes)}]`;
  const action = value?.startsWith("[") === false ? `:${value}:${zshAction(choices ?? completes)}` : "";
  const star = repeatable ? "*" : "";
  if (short === undefined) return `'${star}--${name}${message}${action}'`;
  return `'(-${short} --${name})'{-${short},--${name}}'${message}${action}'`;
}

function zshCommand(command: CommandSpec): string {
  const options = optionsOf(command).map(zshOption);
  const positions = command.arguments.map(
    ({ name, completes, variadic }) => `'${variadic ? "*" : ""}:${name}:${zshAction(completes)}'`,
  );
  return `    '${command.name}') _arguments ${[...options, ...positions].join(" ")} ;;`;
}

function zsh(): string {
  const described = (word: string, summary: string): string => `'${word}:${zshText(summary)}'`;
  const names = firstWords().map(([word, summary]) => described(word, summary));
  const groups = Object.keys(commandGroups).map((group) => {
    const members = membersOf(group).map(([word, { summary }]) => described(word, summary));
    return `  if [[ $name == ${group} ]]; then
    if (( CURRENT == 2 )); then
      names=(${members.join(" ")})
      _describe command names
      return
    fi
    name="$name \${words[2]}"
    shift words
    (( CURRENT-- ))
  fi`;
  });
  return `#compdef af
# zsh completion of af: af completions zsh > "\${fpath[1]}/_af"
_af() {
  local -a names
  names=(${names.join(" ")})
  if (( CURRENT == 2 )); then
    _describe command names
    return
  fi
  local name=\${words[2]}
  shift words
  (( CURRENT-- ))
${groups.join("\n")}
  case $name in
${commands.map(zshCommand).join("\n")}
  esac
}
compdef _af af
`;
}

function fishText(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function fishValues(completes: ArgumentSpec["completes"]): string {
  if (completes === "file") return " -r -F";
  if (completes === "directory") return " -x -a '(__fish_complete_directories)'";
  return completes === undefined ? " -x" : ` -x -a '${completes.join(" ")}'`;
}

function fishOffer([first = "", second]: readonly string[], summary: string): string {
  const text = fishText(summary);
  if (second === undefined) return `complete -c af -n __fish_use_subcommand -a ${first} -d ${text}`;
  const others = membersOf(first).map(([word]) => word);
  const bare = `__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${others.join(" ")}`;
  return `complete -c af -n '${bare}' -x -a ${second} -d ${text}`;
}

function fishCommand(command: CommandSpec): string[] {
  const words = command.name.split(" ");
  const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
  const used = `-n '${seen}'`;
  const options = optionsOf(command).map(({ name, short, value, choices, completes, describes }) => {
    const flags = short === undefined ? `-l ${name}` : `-s ${short} -l ${name}`;
    const takes = value?.startsWith("[") === false ? fishValues(choices ?? completes) : "";
    return `complete -c af ${used} ${flags}${takes} -d ${fishText(describes)}`;
  });
  const first = command.arguments[0]?.completes;
  const argument =
    first === undefined ? [] : [`complete -c af ${used}${fishValues(first).replace(" -r", "")}`];
  return [fishOffer(words, command.summary), ...options, ...argument];
}

function fish(): string {
  const groups = Object.entries(commandGroups).map(([group, summary]) => fishOffer([group], summary));
  const lines = ["complete -c af -f", ...groups, ...commands.flatMap(fishCommand)];
  return `# fish completion of af: af completions fish > ~/.config/fish/completions/af.fish\n${lines.join("\n")}\n`;
}

/** Writes the completion script of a shell, made from the command spec. */
export function completionScript(shell: Shell): string {
  switch (shell) {
    case "bash":
      return bash();
    case "zsh":
      return zsh();
    case "fish":
      return fish();
  }
}
