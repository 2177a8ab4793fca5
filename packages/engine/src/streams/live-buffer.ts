/**
 * Live events on their way to one reader (S6).
 *
 * 1. It never makes the run wait: what does not fit is dropped and counted, or ends the stream.
 * 2. At most `limit` events wait, and only those of the modes that the reader asked for.
 * 3. An event is shown after the record events that were durable when it happened, and before those that followed.
 */
import { type LiveEvent, StreamOverflowError } from "@agentflow/core";
import type { LiveListener } from "../emit/live-listeners.ts";
import type { LiveEventOf, StreamMode, StreamRequest } from "./stream-options.ts";

const typeOf: Partial<Record<StreamMode, LiveEvent["type"]>> = {
  tokens: "token",
  progress: "progress",
  custom: "custom",
};

interface Waiting {
  readonly event: LiveEvent;
  /** `seq` of the last record event that was durable before it. */
  readonly after: number;
}

/** A ring of live events that one reader empties. */
export class LiveBuffer implements LiveListener {
  readonly #request: Pick<StreamRequest, "buffer" | "overflow">;
  readonly #types: ReadonlySet<LiveEvent["type"]> | "all";
  readonly #ring: (Waiting | undefined)[] = [];
  #first = 0;
  #count = 0;
  #head = 0;
  /** Events lost before the oldest that waits, and after the newest. */
  #lostBefore = 0;
  #lostAfter = 0;
  #isOverflown = false;
  #lastLost: LiveEvent | undefined;
  #wake: (() => void) | undefined;
  #isSignalled = false;

  constructor({ modes, buffer, overflow }: Pick<StreamRequest, "modes" | "buffer" | "overflow">) {
    this.#request = { buffer, overflow };
    const types = [...modes].map((mode) => typeOf[mode]).filter((type) => type !== undefined);
    this.#types = modes.has("live") ? "all" : new Set(types);
  }

  /** Rows up to this seq are durable, or the run stopped: the reader has to look. */
  notify(head?: number): void {
    if (head !== undefined) this.#head = Math.max(this.#head, head);
    this.#isSignalled = true;
    this.#wake?.();
  }

  live(event: LiveEvent): void {
    if (this.#isOverflown || (this.#types !== "all" && !this.#types.has(event.type))) return;
    if (this.#count === this.#request.buffer) this.#overflow(event);
    else this.#push(event);
    this.notify();
  }

  /** The next live event if it happened before the record event behind `seq`. Throws StreamOverflowError. */
  take(seq: number): LiveEvent | undefined {
    if (this.#isOverflown) throw this.#overflown();
    if (this.#lostBefore > 0) return this.#dropped(this.#takeLost("before"));
    const first = this.#ring[this.#first];
    if (this.#count === 0) return this.#lostAfter > 0 ? this.#dropped(this.#takeLost("after")) : undefined;
    if (first === undefined || first.after > seq) return undefined;
    this.#remove();
    return first.event;
  }

  /** To be called before the store is read: what comes in later wakes the reader. */
  reset(): void {
    this.#isSignalled = false;
  }

  /** Resolves at the next word since `reset`. */
  signal(): Promise<void> {
    if (this.#isSignalled) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }

  #overflow(event: LiveEvent): void {
    this.#lastLost = event;
    switch (this.#request.overflow) {
      case "error":
        this.#isOverflown = true;
        this.#ring.length = 0;
        return;
      case "dropNewest":
        this.#lostAfter++;
        return;
      case "dropOldest":
        this.#remove();
        this.#lostBefore++;
        this.#push(event);
    }
  }

  #push(event: LiveEvent): void {
    // What was lost since the newest event that waits is told in its place, which an event of its own holds.
    const lost = this.#takeLost("after");
    const entry = lost === 0 ? event : this.#dropped(lost);
    this.#ring[(this.#first + this.#count) % this.#request.buffer] = { event: entry, after: this.#head };
    this.#count++;
    if (lost === 0) return;
    if (this.#count === this.#request.buffer) this.#overflow(event);
    else this.#push(event);
  }

  #remove(): void {
    this.#ring[this.#first] = undefined;
    this.#first = (this.#first + 1) % this.#request.buffer;
    this.#count--;
  }

  #takeLost(where: "before" | "after"): number {
    const lost = where === "before" ? this.#lostBefore : this.#lostAfter;
    if (where === "before") this.#lostBefore = 0;
    else this.#lostAfter = 0;
    return lost;
  }

  #dropped(count: number): LiveEventOf<"dropped"> {
    const { ts = "", runId = "" } = this.#lastLost ?? {};
    return { ts, runId, type: "dropped", data: { count } };
  }

  #overflown(): StreamOverflowError {
    const { buffer } = this.#request;
    return new StreamOverflowError(
      `The run was faster than its reader: more than ${buffer} live events wait.`,
      {
        context: { buffer },
      },
    );
  }
}
