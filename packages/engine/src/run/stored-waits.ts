import type { WaitChanges, WaitKey, WaitRow } from "@agentflow/core";
import type { StepTask } from "../step/step-task.ts";

/**
 * What the steps of a run wait for, as the store is to know it: changes go with the next commit (S13).
 *
 * 1. A wait that begins is stored with the commit that rests the run, at the latest; one that ends, with the commit of
 *    what ended it.
 * 2. What an earlier owner stored is not known here: a restored step stores its waits again, and ends all it ever began.
 */
export class StoredWaits {
  readonly #stored = new Map<StepTask, Map<number, WaitRow>>();
  #begun = new Map<string, WaitRow>();
  #ended = new Map<string, WaitKey>();
  #none = false;
  /** Rows of this run may be in the store. */
  #mayHoldAny: boolean;

  constructor(isRestored: boolean) {
    this.#mayHoldAny = isRestored;
  }

  begin(task: StepTask, wait: Pick<WaitRow, "entry" | "kind" | "key" | "at" | "deadline">): void {
    const known = this.#stored.get(task) ?? new Map<number, WaitRow>();
    const { entry, kind, key, at, deadline } = wait;
    if (known.has(entry)) return;
    const row: WaitRow = { ...placeOf(task), entry, kind, key, at, deadline };
    this.#stored.set(task, known.set(wait.entry, row));
    this.#mayHoldAny = true;
    this.#ended.delete(keyOf(row));
    this.#begun.set(keyOf(row), row);
  }

  /** The step waits no longer for what it asked with this entry of its journal. */
  end(task: StepTask, entry: number): void {
    if (!this.#mayHoldAny) return;
    const key = { ...placeOf(task), entry };
    this.#stored.get(task)?.delete(entry);
    this.#begun.delete(keyOf(key));
    this.#ended.set(keyOf(key), key);
  }

  /** The step has ended, or its attempt has: it waits for nothing. */
  endAll(task: StepTask): void {
    if (!this.#mayHoldAny || !task.hasJournal) return;
    const began = task.journal.entries.filter(({ kind }) => kind === "interrupt" || kind === "wait");
    for (const { index } of began) this.end(task, index);
  }

  /** The run has ended. */
  clear(): void {
    this.#none = this.#mayHoldAny;
    this.#begun = new Map();
    this.#ended = new Map();
  }

  /** The changes since they were last taken. */
  take(): WaitChanges | undefined {
    if (this.#begun.size + this.#ended.size === 0 && !this.#none) return undefined;
    const changes = { begun: [...this.#begun.values()], ended: [...this.#ended.values()] };
    const none = this.#none;
    this.#begun = new Map();
    this.#ended = new Map();
    this.#none = false;
    return none ? { ...changes, none } : changes;
  }
}

function placeOf({ place }: StepTask): Omit<WaitKey, "entry"> {
  return { scope: place.scopePath, superstep: place.superstep, ordinal: place.ordinal };
}

function keyOf({ scope, superstep, ordinal, entry }: WaitKey): string {
  return `${superstep} ${ordinal} ${entry} ${scope}`;
}
