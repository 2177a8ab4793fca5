import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NamedWorkload } from "../workloads/catalogue.ts";

const recordChildPath = fileURLToPath(new URL("./record-child.ts", import.meta.url));

/**
 * Lets AgentFlow do the workload once on SQLite `normal`, in a process that records its statements, and returns the
 * path of the log. Throws with the output of the process when it fails.
 */
export function recordWorkload({ id, workload }: NamedWorkload, directory: string): string {
  const folder = join(directory, `record-${id}`);
  const logPath = join(directory, `${id}.statements`);
  rmSync(folder, { recursive: true, force: true });
  execFileSync(
    process.execPath,
    ["--no-warnings", recordChildPath, JSON.stringify(workload), folder, logPath],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  rmSync(folder, { recursive: true });
  return logPath;
}
