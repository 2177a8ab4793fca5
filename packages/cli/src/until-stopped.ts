import type { ParkOptions, Run, RunOutcome } from "@agentflow/runtime";
import { onInterruption } from "./interruption.ts";
import type { Progress } from "./progress/progress.ts";
import { onStrayError } from "./stray-error.ts";
import { formatDuration } from "./terminal/format-duration.ts";
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
  for await (const event of run.events({ from: after + 1 })) progress.apply(event);
}

/** Lets a run go on until it stops by itself, or parks it on the first signal or stray error. */
export async function untilStopped(
  begin: () => Promise<Begun>,
  { output, graceMs }: { readonly output: Output; readonly graceMs: number },
  progress: Progress,
): Promise<Stopped> {
  let begun: Begun | undefined;
  let parking: Promise<void> | undefined;
  let mustPark = false;
  let strayError: Error | undefined;
  const park = (options: ParkOptions = {}): void => {
    mustPark = true;
    parking = begun?.run.park(options);
  };
  using _interruption = onInterruption(() => {
    const when =
      graceMs === 0 ? "" : ` when its running steps have ended, in ${formatDuration(graceMs)} at most`;
    output.note(`Parking the run${when}; a second signal ends the process at once.`);
    park({ graceMs });
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
