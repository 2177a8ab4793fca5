import { readFileSync } from "node:fs";

/** What a process has used between two moments. */
export interface ResourceUse {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly bytesRead?: number;
}

// Linux counts the bytes that reads returned, whether from the disk or from memory.
function bytesSoFar(): number | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const found = /^rchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"));
    return found === null ? undefined : Number(found[1]);
  } catch (error) {
    // A container may hide it; then there is no such figure.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** Begins to measure; the result ends it. Other work of the process meanwhile is counted too. */
export function measureUse(): () => ResourceUse {
  const bytes = bytesSoFar();
  const cpu = process.cpuUsage();
  const started = performance.now();
  return () => {
    const wallMs = performance.now() - started;
    const { user, system } = process.cpuUsage(cpu);
    const after = bytesSoFar();
    return {
      wallMs,
      cpuMs: (user + system) / 1000,
      ...(bytes === undefined || after === undefined ? {} : { bytesRead: after - bytes }),
    };
  };
}
