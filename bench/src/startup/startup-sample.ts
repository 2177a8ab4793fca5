/** What a fresh process reports of itself. Peaks are of the whole process so far. */
export interface StartupSample {
  /** When a run of one step had its result, in milliseconds of the epoch. */
  readonly firstStepAtMs: number;
  readonly firstStepRssMb: number;
  /** After a loop of 1,000 steps in the same process. */
  readonly loopRssMb: number;
}
