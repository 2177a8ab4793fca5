import type { JournalEntry } from "@agentflow/core";

const ends: ReadonlySet<string> = new Set(["io", "ioError", "tx", "answer", "event"]);

/**
 * Lets calls that the journal answers end in the order in which they ended when they were recorded, so that a race has
 * the same winner again (I5).
 *
 * 1. A call waits only for recorded ones that ended before it; those that end in the order of their calls never wait.
 * 2. If nothing has ended for a turn of the event loop, the earliest that waits ends: code that has changed may never
 *    make the call it waits for.
 */
export class RecordedOrder {
  readonly #ranks = new Map<JournalEntry, number>();
  readonly #waiting = new Map<number, () => void>();
  #next = 0;
  #isTurning = false;

  /** `entries` that the running attempt may meet, in the order in which they were recorded. */
  constructor(entries: readonly JournalEntry[]) {
    for (const entry of entries) if (ends.has(entry.kind)) this.#ranks.set(entry, this.#ranks.size);
  }

  /** Undefined if the call may end now, else resolves when it may. */
  turnOf(entry: JournalEntry): Promise<void> | undefined {
    const rank = this.#ranks.get(entry);
    if (rank === undefined || rank < this.#next) return undefined;
    if (rank === this.#next) {
      this.#next++;
      return undefined;
    }
    this.#turn();
    return new Promise((resolve) => this.#waiting.set(rank, resolve));
  }

  #turn(): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    const before = this.#next;
    setImmediate(() => {
      this.#isTurning = false;
      const rank = this.#waiting.has(this.#next) || this.#next !== before ? this.#next : this.#earliest();
      const end = this.#waiting.get(rank);
      if (end !== undefined) {
        this.#waiting.delete(rank);
        this.#next = rank + 1;
        end();
      }
      if (this.#waiting.size > 0) this.#turn();
    });
  }

  #earliest(): number {
    return Math.min(...this.#waiting.keys());
  }
}
