import { UsageError } from "@agentflow/core";
import { textOption } from "./command-configuration.ts";
import type { CommandInput } from "./spec/command-spec.ts";

/** A whole number given as an option, or `fallback`. Throws UsageError that names the range. */
export function numberOption(
  input: CommandInput,
  name: string,
  range: { readonly fallback: number; readonly min: number; readonly max: number },
): number {
  const given = textOption(input, name);
  if (given === undefined) return range.fallback;
  const number = Number(given);
  if (/^\d+$/.test(given) && number >= range.min && number <= range.max) return number;
  throw new UsageError(`--${name} is ${JSON.stringify(given)}.`, {
    hint: `Give a whole number from ${range.min} to ${range.max}.`,
  });
}
