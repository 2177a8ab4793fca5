import { existsSync, readFileSync } from "node:fs";
import { loadSystem } from "../systems/catalogue.ts";
import type { SystemId } from "../systems/system.ts";
import type { StartupSample } from "./startup-sample.ts";

const [system, directory = "."] = process.argv.slice(2);

if (system === "bare-node") {
  print({ firstStepAtMs: nowMs(), firstStepRssMb: peakRssMb(), loopRssMb: peakRssMb() });
} else {
  const { open } = await loadSystem(system as SystemId, undefined);
  const session = await open(directory);
  await session.run({ kind: "loop", steps: 1, append: false });
  const firstStepAtMs = nowMs();
  const firstStepRssMb = peakRssMb();
  await session.run({ kind: "loop", steps: 1000, append: false });
  await session.close();
  print({ firstStepAtMs, firstStepRssMb, loopRssMb: peakRssMb() });
}

function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

// On Linux `maxRSS` starts at what the process that started this one held; VmHWM begins anew with the program.
function peakRssMb(): number {
  const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : "";
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes)) / 1024;
}

function print(sample: StartupSample): void {
  process.stdout.write(JSON.stringify(sample));
}
