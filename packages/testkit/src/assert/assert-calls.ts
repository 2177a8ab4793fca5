import { isDeepStrictEqual } from "node:util";
import type { Json } from "@agentflow/core";
import type { MadeCall } from "../io/scripted-calls.ts";
import { differing } from "./differing.ts";

/** An outside call as a test expects it: its name, and its input where that matters. */
export type ExpectedCall = string | readonly [name: string, input: Json];

/**
 * Asserts which outside calls a run made, all of them and in this order; a call that was tried again is there again.
 * Throws AssertionError.
 */
export function assertCalls(
  run: { readonly calls: readonly MadeCall[] },
  expected: readonly ExpectedCall[],
): void {
  compare("outside calls", run.calls, expected);
}

/**
 * Asserts which effects a run had outside, all of them and in this order: the calls declared as `effect`, each once
 * however often it was tried, since a repetition has the same idempotency key (S8). Throws AssertionError.
 */
export function assertEffects(
  run: { readonly effects: readonly MadeCall[] },
  expected: readonly ExpectedCall[],
): void {
  compare("effects", run.effects, expected);
}

function compare(what: string, made: readonly MadeCall[], expected: readonly ExpectedCall[]): void {
  const actual = made.map(
    ({ name, input }, place): ExpectedCall => (typeof expected[place] === "string" ? name : [name, input]),
  );
  const [found, wanted] = [plain(actual), plain(expected)];
  if (isDeepStrictEqual(found, wanted)) return;
  throw differing({ title: titleOf(what, made.length, expected.length), actual: found, expected: wanted });
}

function titleOf(what: string, made: number, expected: number): string {
  if (made !== expected) return `The run made ${made} ${what} instead of ${expected}.`;
  return `The ${what} of the run are others, or in another order.`;
}

/** State and inputs are frozen and without a prototype in places; what is compared is the JSON. */
function plain(calls: readonly ExpectedCall[]): unknown {
  return JSON.parse(JSON.stringify(calls));
}
