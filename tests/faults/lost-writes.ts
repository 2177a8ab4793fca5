import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type SeededRandom, seededRandom } from "@agentflow/core";
import type { Fault, FaultOptions } from "./fault.ts";
import type { FaultSection } from "./fault-report.ts";
import { CrashedDisk, type Survival } from "./power/crashed-disk.ts";
import { type HeldLevel, heldLevels } from "./power/held-level.ts";
import { acknowledgedBefore, lookAtDisk } from "./power/look-at-disk.ts";
import { missingStrace } from "./power/missing-strace.ts";
import { type DiskOperation, readTrace, traceProgram } from "./power/write-trace.ts";
import { reportLosses } from "./work/acknowledgements.ts";
import { type PagesProcessSettings, pagesArguments, readPagesLine } from "./work/pages-process.ts";

const work = { runs: 6, atOnce: 3, turns: 6, resumesMax: 0 };
/** Of that many disks, one is gone on from until all runs have ended. */
const disksPerResume = 40;

/** Leaves the disks that a power loss may leave, at every moment of a process, and looks what is on them. */
export function lostWritesAt(levels: readonly HeldLevel[]): Fault {
  return {
    name: "lost-writes",
    summary:
      "writes that no sync kept are dropped, torn and reordered, and what was acknowledged must be there",
    counts: {
      operations: "writes, syncs and names that the process asked for",
      syncs: "syncs among them",
      commits: "commits that it acknowledged",
      disks: "disks made of them, each at a moment and with a choice of what survives of its own",
      lost: "acknowledged commits that a disk did not have",
      resumed: "disks from which all runs were brought to their end and compared with an undisturbed one",
    },
    stores: ["sqlite"],
    defaults: { count: 2_000, stores: ["sqlite"] },
    missing: async () => missingStrace(),
    async run(options, section) {
      for (const level of levels) await crashLevel(options, section.section(level.durability), level);
    },
  };
}

export const lostWrites: Fault = lostWritesAt(heldLevels);

async function crashLevel(options: FaultOptions, section: FaultSection, level: HeldLevel): Promise<void> {
  const { durability, keeps } = level;
  const folder = join(options.folder, durability);
  // The store's own folder is made by the store, and its name may get lost too.
  const settings = { ...work, folder: join(folder, "root", "store"), durability, checks: false };
  mkdirSync(join(folder, "root"), { recursive: true });
  const operations = await tracePages(settings, folder);
  section.count("operations", operations.length);
  section.count("syncs", operations.filter(({ kind }) => kind === "sync").length);
  section.count("commits", acknowledgedBefore(operations, Number.POSITIVE_INFINITY).commits);
  const random = seededRandom(options.seed, `disk ${durability}`);
  const lost = await crashEverywhere({ ...options, folder }, section, {
    level,
    operations,
    random,
    settings,
  });
  if (!keeps)
    section.expect(
      lost > 0,
      "some disk lacks what was not synced, or they would prove nothing about what was",
    );
}

interface Crashes {
  readonly level: HeldLevel;
  readonly operations: readonly DiskOperation[];
  readonly random: SeededRandom;
  readonly settings: PagesProcessSettings;
}

async function crashEverywhere(
  { folder, count, progress }: FaultOptions,
  section: FaultSection,
  { level, operations, random, settings }: Crashes,
): Promise<number> {
  const disk = new CrashedDisk(join(folder, "root"), operations);
  const into = join(folder, "crashed");
  const violation = (promise: string, detail: string): void => section.violation(promise, detail);
  let lost = 0;
  for (let number = 0; number < count; number++) {
    const at = random.pick(disk.moments);
    const survival: Survival = random.pick(["nothing", "everything", "some", "some", "some"]);
    disk.leave(at, survival, random, into);
    const losses = await lookAtDisk(join(into, "store"), acknowledgedBefore(operations, at), violation);
    for (const { acknowledgedSeq, foundSeq } of losses) lost += acknowledgedSeq - foundSeq;
    if (level.keeps) reportLosses(section, losses);
    section.count("disks");
    if (number % disksPerResume === 0) resume(section, { ...settings, folder: join(into, "store") });
    if (number % 200 === 199) progress(`${level.durability}: ${number + 1} disks, ${lost} commits lost`);
    if (section.violations.length > 0) {
      section.note(
        `the disk of ${into} is that after line ${at} of the trace, with ${survival} of what was not synced`,
      );
      break;
    }
  }
  section.count("lost", lost);
  return lost;
}

/** Executes a pages process under strace and reads what it did. */
async function tracePages(settings: PagesProcessSettings, folder: string): Promise<readonly DiskOperation[]> {
  const trace = join(folder, "trace");
  const command = [process.execPath, ...pagesArguments(settings)];
  const { code, output } = await traceProgram({ command, trace });
  if (code !== 0) throw new Error(`the program fails without any fault: ${output}`);
  return readTrace(trace, join(folder, "root"));
}

/** Goes on from a crashed disk. */
function resume(section: FaultSection, settings: PagesProcessSettings): void {
  mkdirSync(settings.folder, { recursive: true });
  const ended = spawnSync(process.execPath, pagesArguments({ ...settings, checks: true }), {
    encoding: "utf8",
  });
  const messages = ended.stdout.split("\n").flatMap((line) => readPagesLine(line) ?? []);
  for (const message of messages) {
    if (message.said === "violation") section.violation(message.promise, message.detail);
    if (message.said === "stopped") section.violation("a crashed disk can be gone on from", message.message);
  }
  const isThrough = messages.some(({ said }) => said === "end");
  section.expect(
    isThrough,
    "a crashed disk can be gone on from",
    `${ended.stderr} ${readdirSync(settings.folder)}`,
  );
  section.count("resumed");
}
