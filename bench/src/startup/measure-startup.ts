import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { failureReason } from "../measure/failure-reason.ts";
import { median } from "../statistics.ts";
import type { SystemId } from "../systems/system.ts";
import type { StartupSample } from "./startup-sample.ts";

const probePath = fileURLToPath(new URL("./probe.ts", import.meta.url));

/** A system at its start, or a process that loads nothing. */
export type Starter = SystemId | "bare-node";

/** Medians over fresh processes. */
export interface Startup {
  readonly starter: Starter;
  readonly firstStepMs: number;
  readonly firstStepRssMb: number;
  readonly loopRssMb: number;
}

/** The starts that worked, and those that did not. */
export interface Starts {
  readonly startup: readonly Startup[];
  readonly failures: readonly { readonly what: string; readonly message: string }[];
}

/**
 * Starts each system in fresh processes, in turn, with a compile cache that two starts have warmed, and measures from
 * just before the start of the process to the result of a run of one step. A starter that fails is reported once.
 */
export function measureStartup(
  starters: readonly Starter[],
  rounds: number,
  directory: string,
  environment: NodeJS.ProcessEnv,
): Starts {
  const samples = new Map<Starter, StartedSample[]>(starters.map((starter) => [starter, []]));
  const failures: { what: string; message: string }[] = [];
  for (let round = -2; round < rounds; round++) {
    for (const [starter, known] of samples) {
      try {
        const sample = startOnce(starter, directory, environment);
        if (round >= 0) known.push(sample);
      } catch (error) {
        failures.push({ what: `start ${starter}`, message: failureReason(error) });
        samples.delete(starter);
      }
    }
  }
  return { startup: [...samples].map(([starter, each]) => summarize(starter, each)), failures };
}

interface StartedSample extends StartupSample {
  readonly firstStepMs: number;
}

/** The folder that every start of a system works in. */
export function startFolder(directory: string, starter: Starter): string {
  return join(directory, `start-${starter}`);
}

function startOnce(starter: Starter, directory: string, environment: NodeJS.ProcessEnv): StartedSample {
  const folder = startFolder(directory, starter);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const startMs = performance.timeOrigin + performance.now();
  const output = execFileSync(process.execPath, ["--no-warnings", probePath, starter, folder], {
    env: { ...environment, NODE_COMPILE_CACHE: join(directory, "compile-cache") },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const sample = JSON.parse(output) as StartupSample;
  return { ...sample, firstStepMs: sample.firstStepAtMs - startMs };
}

function summarize(starter: Starter, samples: readonly StartedSample[]): Startup {
  return {
    starter,
    firstStepMs: median(samples.map(({ firstStepMs }) => firstStepMs)),
    firstStepRssMb: median(samples.map(({ firstStepRssMb }) => firstStepRssMb)),
    loopRssMb: median(samples.map(({ loopRssMb }) => loopRssMb)),
  };
}
