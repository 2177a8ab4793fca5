/** How far a long work is. */
export interface WorkProgress {
  readonly rowsDone: number;
  readonly rowsTotal: number;
  readonly rowsPerSecond: number;
  /** The estimated time left, in seconds. */
  readonly secondsLeft: number;
}

/** Takes the progress of a long work. */
export type OnProgress = (progress: WorkProgress) => void;

/** Speed so far, and the time that the rest takes at this speed. */
export function workProgress(rowsDone: number, rowsTotal: number, elapsedMs: number): WorkProgress {
  const rowsPerSecond = elapsedMs > 0 ? (rowsDone / elapsedMs) * 1000 : 0;
  const rest = Math.max(0, rowsTotal - rowsDone);
  return { rowsDone, rowsTotal, rowsPerSecond, secondsLeft: rowsPerSecond > 0 ? rest / rowsPerSecond : 0 };
}
