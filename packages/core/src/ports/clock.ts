/** Time, so that tests own it. */
export interface Clock {
  /** Wall-clock milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs`; returns what cancels it. */
  setTimer(delayMs: number, callback: () => void): () => void;
}
