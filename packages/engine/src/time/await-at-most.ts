import type { Clock } from "@agentflow/core";

/** Waits for something, for so long at most; what comes later is left behind. Rejects as `wanted` does. */
export async function awaitAtMost(
  clock: Clock,
  waitMs: number,
  wanted: Promise<unknown> | undefined,
  onLate: () => void = () => undefined,
): Promise<void> {
  let cancel = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    cancel = clock.setTimer(waitMs, () => {
      onLate();
      resolve();
    });
  });
  try {
    await Promise.race([wanted, late]);
  } finally {
    cancel();
  }
}
