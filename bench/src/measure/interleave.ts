import { Contender } from "./contender.ts";
import type { Job, Sample } from "./sample.ts";

/** The samples of one job, in the order of the rounds. */
export interface JobSamples {
  readonly job: Job;
  readonly samples: readonly Sample[];
}

/** A job that gave no samples, and why. */
export interface JobFailure {
  readonly job: Job;
  readonly message: string;
}

/** What came of a set of jobs. */
export interface Outcome {
  readonly measured: readonly JobSamples[];
  readonly failed: readonly JobFailure[];
}

/**
 * Measures jobs against each other: each in its own process, warm-up rounds for `warmUpMs` each, so that
 * compiled code is measured and not its compilation, then rounds A B C, A B C, so that
 * a change of load meets all alike. One works at a time. A job that fails is reported and leaves the others alone.
 */
export async function interleave(jobs: readonly Job[], rounds: number, warmUpMs = 0): Promise<Outcome> {
  const active: { readonly contender: Contender; readonly samples: Sample[] }[] = [];
  const failed: JobFailure[] = [];
  for (const job of jobs) {
    try {
      const contender = await Contender.start(job);
      active.push({ contender, samples: [] });
    } catch (error) {
      failed.push({ job, message: messageOf(error) });
    }
  }
  for (let round = -1; round < rounds; round++) {
    for (const entry of [...active]) {
      try {
        if (round < 0) await warmUp(entry.contender, warmUpMs);
        else entry.samples.push(await entry.contender.round());
      } catch (error) {
        failed.push({ job: entry.contender.job, message: messageOf(error) });
        active.splice(active.indexOf(entry), 1);
        await entry.contender.stop();
      }
    }
  }
  await Promise.all(active.map(({ contender }) => contender.stop()));
  return { measured: active.map(({ contender, samples }) => ({ job: contender.job, samples })), failed };
}

async function warmUp(contender: Contender, warmUpMs: number): Promise<void> {
  const start = performance.now();
  do await contender.round();
  while (performance.now() - start < warmUpMs);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
