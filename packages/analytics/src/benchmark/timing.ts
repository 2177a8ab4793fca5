/** What one round took. `cpuMs` is the time of all cores in the process that did the work. */
export interface Sample {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** What several rounds of the same work took, in ms. */
export interface Timing {
  readonly rounds: number;
  readonly minMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** The median of the time on all cores. */
  readonly cpuMs: number;
}

/** The least of the values that a share of them, such as 0.95, does not exceed (nearest rank). Throws on none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new RangeError("a percentile of no values");
  return value;
}

/** The timing of some rounds. Throws on none. */
export function timingOf(samples: readonly Sample[]): Timing {
  const wall = samples.map(({ wallMs }) => wallMs);
  const cpu = samples.map(({ cpuMs }) => cpuMs);
  return {
    rounds: samples.length,
    minMs: percentile(wall, 0),
    p50Ms: percentile(wall, 0.5),
    p95Ms: percentile(wall, 0.95),
    cpuMs: percentile(cpu, 0.5),
  };
}
