import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { uncoveredEnvironment } from "../uncovered-environment.ts";
import type { Fault, FaultOptions } from "./fault.ts";
import type { FaultSection } from "./fault-report.ts";
import { Acknowledgements, reportLosses } from "./work/acknowledgements.ts";
import {
  type PagesMessage,
  type PagesProcessSettings,
  pagesArguments,
  readPagesLine,
} from "./work/pages-process.ts";

/** What has no room left. */
export interface FullPlace {
  readonly name: string;
  /** The folder that is a file system of its own, below that of the store; the store itself has "". */
  readonly folder: string;
  readonly size: string;
  /** Whether runs stop for it: what can be made again stops none. */
  readonly stopsRuns: boolean;
}

export const fullPlaces: readonly FullPlace[] = [
  { name: "store", folder: "", size: "1m", stopsRuns: true },
  { name: "artifacts", folder: "artifacts", size: "24k", stopsRuns: true },
  { name: "run directories", folder: "runs", size: "128k", stopsRuns: false },
  { name: "cache", folder: "cache", size: "16k", stopsRuns: false },
];

const levels = ["strict", "batched", "normal"] as const;
type Level = (typeof levels)[number];
const enoughSize = "64m";
const fileSizeMaxBytes = 300_000;

/** Lets runs fill the disk, or the size that a file may have. */
export function diskFullAt(places: readonly FullPlace[], durabilities: readonly Level[] = levels): Fault {
  return {
    name: "disk-full",
    summary:
      "runs fill the disk of the store, of artifacts, run directories and cache, or meet a limit of sizes",
    counts: {
      commits: "commits that were acknowledged before there was no room, and while there was none",
      stops: "times that a run stopped with AF_STORE_FULL",
      warnings: "troubles that were told and stopped no run",
      lost: "acknowledged commits that the next process did not find",
      runs: "runs that ended once there was room, and were compared with an undisturbed one",
    },
    stores: ["sqlite"],
    defaults: { count: 40, stores: ["sqlite"] },
    missing: async () => missingMount(),
    async run(options, section) {
      for (const durability of durabilities) {
        for (const place of places) {
          const condition = section.section(`full ${place.name}`);
          await fillPlace(options, condition, { place, durability });
        }
        limitSizes(options, section.section("limited file"), durability);
        options.progress(`${durability} is through`);
      }
    },
  };
}

export const diskFull: Fault = diskFullAt(fullPlaces);

/** What this machine lacks to make small file systems, or undefined. */
export function missingMount(): string | undefined {
  if (process.platform !== "linux") return "tmpfs is there on Linux alone";
  const may = spawnSync("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], {
    encoding: "utf8",
  });
  return may.status === 0 ? undefined : "mounting a tmpfs is not allowed here";
}

function settingsOf(folder: string, durability: Level, runs: number): PagesProcessSettings {
  return { folder, durability, runs, atOnce: 4, turns: 6, resumesMax: 2, checks: false };
}

async function fillPlace(
  options: FaultOptions,
  section: FaultSection,
  { place, durability }: { readonly place: FullPlace; readonly durability: Level },
): Promise<void> {
  const folder = join(options.folder, `${durability}-${place.folder}`);
  const full = join(folder, place.folder);
  mkdirSync(full, { recursive: true });
  mount(full, ["-t", "tmpfs", "-o", `size=${place.size}`, "tmpfs"]);
  try {
    const settings = settingsOf(folder, durability, options.count);
    const acknowledged = meetTheEnd(section, execute(settings), place.stopsRuns);
    lookAtFull(section, folder);
    mount(full, ["-o", `remount,size=${enoughSize}`]);
    goOn(section, { ...settings, checks: true }, acknowledged);
  } finally {
    spawnSync("umount", ["--lazy", full]);
  }
}

/** The size that a file may have ends in the middle of the work, as a quota does. */
function limitSizes(options: FaultOptions, section: FaultSection, durability: Level): void {
  const folder = join(options.folder, `${durability}-limited`);
  const settings = settingsOf(folder, durability, options.count);
  const limit = ["prlimit", `--fsize=${fileSizeMaxBytes}`];
  const acknowledged = meetTheEnd(section, execute(settings, limit), true);
  lookAtFull(section, folder);
  goOn(section, { ...settings, checks: true }, acknowledged);
}

function execute(settings: PagesProcessSettings, before: readonly string[] = []): readonly PagesMessage[] {
  const [program = process.execPath, ...parameters] = [
    ...before,
    process.execPath,
    ...pagesArguments(settings),
  ];
  const ended = spawnSync(program, parameters, {
    env: uncoveredEnvironment(),
    encoding: "utf8",
    timeout: 120_000,
    maxBuffer: 256 * 1024 * 1024,
  });
  const messages = ended.stdout.split("\n").flatMap((line) => readPagesLine(line) ?? []);
  if (ended.signal !== null || ended.stderr !== "") {
    const message = `ended with ${ended.signal ?? ended.status}: ${ended.stderr.slice(0, 2_000)}`;
    messages.push({ said: "stopped", runId: "", code: "", message });
  }
  return messages;
}

/** What stops runs is AF_STORE_FULL; what can be made again stops none. */
function meetTheEnd(
  section: FaultSection,
  messages: readonly PagesMessage[],
  stopsRuns: boolean,
): Acknowledgements {
  const acknowledged = new Acknowledgements();
  for (const message of messages) {
    acknowledged.take(message);
    if (message.said === "warning") section.count("warnings");
    if (message.said !== "stopped") continue;
    section.count("stops");
    const isExpected = stopsRuns && message.code === "AF_STORE_FULL";
    section.expect(
      isExpected,
      "a full disk is AF_STORE_FULL, and only where there is no other way",
      message.message,
    );
  }
  section.count("commits", acknowledged.commits);
  const noticed = section.counts.get(stopsRuns ? "stops" : "warnings") ?? 0;
  section.expect(noticed > 0, "the disk was full, or this would prove nothing");
  return acknowledged;
}

/** The database of a full disk can be read. */
function lookAtFull(section: FaultSection, folder: string): void {
  const db = new DatabaseSync(join(folder, "agentflow.db"), { readOnly: true });
  const integrity = db.prepare("PRAGMA integrity_check").get()?.["integrity_check"];
  db.close();
  section.expect(integrity === "ok", "the database is whole, and can be read", String(integrity));
}

/** With room again, the next process brings all runs to their end. */
function goOn(section: FaultSection, settings: PagesProcessSettings, acknowledged: Acknowledgements): void {
  let isThrough = false;
  for (const message of execute(settings)) {
    acknowledged.take(message);
    if (message.said === "violation") section.violation(message.promise, message.detail);
    if (message.said === "stopped") section.violation("runs go on when there is room", message.message);
    if (message.said === "succeeded") section.count("runs");
    if (message.said === "end") isThrough = true;
    if (message.said !== "ready") continue;
    const losses = acknowledged.missing();
    for (const { acknowledgedSeq, foundSeq } of losses) section.count("lost", acknowledgedSeq - foundSeq);
    reportLosses(section, losses);
  }
  section.expect(isThrough, "runs go on when there is room", "the process did not come to its end");
}

function mount(folder: string, parameters: readonly string[]): void {
  const mounted = spawnSync("mount", [...parameters, folder], { encoding: "utf8" });
  if (mounted.status !== 0) throw new Error(`mount failed: ${mounted.stderr}`);
}
