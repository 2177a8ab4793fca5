import { type FakeClock, SeededScheduler } from "@agentflow/contracts";
import type { Run, RunOutcome } from "@agentflow/engine";

/** Lets fake time pass until the run has stopped here. Throws NoProgressError if nothing is left that could stop it. */
export function settle(run: Run, clock: FakeClock): Promise<RunOutcome> {
  return new SeededScheduler("settle", { clock }).drive(run.settled());
}

/** Lets fake time pass until `work` has settled, and settles like it. */
export function passTime<T>(work: Promise<T>, clock: FakeClock): Promise<T> {
  return new SeededScheduler("settle", { clock }).drive(work);
}

/** What a run succeeded with; throws what it failed with. */
export async function succeed<Result>(run: Run<Result>, clock: FakeClock): Promise<Result> {
  await settle(run, clock);
  return run.result();
}

/** The outcome of a run that failed. Throws if it did not. */
export async function fail(run: Run, clock: FakeClock): Promise<Extract<RunOutcome, { status: "failed" }>> {
  const outcome = await settle(run, clock);
  if (outcome.status !== "failed") throw new Error(`the run ${outcome.status} instead of failing`);
  return outcome;
}

/** A turn of the event loop in which everything that can go on goes on: enough for a handful of commits. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
