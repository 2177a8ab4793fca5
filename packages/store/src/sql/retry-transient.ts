import { setTimeout } from "node:timers/promises";
import { StoreLockedError, StoreUnavailableError } from "@agentflow/core";

/** Which trouble is worth another try: a deadlock or conflict is over at once, a lost server may come back. */
export type Transient = "locked" | "unavailable";

/** How long work is repeated. */
export interface Patience {
  readonly patienceMs: number;
  readonly retries: (kind: Transient) => boolean;
}

const firstPauseMs = 5;
const pauseMaxMs = 1_000;

/** The kind of a transient store error, or undefined for any other. */
function transientKind(error: unknown): Transient | undefined {
  if (error instanceof StoreLockedError) return "locked";
  return error instanceof StoreUnavailableError ? "unavailable" : undefined;
}

/** The pause before try `nth`, in milliseconds: doubling, and between half and all of it by `random` (0 to 1). */
export function pauseBefore(nth: number, random: number): number {
  const full = Math.min(firstPauseMs * 2 ** nth, pauseMaxMs);
  return full * (0.5 + random / 2);
}

/** Repeats work that met transient trouble, with growing pauses; then throws the error met last. */
export async function retryTransient<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const deadline = performance.now() + patience.patienceMs;
  for (let nth = 0; ; nth++) {
    try {
      return await work();
    } catch (error) {
      const kind = transientKind(error);
      if (kind === undefined || !patience.retries(kind)) throw error;
      const pauseMs = pauseBefore(nth, Math.random());
      if (performance.now() + pauseMs > deadline) throw error;
      await setTimeout(pauseMs);
    }
  }
}

/** Repeats work that met an absent server, however long that takes, as long as `waits` says so. */
export async function untilAvailable<T>(work: () => Promise<T>, waits: () => boolean): Promise<T> {
  for (let nth = 0; ; nth++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || !waits()) throw error;
      await setTimeout(pauseBefore(nth, Math.random()));
    }
  }
}
