import { setTimeout } from "node:timers/promises";
import { type Awaitable, StoreLockedError } from "@agentflow/core";

// SQLite itself waits a little on the calling thread; longer waits give the thread back in between (STO-3).
const pauseMs = 25;

/** Repeats work that met another process's lock, for at most `patienceMs`; then throws its StoreLockedError. */
export async function retryLocked<T>(work: () => Awaitable<T>, patienceMs: number): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreLockedError) || performance.now() >= deadline) throw error;
      await setTimeout(pauseMs);
    }
  }
}
