import {
  type CallInterceptor,
  type Json,
  type NodeCall,
  type OutsideCall,
  UnscriptedIoError,
} from "@agentflow/core";
import { milliseconds } from "../time/duration.ts";
import { type IoScript, type IoScripts, LateScript, real, SequenceScript, ThrowScript } from "./scripts.ts";

/** An outside call that a run made. */
export interface MadeCall {
  readonly runId: string;
  readonly stepId: string;
  readonly node: string;
  readonly attempt: number;
  readonly name: string;
  readonly input: Json;
  /** Declared as `effect`. */
  readonly effect: boolean;
  readonly idempotencyKey: string;
}

/** Which answer of a sequence each try of a call got: what a repetition gets again. */
export class GivenAnswers {
  readonly #byTry = new Map<string, number>();
  readonly #next = new Map<SequenceScript, number>();

  /** The place of the answer, from 0. */
  placeOf(script: SequenceScript, tryKey: string): number {
    const known = this.#byTry.get(tryKey);
    if (known !== undefined) return known;
    const place = this.#next.get(script) ?? 0;
    this.#next.set(script, place + 1);
    this.#byTry.set(tryKey, place);
    return place;
  }
}

/**
 * The outside of runs under test: answers their calls by scripts and keeps what they asked.
 *
 * 1. An effect is made for real only where the scripts say so.
 * 2. A repetition of a try, after a crash, gets the answer of the first one.
 */
export class ScriptedCalls implements CallInterceptor {
  /** The calls made so far, in order; a call that is tried again is made again. */
  readonly made: MadeCall[] = [];
  /** Steps whose function has begun and not ended, waiting ones included. */
  readonly begun = new Set<string>();
  /** The first call that the scripts have no answer for: the test is wrong, whatever the workflow makes of the error. */
  unscripted: UnscriptedIoError | undefined;
  /** Answers that something real is at work on. */
  underWay = 0;
  readonly #scripts: IoScripts;
  readonly #given: GivenAnswers;
  readonly #wait: (ms: number) => Promise<void>;
  /** Tries of each call by the execution at hand of its attempt. */
  readonly #tries = new Map<string, number>();

  constructor(
    scripts: IoScripts | "real",
    {
      given = new GivenAnswers(),
      wait,
    }: { given?: GivenAnswers | undefined; wait: (ms: number) => Promise<void> },
  ) {
    this.#scripts = scripts === "real" ? { "*": real } : scripts;
    this.#given = given;
    this.#wait = wait;
  }

  node({ stepId, attempt }: NodeCall, proceed: () => unknown): unknown {
    for (const key of this.#tries.keys())
      if (key.startsWith(`${stepId} ${attempt} `)) this.#tries.delete(key);
    this.begun.add(stepId);
    return this.#tellEnd(proceed, () => this.begun.delete(stepId));
  }

  io(call: OutsideCall, proceed: () => unknown): unknown {
    const { runId, stepId, node, attempt, name, input, effect, idempotencyKey } = call;
    this.made.push({ runId, stepId, node, attempt, name, input, effect, idempotencyKey });
    const key = `${stepId} ${attempt} ${idempotencyKey}`;
    const nth = this.#tries.get(key) ?? 0;
    this.#tries.set(key, nth + 1);
    const script = Object.hasOwn(this.#scripts, name) ? this.#scripts[name] : this.#scripts["*"];
    return this.#answer(script, { call, proceed, tryKey: `${name} ${key} ${nth}` });
  }

  #answer(script: IoScript | undefined, asked: Asked): unknown {
    const { call, proceed, tryKey } = asked;
    if (script === undefined && call.effect) throw this.#noted(unscripted(call));
    if (script === undefined || script === real) return this.#counted(proceed);
    if (typeof script === "function") return this.#counted(() => script(call.input, call));
    if (script instanceof ThrowScript) throw script.error;
    if (script instanceof LateScript) return this.#answerLate(script, asked);
    if (!(script instanceof SequenceScript)) return script;
    const place = this.#given.placeOf(script, tryKey);
    if (place >= script.answers.length) throw this.#noted(usedUp(call, script));
    return this.#answer(script.answers[place], { ...asked, tryKey: `${tryKey} ${place}` });
  }

  #noted(error: UnscriptedIoError): UnscriptedIoError {
    this.unscripted ??= error;
    return error;
  }

  async #answerLate({ after, answer }: LateScript, asked: Asked): Promise<unknown> {
    await this.#wait(milliseconds(after));
    return this.#answer(answer, asked);
  }

  #counted(make: () => unknown): unknown {
    this.underWay++;
    return this.#tellEnd(make, () => this.underWay--);
  }

  #tellEnd(make: () => unknown, ended: () => void): unknown {
    let result: unknown;
    try {
      result = make();
    } catch (error) {
      ended();
      throw error;
    }
    if (result instanceof Promise) result.then(ended, ended);
    else ended();
    return result;
  }
}

interface Asked {
  readonly call: OutsideCall;
  readonly proceed: () => unknown;
  readonly tryKey: string;
}

function unscripted({ name, stepId, input }: OutsideCall): UnscriptedIoError {
  return new UnscriptedIoError(`${stepId} makes the effect "${name}", which the test does not answer.`, {
    hint: `Give the test \`io: { ${JSON.stringify(name)}: ... }\`, a value or a function; \`real\` calls the outside.`,
    context: { name, stepId, input },
  });
}

function usedUp({ name, stepId }: OutsideCall, { answers }: SequenceScript): UnscriptedIoError {
  const count = answers.length === 1 ? "1 answer" : `${answers.length} answers`;
  return new UnscriptedIoError(`${stepId} calls "${name}" once more than its sequence of ${count} allows.`, {
    hint: `Add an answer to the sequence of ${JSON.stringify(name)}, or find out who makes the call too many.`,
    context: { name, stepId, answers: answers.length },
  });
}
