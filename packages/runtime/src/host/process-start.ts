import { readFileSync } from "node:fs";

/** What the readings need from the system, so that tests can stand in for another one. */
export interface ProcessSource {
  readonly platform: NodeJS.Platform;
  /** Text of a file, or undefined if it does not exist. */
  readText(path: string): string | undefined;
  /** Standard output of a program, or undefined if it failed. */
  output(program: string, parameters: readonly string[]): string | undefined;
  /** Whether a signal could be sent to the process. */
  reachable(pid: number): boolean;
}

/** The running system. */
const systemProcesses: ProcessSource = {
  platform: process.platform,
  readText(path) {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // ESRCH: the process ended between opening and reading its file.
      if (code === "ENOENT" || code === "ESRCH") return undefined;
      throw error;
    }
  },
  output(program, parameters) {
    // Loaded where it is needed, which is not on Linux: it takes 3 MB of memory.
    const { spawnSync } = process.getBuiltinModule("node:child_process");
    const result = spawnSync(program, parameters, { encoding: "utf8" });
    return result.status === 0 ? result.stdout : undefined;
  },
  reachable(pid) {
    try {
      return process.kill(pid, 0);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EPERM";
    }
  },
};

// proc(5): fields follow the name in parentheses, which may hold spaces and parentheses itself; the state is field 3,
// the start in clock ticks since boot field 22.
function linuxStart(pid: number, source: ProcessSource): string | undefined {
  const stat = source.readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, start] = [fields[0], fields[19]];
  // A zombie runs nothing; it only waits for its parent to look at it.
  if (state === undefined || state === "Z" || state === "X" || start === undefined) return undefined;
  const boot = source.readText("/proc/sys/kernel/random/boot_id")?.trim().slice(0, 8) ?? "";
  return `${boot}:${start}`;
}

/**
 * Tells when a process started, as text that only that process has on this machine, or undefined if it does not
 * run. Windows does not tell without more permissions, so every live process there answers "unknown".
 */
export function processStart(pid: number, source: ProcessSource = systemProcesses): string | undefined {
  if (source.platform === "linux") return linuxStart(pid, source);
  if (source.platform === "win32") return source.reachable(pid) ? "unknown" : undefined;
  const started = source.output("ps", ["-o", "lstart=", "-p", String(pid)])?.trim();
  return started === "" ? undefined : started;
}
