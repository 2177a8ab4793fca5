import { join } from "node:path";
import { recordWorkload } from "../floor/record-workload.ts";
import { type Options, selected } from "../options.ts";
import type { FlatnessPoint, Measurements, Result } from "../report/result.ts";
import { median } from "../statistics.ts";
import { floored, systemDescriptions } from "../systems/catalogue.ts";
import type { SystemId } from "../systems/system.ts";
import { comparedWorkloads, flatnessSeries, type NamedWorkload } from "../workloads/catalogue.ts";
import { countedSteps } from "../workloads/workload.ts";
import { failureReason } from "./failure-reason.ts";
import { interleave, type JobSamples } from "./interleave.ts";
import type { Job } from "./sample.ts";

type Failures = { readonly what: string; readonly message: string }[];
type Progress = (line: string) => void;

/** Each system works this long before it is measured, in milliseconds. */
const warmUpMs = 2_000;

/** Measures the compared workloads on all selected systems. */
export async function measureCompared(options: Options, directory: string, progress: Progress) {
  const results: Result[] = [];
  const failures: Failures = [];
  for (const named of comparedWorkloads.filter(({ id }) => selected(id, options.only))) {
    progress(`${named.id}: ${named.title}`);
    const jobs = comparedJobs(named, options, directory, failures);
    const { measured, failed } = await interleave(jobs, options.quick ? 3 : 5, warmUpMs);
    results.push(...measured.map((each) => toResult(named.id, each)));
    failures.push(
      ...failed.map(({ job, message }) => ({
        what: `${named.id} ${job.system}`,
        message: failureReason(message),
      })),
    );
  }
  return { results, failures };
}

function comparedJobs(named: NamedWorkload, options: Options, directory: string, failures: Failures): Job[] {
  const systems = systemDescriptions.map(({ id }) => id).filter((id) => isMeasured(id, named, options));
  return systems.flatMap((system): Job[] => {
    const job = { system, workload: named.workload, directory: join(directory, `${named.id}-${system}`) };
    const target = floored.find(({ floor }) => floor === system);
    if (target === undefined) return [job];
    try {
      return [{ ...job, statementLogPath: recordWorkload(named, target, directory) }];
    } catch (error) {
      failures.push({ what: `${named.id} ${system}`, message: failureReason(error) });
      return [];
    }
  });
}

function isMeasured(system: SystemId, { workload }: NamedWorkload, options: Options): boolean {
  if (!selected(system, options.systems)) return false;
  const isCompared =
    workload.kind !== "large-state" && !(workload.kind === "loop" && workload.calls === true);
  return isCompared || !/^(bare|floor)-/.test(system);
}

function toResult(workload: string, { job, samples }: JobSamples): Result {
  const steps = countedSteps(job.workload);
  const walls = samples.map(({ wallMs }) => wallMs);
  const wallMs = median(walls);
  const stored = samples.flatMap(({ storedBytes }) => (storedBytes === undefined ? [] : [storedBytes]));
  return {
    workload,
    system: job.system,
    steps,
    wallMs,
    wallMsRange: [Math.min(...walls), Math.max(...walls)],
    stepsPerSecond: (steps / wallMs) * 1000,
    cpuUsPerStep: (median(samples.map(({ cpuMs }) => cpuMs)) / steps) * 1000,
    ...(stored.length > 0 ? { storedBytes: median(stored) } : {}),
    rounds: samples.length,
  };
}

/** Measures the series that must be flat, on AgentFlow. */
export async function measureFlatness(options: Options, directory: string, progress: Progress) {
  const flatness: FlatnessPoint[] = [];
  const failures: Failures = [];
  for (const series of flatnessSeries(options.quick).filter(({ id }) => selected(id, options.only))) {
    for (const system of series.systems.filter((id) => selected(id, options.systems))) {
      progress(`${series.id}: ${series.title}, ${system}`);
      const jobs = series.points.map(({ size, workload }) => ({
        system,
        workload,
        directory: join(directory, `${series.id}-${size}`),
      }));
      const { measured, failed } = await interleave(jobs, options.quick ? 3 : 5, warmUpMs);
      failures.push(
        ...failed.map(({ message }) => ({ what: `${series.id} ${system}`, message: failureReason(message) })),
      );
      for (const { size, workload } of series.points) {
        const found = measured.find(({ job }) => job.workload === workload);
        if (found === undefined) continue;
        const usPerStep = (median(found.samples.map(({ wallMs }) => wallMs)) / countedSteps(workload)) * 1000;
        flatness.push({ series: series.id, title: series.title, system, size, usPerStep });
      }
    }
  }
  return { flatness, failures } satisfies Partial<Measurements>;
}
