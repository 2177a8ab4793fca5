import { isDeepStrictEqual } from "node:util";
import type { Row } from "../execute/duck-database.ts";
import { measureUse } from "../execute/resource-use.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { type Sample, type Timing, timingOf } from "./timing.ts";

/** Rows, and what they took where whoever found them measured it: another process, for one. */
export interface Work {
  readonly rows: readonly Row[];
  readonly sample?: Sample;
}

/** One way to find rows. */
export interface Contender {
  readonly name: string;
  readonly work: () => Promise<Work>;
}

/** What a contender took, and what it found. */
export interface Measured {
  readonly name: string;
  readonly timing: Timing;
  /** The rows of its first round. */
  readonly rows: readonly Row[];
  /** Rounds, warm-ups included, whose rows were others. */
  readonly unsteadyRounds: number;
}

/** How often contenders work. */
export interface Rounds {
  readonly rounds: number;
  /** Rounds before these that are not timed. */
  readonly warmups: number;
}

interface Tally {
  readonly contender: Contender;
  readonly samples: Sample[];
  rows: readonly Row[] | undefined;
  unsteadyRounds: number;
}

/**
 * Lets contenders work in turn (A B C, A B C), so that what else the machine does meets all of them. Garbage is
 * collected before each timed section and never waits inside one.
 */
export async function measureRounds(
  contenders: readonly Contender[],
  { rounds, warmups }: Rounds,
  collect: () => void = collectGarbage,
): Promise<Measured[]> {
  const tallies = contenders.map(
    (contender): Tally => ({ contender, samples: [], rows: undefined, unsteadyRounds: 0 }),
  );
  for (let round = -warmups; round < rounds; round++) {
    for (const tally of tallies) {
      collect();
      const measured = measureUse();
      const { rows, sample } = await tally.contender.work();
      const { wallMs, cpuMs } = measured();
      if (round >= 0) tally.samples.push(sample ?? { wallMs, cpuMs });
      tally.rows ??= rows;
      if (!isDeepStrictEqual(tally.rows, rows)) tally.unsteadyRounds += 1;
    }
  }
  return tallies.map(({ contender, samples, rows = [], unsteadyRounds }) => ({
    name: contender.name,
    timing: timingOf(samples),
    rows,
    unsteadyRounds,
  }));
}
