import { existsSync, readFileSync } from "node:fs";

/** The most memory that this process has held so far, in MB. */
export function peakRssMb(): number {
  // On Linux `maxRSS` starts at what the process that started this one held; VmHWM begins anew with the program.
  const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : "";
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes)) / 1024;
}
