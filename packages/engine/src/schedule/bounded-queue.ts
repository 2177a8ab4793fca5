import { BackpressureError, type Clock } from "@agentflow/core";

/** Limits of a queue, and who hears that a producer was blocked. */
export interface BoundedQueueOptions {
  readonly depth: number;
  /** Longest time a full queue may stand still; undefined waits for ever. */
  readonly timeoutMs: number | undefined;
  readonly clock: Clock;
  readonly onBlocked?: () => void;
}

/**
 * A first-in first-out queue that holds at most `depth` items (ENG-14). A full queue blocks its producers, in order.
 *
 * 1. Time counts only while producers are blocked and nothing moves (S14).
 * 2. Items leave in the order in which they were offered, blocked ones included.
 */
export class BoundedQueue<T> {
  readonly #options: BoundedQueueOptions;
  readonly #items: T[] = [];
  readonly #blocked: { item: T; resolve: (isInside: boolean) => void; reject: (error: Error) => void }[] = [];
  #cancelTimer: (() => void) | undefined;

  constructor(options: BoundedQueueOptions) {
    this.#options = options;
  }

  /** Items inside and items whose producers wait. */
  get size(): number {
    return this.#items.length + this.#blocked.length;
  }

  /**
   * Undefined if there was room. Else resolves to true when the item has got inside or was taken, to false when it was
   * forgotten; rejects with BackpressureError if the queue stood still for too long.
   */
  push(item: T): Promise<boolean> | undefined {
    if (this.#blocked.length === 0 && this.#items.length < this.#options.depth) {
      this.#items.push(item);
      return undefined;
    }
    this.#options.onBlocked?.();
    return new Promise((resolve, reject) => {
      this.#blocked.push({ item, resolve, reject });
      if (this.#cancelTimer === undefined) this.#startTimer();
    });
  }

  /**
   * Takes the first item that `accepts`, from a blocked producer if nothing inside is accepted: what is inside may wait
   * for just that one.
   */
  take(accepts: (item: T) => boolean): T | undefined {
    const index = this.#items.findIndex(accepts);
    if (index === -1) return this.#takeBlocked(accepts);
    const [item] = index === 0 ? [this.#items.shift()] : this.#items.splice(index, 1);
    this.#admit();
    return item;
  }

  /** Forgets every item that does not pass; its producer is released. */
  keep(passes: (item: T) => boolean): void {
    const kept = this.#items.filter(passes);
    this.#items.length = 0;
    this.#items.push(...kept);
    for (let index = this.#blocked.length - 1; index >= 0; index--) {
      const waiting = this.#blocked[index];
      if (waiting === undefined || passes(waiting.item)) continue;
      this.#blocked.splice(index, 1);
      waiting.resolve(false);
    }
    this.#admit();
  }

  #takeBlocked(accepts: (item: T) => boolean): T | undefined {
    const index = this.#blocked.findIndex((waiting) => accepts(waiting.item));
    const [waiting] = index === -1 ? [] : this.#blocked.splice(index, 1);
    if (waiting === undefined) return undefined;
    this.#admit();
    waiting.resolve(true);
    return waiting.item;
  }

  #admit(): void {
    this.#stopTimer();
    while (this.#items.length < this.#options.depth) {
      const next = this.#blocked.shift();
      if (next === undefined) return;
      this.#items.push(next.item);
      next.resolve(true);
    }
    if (this.#blocked.length > 0) this.#startTimer();
  }

  #startTimer(): void {
    const { timeoutMs, clock } = this.#options;
    if (timeoutMs !== undefined) this.#cancelTimer = clock.setTimer(timeoutMs, () => this.#giveUp(timeoutMs));
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #giveUp(timeoutMs: number): void {
    this.#cancelTimer = undefined;
    const { depth } = this.#options;
    for (const waiting of this.#blocked.splice(0)) {
      waiting.reject(
        new BackpressureError(`The queue of ${depth} steps was full and did not move for ${timeoutMs} ms.`, {
          context: { queueDepth: depth, backpressureTimeoutMs: timeoutMs },
        }),
      );
    }
  }
}
