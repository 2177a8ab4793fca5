import { type Clock, seededRandom } from "@agentflow/core";
import { systemClock } from "@agentflow/runtime";

/** How a wall clock jumps. */
export interface ClockJumps {
  readonly seed: string;
  /** How far from the true time it gets, forward and back, in milliseconds. */
  readonly reachMs: number;
}

/** Milliseconds from one jump to the next, at most. */
const restMaxMs = 150;

/** The clock of this machine, but that its wall clock is set anew again and again; monotonic time is left alone. */
export function jumpingClock({ seed, reachMs }: ClockJumps): Clock {
  const random = seededRandom(seed, "clock");
  let offsetMs = 0;
  let nextJump = 0;
  return {
    ...systemClock,
    now() {
      const tick = systemClock.monotonic();
      if (tick >= nextJump) {
        offsetMs = random.integer(-reachMs, reachMs);
        nextJump = tick + random.integer(0, restMaxMs);
      }
      return systemClock.now() + offsetMs;
    },
  };
}
