import type { Run, RunOutcome } from "@agentflow/runtime";
import { onInterruption } from "./interruption.ts";
import type { Progress } from "./progress/progress.ts";
import { onStrayError } from "./stray-error.ts";
import type { Output } from "./terminal/output.ts";

/** A run that was begun here, and the last event it had before. */
export interface Begun {
  readonly run: Run;
  readonly after: number;
}

/** How a run stopped here. */
export interface Stopped {
  readonly run: Run;
  readonly outcome: RunOutcome;
  /** An error of the workflow's code that no step awaited; the run was parked for it. */
  readonly strayError: Error | undefined;
}

async function showEvents({ run, after }: Begun, progress: Progress): Promise<void> {
  for await (const event of run.events({ after })) progress.apply(event);
}

/** Lets a run go on until it stops by itself, or parks it on the first signal or stray error. */
export async function untilStopped(
  begin: () => Promise<Begun>,
  output: Output,
  progress: Progress,
): Promise<Stopped> {
  let begun: Begun | undefined;
  let parking: Promise<void> | undefined;
  let mustPark = false;
  let strayError: Error | undefined;
  const park = (): void => {
    mustPark = true;
    parking = begun?.run.park();
  };
  using _interruption = onInterruption(() => {
    output.note("Parking the run; a second signal ends the process at once.");
    park();
  });
  using _stray = onStrayError((error) => {
    strayError = error;
    park();
  });
  begun = await begin();
  const { run } = begun;
  if (mustPark) parking ??= run.park();
  const shown = showEvents(begun, progress);
  const outcome = await run.settled();
  await Promise.all([parking, shown]);
  return { run, outcome, strayError };
}
