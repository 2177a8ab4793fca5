import { join } from "node:path";
import type { ClockJumps } from "../../crash/real/jumping-clock.ts";
import { KillableProcess } from "../../crash/real/killable-process.ts";
import type { StorePlace } from "../../store-place.ts";

/** What a process that fights for runs is told. */
export interface RivalSettings {
  readonly place: StorePlace;
  readonly folder: string;
  readonly name: string;
  readonly seed: string;
  /** It takes every other process for dead, and so their runs; otherwise it takes itself for another machine. */
  readonly isBlind: boolean;
  /** Its wall clock jumps, by this. */
  readonly jumps?: ClockJumps;
  /** Length of each run. */
  readonly turns: number;
}

/** The run that everybody fights for after `number` others. */
export function rivalRunId(number: number): string {
  return `run-${number}`;
}

/** Starts a process that fights for runs; see the program for what it says and what it is told. */
export function rival(settings: RivalSettings): KillableProcess {
  const program = join(import.meta.dirname, "rival.fixture.ts");
  return new KillableProcess(program, settings, { NODE_COMPILE_CACHE: join(settings.folder, "compiled") });
}

/** How often each thing happened to a rival that has ended, by what it said. */
export function countsOf({ lines }: KillableProcess): Readonly<Record<string, number>> {
  const line = lines.find((said) => said.startsWith("counts "));
  return line === undefined ? {} : (JSON.parse(line.slice("counts ".length)) as Record<string, number>);
}

/** How many runs a rival that has ended saw to their ends. */
export function runsOf({ lines }: KillableProcess): number {
  return Number(lines.find((said) => said.startsWith("runs "))?.slice("runs ".length));
}
