import type { JournalEntry, JournalKind } from "@agentflow/core";
import { RecordedOrder } from "./recorded-order.ts";

/** Resolves for the entries that a commit makes durable. */
export interface DurableMark {
  readonly isDurable: boolean;
  whenDurable(): Promise<void>;
}

/** Which entry of an earlier execution a call met, if any, and the place a new one takes. */
export interface Call {
  readonly nth: number;
  readonly index: number;
  readonly found: JournalEntry | undefined;
}

/**
 * The journal of one step over its attempts (S8, S9): what was recorded, and which calls the running attempt has met.
 *
 * 1. Calls get their index in the order in which they start; a re-execution gives a new call the first index that no
 *    recorded one of its attempt has, so that calls which overlap never share one.
 * 2. An attempt meets entries of its own and the successes of earlier attempts; with `io: "fresh"` only its own.
 */
export class StepJournal {
  readonly #entries: JournalEntry[];
  readonly #byCall = new Map<string, JournalEntry>();
  readonly #counts = new Map<string, number>();
  readonly #met = new Set<JournalEntry>();
  /** Indexes of the running attempt that recorded entries have. */
  readonly #taken = new Set<number>();
  #attempt = 1;
  #isFresh = false;
  #order: RecordedOrder | undefined;
  #next = 0;
  /** The commit that holds the newest entry; undefined while there is none. */
  mark: DurableMark | undefined;

  constructor(recorded: readonly JournalEntry[]) {
    this.#entries = [...recorded].sort((a, b) => a.attempt - b.attempt);
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Entries of the running attempt that no call has met: code that has changed since they were recorded. */
  get unmet(): readonly JournalEntry[] {
    return this.#entries.filter((entry) => entry.attempt === this.#attempt && !this.#met.has(entry));
  }

  /** Starts (or starts again) the execution of an attempt. */
  begin(attempt: number, isFresh: boolean): void {
    this.#attempt = attempt;
    this.#isFresh = isFresh;
    this.#counts.clear();
    this.#met.clear();
    this.#byCall.clear();
    this.#taken.clear();
    this.#order = undefined;
    this.#next = 0;
    for (const entry of this.#entries) {
      if (entry.attempt < attempt) this.#next = Math.max(this.#next, entry.index + 1);
      else this.#taken.add(entry.index);
      if (this.#isUsable(entry))
        this.#byCall.set(keyOf(groupOf(entry.kind), entry.name, entry.inputHash, entry.nth), entry);
    }
  }

  /** Undefined if a call that met this entry may end now, else resolves when it may. */
  turnOf(entry: JournalEntry): Promise<void> | undefined {
    this.#order ??= new RecordedOrder(this.#entries.filter((known) => this.#isUsable(known)));
    return this.#order.turnOf(entry);
  }

  /** Numbers a call and finds its recorded entry. */
  call(kind: JournalKind, name: string, inputHash: string): Call {
    const group = groupOf(kind);
    const countKey = `${group}\u0000${name}\u0000${inputHash}`;
    const nth = this.#counts.get(countKey) ?? 0;
    this.#counts.set(countKey, nth + 1);
    const found = this.#byCall.get(keyOf(group, name, inputHash, nth));
    if (found !== undefined) {
      this.#met.add(found);
      return { nth, index: found.index, found };
    }
    while (this.#taken.has(this.#next)) this.#next++;
    return { nth, index: this.#next++, found };
  }

  add(entry: JournalEntry): void {
    this.#entries.push(entry);
    this.#met.add(entry);
  }

  #isUsable(entry: JournalEntry): boolean {
    if (entry.attempt === this.#attempt) return true;
    return !this.#isFresh && entry.kind !== "ioError" && entry.attempt < this.#attempt;
  }
}

function groupOf(kind: JournalKind): string {
  return kind === "ioError" || kind === "tx" ? "io" : kind;
}

function keyOf(group: string, name: string, inputHash: string, nth: number): string {
  return `${group}\u0000${name}\u0000${inputHash}\u0000${nth}`;
}
