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
 * Measures jobs against each other: each in its own process, one warm-up round each, then rounds A B C, A B C, so that
 * a change of load meets all alike. One works at a time. A job that fails is reported and leaves the others alone.
 */
export async function interleave(jobs: readonly Job[], rounds: number): Promise<Outcome> {
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
        const sample = await entry.contender.round();
        if (round >= 0) entry.samples.push(sample);
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
