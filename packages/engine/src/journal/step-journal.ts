import type { JournalEntry, JournalKind } from "@agentflow/core";
import { Turns } from "./turns.ts";

/** Resolves for the entries that a commit makes durable. */
export interface DurableMark {
  readonly isDurable: boolean;
  whenDurable(): Promise<void>;
}

/**
 * What the calls of a step end with, in the order in which they were recorded: an entry, or, in a flow, the outcome of
 * the steps that a call stands for, which is in their rows.
 */
export type Ending = JournalEntry | { readonly kind: "call"; readonly attempt: number };

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
  #turns: Turns | undefined;
  /** All endings in recorded order, where they are not all entries: in a flow. */
  #order: Ending[] | undefined;
  #next = 0;
  /** The commit that holds the newest entry; undefined while there is none. */
  mark: DurableMark | undefined;

  constructor(recorded: readonly JournalEntry[]) {
    this.#entries = [...recorded].sort((a, b) => a.attempt - b.attempt);
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /**
   * Entries of the running attempt that no call has met: code that has changed since they were recorded. What calls of
   * models took is met by none.
   */
  get unmet(): readonly JournalEntry[] {
    const isOwn = (entry: JournalEntry): boolean => entry.attempt === this.#attempt && entry.kind !== "model";
    return this.#entries.filter((entry) => isOwn(entry) && !this.#met.has(entry));
  }

  /** Starts (or starts again) the execution of an attempt. */
  begin(attempt: number, isFresh: boolean): void {
    this.#attempt = attempt;
    this.#isFresh = isFresh;
    this.#counts.clear();
    this.#met.clear();
    this.#byCall.clear();
    this.#taken.clear();
    this.#turns = undefined;
    this.#next = 0;
    for (const entry of this.#entries) {
      if (entry.attempt < attempt) this.#next = Math.max(this.#next, entry.index + 1);
      else this.#taken.add(entry.index);
      if (this.#isUsable(entry))
        this.#byCall.set(keyOf(groupOf(entry.kind), entry.name, entry.inputHash, entry.nth), entry);
    }
  }

  /** The turns in which the calls of this execution end. */
  get turns(): Turns {
    this.#turns ??= new Turns((this.#order ?? this.#entries).filter((known) => this.#isUsable(known)));
    return this.#turns;
  }

  /**
   * Sleeps that an execution of this attempt meets, that have not ended, and whose time, in wall-clock milliseconds, has
   * come; the first to end first.
   */
  sleepsDue(now: number, attempt: number, isFresh: boolean): readonly JournalEntry[] {
    const entries = this.#entries.filter((entry) => entry.attempt === attempt || !isFresh);
    const isOver = (sleep: JournalEntry): boolean =>
      entries.some(({ kind, name, nth }) => kind === "slept" && name === sleep.name && nth === sleep.nth);
    const due = entries.filter((entry) => entry.kind === "sleep" && untilOf(entry) <= now && !isOver(entry));
    return due.sort((a, b) => untilOf(a) - untilOf(b) || a.index - b.index);
  }

  /** A place for an entry that belongs to no call. */
  nextIndex(): number {
    const last = this.#entries.reduce((highest, { index }) => Math.max(highest, index), -1);
    while (this.#next <= last) this.#next++;
    return this.#next++;
  }

  /** The refused answers to the nth interrupt of a name, which no call of their own asks for: they count as met. */
  refusals(name: string, nth: number): readonly JournalEntry[] {
    const found = this.#entries.filter((entry) => entry.kind === "refused" && entry.name === name);
    const mine = found.filter((entry) => entry.nth === nth && this.#isUsable(entry));
    for (const entry of mine) this.#met.add(entry);
    return mine;
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
    this.#order?.push(entry);
  }

  /** From now on the order of endings is kept besides the entries; `recorded` are those of earlier processes. */
  keepOrder(recorded: readonly Ending[]): void {
    this.#order = [...recorded];
  }

  /** A call of a flow has ended by its steps; it takes its turn once that may be told. */
  addEnding(ending: Ending): void {
    this.#order?.push(ending);
    this.#turns?.reserve(ending);
  }

  /** The call of a flow failed, and that is in the record before its body learns of it. */
  addFailure(entry: JournalEntry): void {
    this.add(entry);
    this.#turns?.reserve(entry);
  }

  /** The failure that a call of a flow ended with in this attempt, if it did. */
  failedCall(name: string, inputHash: string, nth: number): JournalEntry | undefined {
    const found = this.#byCall.get(keyOf("callError", name, inputHash, nth));
    if (found !== undefined) this.#met.add(found);
    return found;
  }

  #isUsable(entry: Ending): boolean {
    if (entry.attempt === this.#attempt) return true;
    return !this.#isFresh && !failures.has(entry.kind) && entry.attempt < this.#attempt;
  }
}

/** What the next attempt does not inherit (S9). */
const failures: ReadonlySet<string> = new Set(["ioError", "callError"]);

/** When a sleep ends, in wall-clock milliseconds. */
function untilOf({ value }: JournalEntry): number {
  return Number(value);
}

function groupOf(kind: JournalKind): string {
  return kind === "ioError" || kind === "tx" ? "io" : kind;
}

function keyOf(group: string, name: string, inputHash: string, nth: number): string {
  return `${group}\u0000${name}\u0000${inputHash}\u0000${nth}`;
}
