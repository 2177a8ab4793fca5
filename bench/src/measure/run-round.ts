import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Session, System } from "../systems/system.ts";
import type { LargeStateWorkload, ShortRunsWorkload, Workload } from "../workloads/workload.ts";
import type { Sample } from "./sample.ts";
import { storedSizeBytes } from "./stored-size.ts";

/** Does rounds of one workload; each answers its sample. */
export type RunRound = () => Promise<Sample>;

/**
 * Prepares the rounds of a workload. A round opens the system on an empty folder and closes it again; only the work in
 * between is timed. Where runs must be stored before, the system is filled once and stays open.
 */
export async function prepareRounds(
  system: System,
  workload: Workload,
  directory: string,
): Promise<RunRound> {
  if (workload.kind === "short-runs" && workload.storedRuns > 0)
    return prepareFilled(system, workload, emptyFolder(directory, 0));
  let round = 0;
  return async () => {
    const folder = emptyFolder(directory, round++);
    const before = workload.kind === "large-state" ? await sizeBefore(system, workload, folder) : 0;
    const session = await system.open(folder);
    const timed = await timeWork(session, workload);
    await session.close();
    const storedBytes = workload.kind === "large-state" ? storedSizeBytes(folder) - before : 0;
    rmSync(folder, { recursive: true });
    return storedBytes > 0 ? { ...timed, storedBytes } : timed;
  };
}

async function prepareFilled(system: System, workload: ShortRunsWorkload, folder: string): Promise<RunRound> {
  const session = await system.open(folder);
  await session.run({ ...workload, runs: workload.storedRuns, storedRuns: 0 });
  return async () => timeWork(session, workload);
}

/** The size of a store that holds its schema and a run of one step over a small state. */
async function sizeBefore(system: System, workload: LargeStateWorkload, folder: string): Promise<number> {
  const session = await system.open(folder);
  await session.run({ ...workload, steps: 1, sizeBytes: 10 });
  await session.close();
  return storedSizeBytes(folder);
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
