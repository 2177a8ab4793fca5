/** What decides whether colour is printed. */
export interface ColorSources {
  readonly flag: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: boolean;
}

/**
 * Whether to print colour: --color wins, then NO_COLOR (https://no-color.org), then FORCE_COLOR, then whether there is a
 * terminal that shows it.
 */
export function choosesColor(sources: ColorSources): boolean {
  const { flag, environment, terminal } = sources;
  if (flag === "always") return true;
  if (flag === "never") return false;
  if (environment["NO_COLOR"]) return false;
  const force = environment["FORCE_COLOR"];
  if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  return terminal && environment["TERM"] !== "dumb";
}
