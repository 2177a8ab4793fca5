import { peakRssMb } from "../measure/peak-rss.ts";
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

function print(sample: StartupSample): void {
  // What a system leaves open does not hold the process up.
  process.stdout.write(JSON.stringify(sample), () => process.exit());
}
