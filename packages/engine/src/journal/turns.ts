import type { Ending } from "./step-journal.ts";

const ends: ReadonlySet<string> = new Set([
  "io",
  "ioError",
  "tx",
  "answer",
  "event",
  "slept",
  "call",
  "callError",
]);

/**
 * Lets the calls of one execution of a step end one after the other, in the order in which they were recorded, so that
 * whoever waits for several of them gets the same one first in every execution (S8, I5).
 *
 * 1. At most one call ends per turn of the event loop: what follows from it has happened before the next one ends,
 *    however many promises lie between.
 * 2. Recorded calls end in recorded order, and before calls that end for the first time. Those are recorded when their
 *    turn has come: they wait for recorded ones as they will in the next execution, which finds them recorded.
 * 3. If nothing has ended for a turn, the earliest call that waits ends: the step may never make the call it waits for.
 */
export class Turns {
  readonly #ranks = new Map<Ending, number>();
  readonly #recorded = new Map<number, () => void>();
  readonly #new: (() => void)[] = [];
  /** Entries that are in the record, while their calls have not ended yet. */
  readonly #reserved = new Set<Ending>();
  /** How many calls are recorded so far; the next one to end is `#next`. */
  #total = 0;
  #next = 0;
  #hasEnded = false;
  #isTurning = false;

  /** `entries` that the execution may meet, in the order in which they were recorded. */
  constructor(entries: readonly Ending[]) {
    for (const entry of entries) if (ends.has(entry.kind)) this.#ranks.set(entry, this.#total++);
  }

  /** Undefined if a call that met this entry may end now, else resolves when it may. */
  turnOf(entry: Ending): Promise<void> | undefined {
    const rank = this.#ranks.get(entry);
    if (rank === undefined) return undefined;
    this.#reserved.delete(entry);
    if (!this.#hasEnded && rank <= this.#next) {
      this.#pass(rank);
      return undefined;
    }
    this.#turn();
    return new Promise((resolve) => this.#recorded.set(rank, resolve));
  }

  /** Undefined if a call that ends for the first time may do so now, else resolves when it may. */
  nextTurn(): Promise<void> | undefined {
    const isAlone = this.#recorded.size + this.#new.length + this.#reserved.size === 0;
    if (!this.#hasEnded && isAlone && this.#next === this.#total) {
      this.#pass(this.#total++);
      return undefined;
    }
    this.#turn();
    return new Promise((resolve) => this.#new.push(resolve));
  }

  /** The entry is in the record before its call can end: no call that is recorded later ends before it. */
  reserve(entry: Ending): void {
    this.#ranks.set(entry, this.#total++);
    this.#reserved.add(entry);
  }

  /** The call of a reserved entry will not end. */
  release(entry: Ending): void {
    if (this.#reserved.delete(entry)) this.#turn();
  }

  #pass(rank: number): void {
    this.#next = Math.max(this.#next, rank + 1);
    this.#hasEnded = true;
    this.#turn();
  }

  #turn(): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    const before = this.#next;
    setImmediate(() => {
      this.#isTurning = false;
      this.#hasEnded = false;
      this.#endOne(this.#next === before);
      if (this.#recorded.size > 0 || (this.#new.length > 0 && this.#reserved.size === 0)) this.#turn();
    });
  }

  /** Ends the call whose turn it is, or, if nothing has ended for a turn, the earliest that waits. */
  #endOne(isStill: boolean): void {
    const earliest = Math.min(...this.#recorded.keys());
    if (earliest <= this.#next || (isStill && earliest !== Number.POSITIVE_INFINITY)) {
      const end = this.#recorded.get(earliest);
      this.#recorded.delete(earliest);
      this.#pass(earliest);
      end?.();
      return;
    }
    const mayEndNew = this.#recorded.size + this.#reserved.size === 0;
    if (this.#new.length === 0 || !mayEndNew || (!isStill && this.#next < this.#total)) return;
    this.#pass(this.#total++);
    this.#new.shift()?.();
  }
}
