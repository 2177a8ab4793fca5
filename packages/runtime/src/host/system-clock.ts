import type { Clock } from "@agentflow/core";

// A strict replay traps Date.now of the workflow's code (S25); the engine's own clock goes on counting.
const wallClock = Date.now;
const steadyClock = performance.now.bind(performance);

// Node turns a longer delay into 1 ms, so a long timer is set in stages.
const delayMaxMs = 2_147_483_647;

/** The clock of this machine. Timers of any length work; only one in the background lets the process end. */
export const systemClock: Clock = {
  now: () => wallClock(),
  monotonic: () => steadyClock(),
  setTimer(delayMs, callback, options) {
    let timer: NodeJS.Timeout;
    const arm = (remainingMs: number): void => {
      const stageMs = Math.min(remainingMs, delayMaxMs);
      timer = setTimeout(() => (remainingMs > stageMs ? arm(remainingMs - stageMs) : callback()), stageMs);
      if (options?.background === true) timer.unref();
    };
    arm(Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};
