import { isDeepStrictEqual } from "node:util";
import { invariant, type Json } from "@agentflow/core";
import type { Execution } from "./scenario.ts";

/** What two executions differ in, in words, and as data for who shows differences. */
export interface Difference {
  readonly text: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/**
 * What an execution differs in from the one that nothing disturbed; undefined if it is the same in all that must not
 * depend on what happened. A run that fails need not fail at the same steps: which had begun depends on the moment (S11).
 */
export function differenceOf(expected: Execution, actual: Execution): Difference | undefined {
  if (actual.trouble !== undefined)
    return { text: actual.trouble.text, expected: undefined, actual: actual.trouble.error };
  const [before, after] = [expected.picture, actual.picture];
  invariant(before !== undefined && after !== undefined, "an execution without trouble has a picture");
  if (before.status !== after.status) {
    const why = actual.run.failure === undefined ? "" : `: ${actual.run.failure.message}`;
    return {
      text: `The run is ${after.status} instead of ${before.status}${why}`,
      expected: before.status,
      actual: after.status,
    };
  }
  if (isDeepStrictEqual(before, after) || before.status === "failed") return undefined;
  if (expected.hasFlow) return stateDifference(expected, actual);
  return (
    stateDifference(expected, actual) ??
    logDifference(before.log, after.log) ??
    rowsDifference(expected, actual)
  );
}

function stateDifference(
  { run: { state: before } }: Execution,
  { run: { state: after } }: Execution,
): Difference | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const fields = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  if (fields.length === 0) return undefined;
  const lines = fields.map(
    (name) => `state.${name} is ${shown(after[name])} instead of ${shown(before[name])}`,
  );
  return { text: lines.join("\n"), expected: before, actual: after };
}

function logDifference(before: string, after: string): Difference | undefined {
  const [expected, actual] = [before.split("\n"), after.split("\n")];
  const place = expected.findIndex((line, index) => line !== actual[index]);
  if (place === -1) return undefined;
  const text = `The canonical log differs in line ${place + 1}:\n  ${actual[place]}\ninstead of\n  ${expected[place]}`;
  return { text, expected: expected[place], actual: actual[place] };
}

function rowsDifference(expected: Execution, actual: Execution): Difference {
  return { text: "The committed rows differ.", expected: expected.picture, actual: actual.picture };
}

function shown(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
