import type { Clock, RunStore } from "@agentflow/core";

/**
 * The clock by which limits are held (S12, S14, S22): it stands still while the store is away, since nobody can get on
 * then. What it times fires once that long has passed with the store there.
 */
export function limitClock(clock: Clock, runs: RunStore): Clock {
  const { awayMs } = runs;
  if (awayMs === undefined) return clock;
  const monotonic = (): number => clock.monotonic() - awayMs.call(runs);
  return {
    now: () => clock.now(),
    monotonic,
    setTimer(delayMs, callback, options) {
      const due = monotonic() + delayMs;
      let cancel = (): void => undefined;
      const arm = (remainingMs: number): void => {
        cancel = clock.setTimer(
          remainingMs,
          () => {
            const leftMs = due - monotonic();
            if (leftMs > 0) arm(leftMs);
            else callback();
          },
          options,
        );
      };
      arm(delayMs);
      return () => cancel();
    },
  };
}
