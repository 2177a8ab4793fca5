/** Time, so that tests own it. */
export interface Clock {
  /** Wall-clock milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs`; returns what cancels it. A background timer keeps no process alive. */
  setTimer(delayMs: number, callback: () => void, options?: { readonly background?: boolean }): () => void;
}
