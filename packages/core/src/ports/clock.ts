/** What a timer is for. */
export interface TimerOptions {
  /** It keeps no process alive. */
  readonly background?: boolean;
  /**
   * It only looks, now and then, for what others have done: a clock that knows of all others, as that of a test may, can
   * call it whenever that may be something, and let no time pass for it.
   */
  readonly polls?: boolean;
}

/** Time, so that tests own it. */
export interface Clock {
  /** Wall-clock milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs`; returns what cancels it. */
  setTimer(delayMs: number, callback: () => void, options?: TimerOptions): () => void;
}
