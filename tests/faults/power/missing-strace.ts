import { spawnSync } from "node:child_process";

/** What this machine lacks to follow the system calls of a process, or undefined. */
export function missingStrace(): string | undefined {
  const found = spawnSync("strace", ["-qq", "-e", "trace=none", "true"], { encoding: "utf8" });
  if (found.error !== undefined) return "strace is not installed";
  return found.status === 0 ? undefined : `strace may not trace processes here: ${found.stderr.trim()}`;
}
