import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { median } from "../statistics.ts";
import type { Session, System } from "../systems/system.ts";
import type { LargeStateWorkload, ShortRunsWorkload, Workload } from "../workloads/workload.ts";
import type { Sample } from "./sample.ts";
import { storedSizeBytes } from "./stored-size.ts";

/** The rounds of one job. */
export interface Rounds {
  /** Does one and answers its sample. */
  readonly round: () => Promise<Sample>;
  /** Closes what stays open between them. */
  readonly close: () => Promise<void>;
}

/** A round repeats its work until it has been timed this long in total, in milliseconds: single ones last a few. */
const timedMs = 250;
const repeatsMax = 25;

/** Prepares the rounds of a workload: the sample of each is the median of what it repeats. */
export async function prepareRounds(system: System, workload: Workload, directory: string): Promise<Rounds> {
  const { round, close } = await prepareTurns(system, workload, directory);
  const repeated = async () => {
    const samples: Sample[] = [];
    let timed = 0;
    do {
      const sample = await round();
      samples.push(sample);
      timed += sample.wallMs;
    } while (timed < timedMs && samples.length < repeatsMax);
    return medianSample(samples);
  };
  return { round: repeated, close };
}

/** Median by median; the bytes of one are those of all. */
function medianSample(samples: readonly Sample[]): Sample {
  const storedBytes = samples[0]?.storedBytes;
  return {
    wallMs: median(samples.map(({ wallMs }) => wallMs)),
    cpuMs: median(samples.map(({ cpuMs }) => cpuMs)),
    ...(storedBytes === undefined ? {} : { storedBytes }),
  };
}

/**
 * A round opens the system on an empty folder and closes it again; only the work in
 * between is timed. Where runs must be stored before, and for a system that stays open, it is opened once.
 */
async function prepareTurns(system: System, workload: Workload, directory: string): Promise<Rounds> {
  if (workload.kind === "short-runs" && workload.storedRuns > 0)
    return prepareFilled(system, workload, emptyFolder(directory, 0));
  if (system.staysOpen === true) {
    const session = await system.open(emptyFolder(directory, 0));
    return { round: () => timeSecond(system, session, workload), close: () => session.close() };
  }
  let rounds = 0;
  const round = async () => {
    const folder = emptyFolder(directory, rounds++);
    const before = workload.kind === "large-state" ? await sizeBefore(system, workload, folder) : 0;
    const session = await system.open(folder);
    const timed = await timeSecond(system, session, workload);
    await session.close();
    const storedBytes = workload.kind === "large-state" ? storedSizeBytes(folder) - before : 0;
    rmSync(folder, { recursive: true });
    return storedBytes > 0 ? { ...timed, storedBytes } : timed;
  };
  return { round, close: async () => undefined };
}

async function prepareFilled(system: System, workload: ShortRunsWorkload, folder: string): Promise<Rounds> {
  const session = await system.open(folder);
  await session.run({ ...workload, runs: workload.storedRuns, storedRuns: 0 });
  return { round: () => timeWork(session, workload), close: () => session.close() };
}

/** The second time is measured, like what a floor re-issues: the first finds caches that others have used since. */
async function timeSecond(system: System, session: Session, workload: Workload): Promise<Sample> {
  if (system.opensWarm !== true && workload.kind !== "large-state") await session.run(workload);
  return timeAndMeasure(session, workload);
}

/** Beside the work, where it is one run over a large state, the bytes by which what its server holds grew. */
async function timeAndMeasure(session: Session, workload: Workload): Promise<Sample> {
  if (workload.kind !== "large-state" || session.storedBytes === undefined)
    return timeWork(session, workload);
  await session.run(smallest(workload));
  const before = await session.storedBytes();
  const timed = await timeWork(session, workload);
  return { ...timed, storedBytes: (await session.storedBytes()) - before };
}

/** The size of a store that holds its schema and a run of one step over a small state. */
async function sizeBefore(system: System, workload: LargeStateWorkload, folder: string): Promise<number> {
  const session = await system.open(folder);
  await session.run(smallest(workload));
  await session.close();
  return storedSizeBytes(folder);
}

function smallest(workload: LargeStateWorkload): LargeStateWorkload {
  return { ...workload, steps: 1, sizeBytes: 10 };
}

// A garbage collection forced before the work would throw compiled code away with the garbage and measure the compiler.
async function timeWork(session: Session, workload: Workload): Promise<Sample> {
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  await session.run(workload);
  const wallMs = performance.now() - start;
  const cpu = process.cpuUsage(cpuBefore);
  return { wallMs, cpuMs: (cpu.user + cpu.system) / 1000 };
}

function emptyFolder(directory: string, round: number): string {
  const folder = join(directory, `round-${round}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
