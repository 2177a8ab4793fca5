import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { failureReason } from "../measure/failure-reason.ts";
import { type Options, selected } from "../options.ts";
import type { Measurements, MemoryPoint } from "../report/result.ts";
import { longRunSteps, longRunSystems } from "./long-runs.ts";

const probePath = fileURLToPath(new URL("./probe.ts", import.meta.url));

/** Runs each long run in a fresh process. One that fails is reported. */
export function measureMemory(
  options: Options,
  directory: string,
  progress: (line: string) => void,
): { readonly points: readonly MemoryPoint[]; readonly failures: Measurements["failures"] } {
  const points: MemoryPoint[] = [];
  const failures: { what: string; message: string }[] = [];
  if (!selected("memory", options.only) || options.quick) return { points, failures };
  progress("memory: peak RSS of long runs");
  for (const system of longRunSystems.filter((each) => selected(each, options.systems))) {
    for (const steps of longRunSteps) {
      const folder = join(directory, `memory-${system}-${steps}`);
      mkdirSync(folder, { recursive: true });
      try {
        const args = ["--no-warnings", probePath, system, String(steps), folder];
        const output = execFileSync(process.execPath, args, {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "pipe"],
        });
        points.push({ system, steps, peakRssMb: JSON.parse(output) as number });
      } catch (error) {
        failures.push({ what: `memory ${system} ${steps}`, message: failureReason(error) });
      }
    }
  }
  return { points, failures };
}
