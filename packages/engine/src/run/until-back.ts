import { StoreUnavailableError } from "@agentflow/core";
import type { RunEnvironment } from "./run-environment.ts";
import type { RunExecution } from "./run-execution.ts";

/** Between two tries to reach a store that is away, in milliseconds. */
const pauseMs = 100;

/**
 * Asks the store for a run that executes what may be asked twice, again and again while its server is away, as the store
 * repeats commits itself (ADR 13, ADR 22). Rejects with any other error, and with the last one once the run stops here. A
 * store without a server does not come back: its first error counts.
 */
export async function untilBack<T>(
  run: Pick<RunExecution, "isStopping">,
  { backend, clock }: Pick<RunEnvironment, "backend" | "clock">,
  ask: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const mayComeBack = error instanceof StoreUnavailableError && backend.runs.awayMs !== undefined;
      if (!mayComeBack || run.isStopping) throw error;
      await new Promise<void>((resolve) => clock.setTimer(pauseMs, resolve));
    }
  }
}
