import { type Clock, invariant } from "@agentflow/core";

interface FakeTimer {
  readonly dueMs: number;
  readonly order: number;
  readonly background: boolean;
  readonly callback: () => void;
}

/**
 * Time that moves only when told to. Timers fire in the order in which they are due, equal ones in the order in
 * which they were set.
 */
export class FakeClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  #order = 0;
  readonly #timers = new Set<FakeTimer>();

  /** Starts at a wall-clock time in milliseconds since the epoch. */
  constructor(startMs = 1_790_000_000_000) {
    this.#wallMs = startMs;
  }

  now(): number {
    return this.#wallMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  setTimer(
    delayMs: number,
    callback: () => void,
    { background = false }: { readonly background?: boolean } = {},
  ): () => void {
    const dueMs = this.#monotonicMs + Math.max(0, delayMs);
    const timer: FakeTimer = { dueMs, order: this.#order++, background, callback };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Number of timers that wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer is due, or undefined without one. */
  get nextInMs(): number | undefined {
    const next = this.#next();
    return next && Math.max(0, next.dueMs - this.#monotonicMs);
  }

  /** Like `nextInMs`, without the timers that keep no process alive: a heartbeat waits for nothing. */
  get nextForegroundInMs(): number | undefined {
    const next = this.#next((timer) => !timer.background);
    return next && Math.max(0, next.dueMs - this.#monotonicMs);
  }

  /** Moves both clocks on and fires what becomes due, including timers set by timers. */
  advance(ms: number): void {
    invariant(ms >= 0, "A clock does not go back; use jump for the wall clock.");
    const endMs = this.#monotonicMs + ms;
    for (let timer = this.#next(); timer !== undefined && timer.dueMs <= endMs; timer = this.#next()) {
      this.#fire(timer);
    }
    this.#moveTo(endMs);
  }

  /** Like advance, but lets promises and immediates run before and after each timer. */
  async advanceAsync(ms: number): Promise<void> {
    invariant(ms >= 0, "A clock does not go back; use jump for the wall clock.");
    const endMs = this.#monotonicMs + ms;
    await turn();
    for (let timer = this.#next(); timer !== undefined && timer.dueMs <= endMs; timer = this.#next()) {
      this.#fire(timer);
      await turn();
    }
    this.#moveTo(endMs);
    await turn();
  }

  /** Sets the wall clock forward or back without moving time: what an administrator or NTP does. */
  jump(ms: number): void {
    this.#wallMs += ms;
  }

  #next(counts: (timer: FakeTimer) => boolean = () => true): FakeTimer | undefined {
    let next: FakeTimer | undefined;
    for (const timer of this.#timers) {
      if (!counts(timer)) continue;
      const sooner = next === undefined || timer.dueMs - next.dueMs || timer.order - next.order;
      if (sooner === true || (typeof sooner === "number" && sooner < 0)) next = timer;
    }
    return next;
  }

  #fire(timer: FakeTimer): void {
    this.#timers.delete(timer);
    this.#moveTo(Math.max(timer.dueMs, this.#monotonicMs));
    timer.callback();
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
