import { FakeClock } from "@agentflow/contracts";
import type { SeededRandom } from "@agentflow/core";

const secondMs = 1_000;
const hourMs = 3_600 * secondMs;
const reaches = [1, secondMs, 60 * secondMs, hourMs];

/** Fake time whose wall clock is set, forward or back, when it is looked at. */
export class RestlessClock extends FakeClock {
  readonly #random: SeededRandom;
  #jumpsLeft: number;
  jumps = 0;

  /** It jumps `jumpsMax` times at most: one that was set back for good would keep a sleep waiting. */
  constructor(random: SeededRandom, jumpsMax: number) {
    super();
    this.#random = random;
    this.#jumpsLeft = jumpsMax;
  }

  override now(): number {
    if (this.#jumpsLeft > 0 && this.#random.integer(1, 3) === 1) {
      this.#jumpsLeft--;
      this.jumps++;
      this.jump(jumpBy(this.#random));
    }
    return super.now();
  }
}

/** A jump of up to an hour, forward or back, small ones as often as large ones. */
export function jumpBy(random: SeededRandom): number {
  const reachMs = random.pick(reaches);
  return random.integer(-reachMs, reachMs);
}
