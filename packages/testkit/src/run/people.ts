import type { Json, OpenInterrupt } from "@agentflow/core";
import { SequenceScript } from "../io/scripts.ts";
import { type Duration, milliseconds } from "../time/duration.ts";

/** An interrupt that a run waits for. */
export interface AskedQuestion {
  /** `stepId#name[nth]`. */
  readonly id: string;
  readonly name: string;
  readonly node: string;
  readonly payload: Json;
}

/** What answers an interrupt: a value, a function of what is asked, or a `sequence` of these, one a question. */
export type AnswerScript = Json | ((asked: AskedQuestion) => Json) | SequenceScript;

/** Answers by the id of the interrupt, or by its name. */
export type AnswerScripts = Readonly<Record<string, AnswerScript>>;

/** An event that is sent to the run: at once, or so long after its start. */
export interface ScriptedSignal {
  readonly key: string;
  readonly value?: Json;
  readonly after?: Duration;
}

/** The people around one run: what they answer and send. Each answer and each event goes out once. */
export class People {
  readonly #answers: AnswerScripts;
  readonly #next = new Map<SequenceScript, number>();
  readonly #given = new Map<string, Json>();
  #signals: readonly ScriptedSignal[];

  constructor(answers: AnswerScripts = {}, signals: readonly ScriptedSignal[] = []) {
    this.#answers = answers;
    this.#signals = [...signals].sort((one, other) => dueMs(one) - dueMs(other));
  }

  /** Whether they may still have something to say. */
  get isSilent(): boolean {
    return this.#signals.length === 0 && Object.keys(this.#answers).length === 0;
  }

  /** The answer to a question, the same whenever it is asked; undefined if they have none. */
  answerTo(asked: AskedQuestion): Json | undefined {
    const known = this.#given.get(asked.id);
    if (known !== undefined) return known;
    const answer = this.#find(this.#answers[asked.id] ?? this.#answers[asked.name], asked);
    if (answer !== undefined) this.#given.set(asked.id, answer);
    return answer;
  }

  /** When the events that have not gone out do, in milliseconds after the start of the run, soonest first. */
  get signalTimesMs(): readonly number[] {
    return this.#signals.map(dueMs);
  }

  /** Takes the events that are due. */
  takeSignals(elapsedMs: number): readonly ScriptedSignal[] {
    const due = this.#signals.filter((signal) => dueMs(signal) <= elapsedMs);
    this.#signals = this.#signals.slice(due.length);
    return due;
  }

  #find(script: AnswerScript | undefined, asked: AskedQuestion): Json | undefined {
    if (typeof script === "function") return script(asked);
    if (!(script instanceof SequenceScript)) return script;
    const place = this.#next.get(script) ?? 0;
    this.#next.set(script, place + 1);
    return this.#find(script.answers[place] as AnswerScript | undefined, asked);
  }
}

/** What is asked, of a row that says so; its payload is given where it is stored apart. */
export function questionOf({ id, name, node }: OpenInterrupt, payload: string): AskedQuestion {
  return { id, name, node, payload: JSON.parse(payload) as Json };
}

function dueMs({ after = 0 }: ScriptedSignal): number {
  return milliseconds(after);
}
