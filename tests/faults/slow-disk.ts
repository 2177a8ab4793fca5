import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault, FaultOptions } from "./fault.ts";
import type { FaultSection } from "./fault-report.ts";
import { missingStrace } from "./power/missing-strace.ts";
import { traceProgram } from "./power/write-trace.ts";
import { type PagesProcessSettings, pagesArguments, readPagesLine } from "./work/pages-process.ts";

const delayMs = 5;
const ticksMin = 800;
const levels = ["strict", "batched", "normal"] as const;

/** Delays every sync of a process that commits, as a slow disk does. */
export const slowDisk: Fault = {
  name: "slow-disk",
  summary: `each sync takes ${delayMs} ms longer; runs end as ever, and timers of the process keep ticking`,
  counts: {
    syncs: "syncs that were delayed",
    commits: "commits that were acknowledged",
    runs: "runs that ended and were compared with an undisturbed one",
    "ticks/s": `how often a timer of 1 ms fired per second while runs were at work; --gate wants ${ticksMin} at strict`,
    "idle ticks/s": "the same where nothing was at work, which is what this machine can do now",
    "longest gap ms": "the longest time between two of its ticks, in milliseconds",
  },
  stores: ["sqlite"],
  defaults: { count: 60, stores: ["sqlite"] },
  missing: async () => missingStrace(),
  async run(options, section) {
    for (const level of levels) await slowLevel(options, section.section(level), level);
  },
};

async function slowLevel(
  options: FaultOptions,
  section: FaultSection,
  durability: (typeof levels)[number],
): Promise<void> {
  const trace = join(options.folder, `trace-${durability}`);
  const settings: PagesProcessSettings = {
    folder: join(options.folder, durability),
    durability,
    runs: options.count,
    atOnce: 8,
    turns: 6,
    resumesMax: 0,
    ticks: true,
    checks: true,
  };
  const { code, output } = await traceProgram({
    command: [process.execPath, ...pagesArguments(settings)],
    trace,
    calls: [],
    inject: `fsync,fdatasync:delay_enter=${delayMs * 1_000}`,
  });
  section.count("syncs", readFileSync(trace, "latin1").split("(DELAYED)").length - 1);
  for (const line of output.split("\n")) {
    const message = readPagesLine(line);
    if (message?.said === "committed") section.count("commits");
    if (message?.said === "succeeded") section.count("runs");
    if (message?.said === "violation") section.violation(message.promise, message.detail);
    if (message?.said === "stopped")
      section.violation("a slow disk stops no run", `${message.runId}: ${message.message}`);
    if (message?.said !== "ticked") continue;
    section.count("ticks/s", message.perSecond);
    section.count("idle ticks/s", message.idlePerSecond);
    section.count("longest gap ms", message.longestGapMs);
  }
  if (code !== 0) section.violation("the process ends by itself", output.slice(-2_000));
  const ticks = section.counts.get("ticks/s") ?? 0;
  if (options.gate && durability === "strict")
    section.expect(ticks >= ticksMin, `at least ${ticksMin} ticks a second at strict`, `${ticks}`);
}
