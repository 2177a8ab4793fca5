import type { Json, OutsideCall } from "@agentflow/core";
import type { Duration } from "../time/duration.ts";

/** Answers an outside call in place of the function that the workflow gave to `ctx.io`; what it throws is thrown there. */
export type IoFunction = {
  // Written as a method, so that a function may name the type of the input that it expects.
  answer(input: unknown, call: OutsideCall): unknown;
}["answer"];

/** What answers the outside calls of one name: a JSON value, a function, or one of the scripts below. */
export type IoScript = Json | IoFunction | SequenceScript | ThrowScript | LateScript | typeof real;

/** What answers outside calls, by their name; `"*"` stands for all names that are not given. */
export type IoScripts = Readonly<Record<string, IoScript>>;

/** The function that the workflow gave to `ctx.io` is called. */
export const real: unique symbol = Symbol("agentflow.testing.real");

/** Made by `sequence`. */
export class SequenceScript {
  readonly answers: readonly IoScript[];

  constructor(answers: readonly IoScript[]) {
    this.answers = answers;
  }
}

/** Made by `throws`. */
export class ThrowScript {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** Made by `late`. */
export class LateScript {
  readonly after: Duration;
  readonly answer: IoScript;

  constructor(after: Duration, answer: IoScript) {
    this.after = after;
    this.answer = answer;
  }
}

/**
 * One answer a call, in the order of the calls; a call beyond the last one fails. A call that is repeated after a crash
 * gets its answer again.
 */
export function sequence(...answers: readonly IoScript[]): SequenceScript {
  return new SequenceScript(answers);
}

/** The call fails with this error, or with an error of this message. */
export function throws(error: Error | string): ThrowScript {
  return new ThrowScript(typeof error === "string" ? new Error(error) : error);
}

/** The answer comes after this time of the test's clock. */
export function late(after: Duration, answer: IoScript): LateScript {
  return new LateScript(after, answer);
}
