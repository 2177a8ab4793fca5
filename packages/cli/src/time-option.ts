import { UsageError } from "@agentflow/core";
import { textOption } from "./command-configuration.ts";
import type { CommandInput } from "./spec/command-spec.ts";

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** How long something is, such as 90m or 30d, in milliseconds; undefined if the option was not given. Throws UsageError. */
export function durationOption(input: CommandInput, name: string, flag = name): number | undefined {
  const given = textOption(input, name);
  if (given === undefined) return undefined;
  const durationMs = durationOf(given);
  if (durationMs !== undefined) return durationMs;
  throw new UsageError(`--${flag} is ${JSON.stringify(given)}.`, {
    hint: "Give a whole number and a unit: 45s, 90m, 12h, 30d or 8w.",
  });
}

/**
 * A time given as an option, in milliseconds since the epoch: a date, a time, which is in UTC unless it says otherwise,
 * or how long ago it was. Throws UsageError.
 */
export function timeOption(input: CommandInput, name: string, now: number): number | undefined {
  const given = textOption(input, name);
  if (given === undefined) return undefined;
  const agoMs = durationOf(given);
  if (agoMs !== undefined) return now - agoMs;
  const time = timeOf(given);
  if (!Number.isNaN(time)) return time;
  throw new UsageError(`--${name} is ${JSON.stringify(given)}.`, {
    hint: "Give a date or time, such as 2026-11-20 or 2026-11-20T08:30Z, or how long ago it was: 90m, 12h, 30d.",
  });
}

/** A whole number and a unit, such as 90m, in milliseconds; undefined for anything else. */
export function durationOf(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  return count === undefined || unit === undefined ? undefined : Number(count) * (unitMs[unit] ?? Number.NaN);
}

function timeOf(text: string): number {
  const [, date, time, zone] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  return date === undefined ? Number.NaN : Date.parse(`${date}T${time ?? "00:00"}${zone ?? "Z"}`);
}
