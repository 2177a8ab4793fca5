import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Durability } from "../systems/agentflow.ts";
import type { NamedWorkload } from "../workloads/catalogue.ts";
import type { FloorStore } from "./statement-log.ts";

const recordChildPath = fileURLToPath(new URL("./record-child.ts", import.meta.url));
const recorderUrl = new URL("./recorder.ts", import.meta.url).href;

/** A store of AgentFlow at a level, whose statements are recorded. */
export interface FloorTarget {
  readonly store: FloorStore;
  readonly durability: Durability;
}

/**
 * Lets AgentFlow do the workload twice on a store, in a process that records its statements, and returns the path of
 * the log: the second time is what is measured. Throws with the output of the process when it fails.
 */
export function recordWorkload(
  { id, workload }: NamedWorkload,
  { store, durability }: FloorTarget,
  directory: string,
): string {
  const folder = join(directory, `record-${id}-${store}-${durability}`);
  const logPath = `${folder}.statements`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync(
    process.execPath,
    [
      "--no-warnings",
      "--import",
      recorderUrl,
      recordChildPath,
      JSON.stringify(workload),
      durability,
      folder,
      logPath,
    ],
    {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, FLOOR_STORE: store, FLOOR_DIRECTORY: folder },
    },
  );
  rmSync(folder, { recursive: true });
  return logPath;
}
