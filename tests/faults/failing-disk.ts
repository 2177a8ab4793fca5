import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type SeededRandom, seededRandom } from "@agentflow/core";
import type { Fault, FaultOptions } from "./fault.ts";
import type { FaultSection } from "./fault-report.ts";
import { CrashedDisk } from "./power/crashed-disk.ts";
import { type HeldLevel, heldLevels } from "./power/held-level.ts";
import { acknowledgedBefore, lookAtDisk } from "./power/look-at-disk.ts";
import { missingStrace } from "./power/missing-strace.ts";
import { type DiskOperation, readTrace, traceProgram } from "./power/write-trace.ts";
import { Acknowledgements } from "./work/acknowledgements.ts";
import {
  type PagesMessage,
  type PagesProcessSettings,
  pagesArguments,
  readPagesLine,
} from "./work/pages-process.ts";

const work = { runs: 4, atOnce: 2, turns: 5 };
/** A system call that fails, and where: on the files of the store alone where Node uses it for others too. */
export interface FailingCall {
  readonly name: string;
  readonly files?: readonly string[];
  /** About how often a thread of the process makes it. */
  readonly times: number;
}

const store = ["store/agentflow.db", "store/agentflow.db-wal", "store/agentflow.db-shm"];
const failingCalls: readonly FailingCall[] = [
  { name: "fsync", times: 110 },
  { name: "fsync", times: 110 },
  { name: "fdatasync", times: 2 },
  { name: "pwrite64", times: 900 },
  { name: "rename", times: 8 },
  { name: "ftruncate", times: 3 },
  { name: "pread64", files: store, times: 60 },
  { name: "write", files: ["store/runs/run-0/events.jsonl", "store/runs/run-1/events.jsonl"], times: 10 },
];
const disksPerProcess = 12;

/** Lets system calls of a process fail with EIO while it commits. */
export function failingDiskAt(
  levels: readonly HeldLevel[],
  calls: readonly FailingCall[] = failingCalls,
): Fault {
  return {
    name: "failing-disk",
    summary:
      "syncs, writes and reads of a process fail with EIO; it says so, and nothing acknowledged is lost",
    counts: {
      processes: "processes of which a system call failed, each another call",
      failures: "system calls that failed",
      stops: "times that a run stopped with a typed error, or could not be opened",
      warnings: "troubles that were told and stopped no run",
      commits: "commits that were acknowledged",
      lost: "acknowledged commits that the next process did not find",
      disks: "disks that a power loss after a failed sync may leave, and that were opened",
      runs: "runs that were brought to their end afterwards and compared with an undisturbed one",
    },
    stores: ["sqlite"],
    defaults: { count: 24, stores: ["sqlite"] },
    missing: async () => missingStrace(),
    async run(options, section) {
      for (const level of levels)
        await failLevel(options, section.section(level.durability), { level, calls });
    },
  };
}

export const failingDisk: Fault = failingDiskAt(heldLevels);

async function failLevel(
  options: FaultOptions,
  section: FaultSection,
  { level, calls }: { readonly level: HeldLevel; readonly calls: readonly FailingCall[] },
): Promise<void> {
  const random = seededRandom(options.seed, `failing disk ${level.durability}`);
  for (let number = 0; number < options.count; number++) {
    const folder = join(options.folder, `${level.durability}-${number}`);
    mkdirSync(join(folder, "root"), { recursive: true });
    const call = calls[number % calls.length] as FailingCall;
    const known = section.violations.length;
    await failOnce({ folder, section, level, call, random });
    if (section.violations.length === known) rmSync(folder, { recursive: true });
    if (number % 8 === 7)
      options.progress(`${level.durability}: ${number + 1} of ${options.count} processes`);
  }
}

interface Failing {
  readonly folder: string;
  readonly section: FaultSection;
  readonly level: HeldLevel;
  readonly call: FailingCall;
  readonly random: SeededRandom;
}

async function failOnce({ folder, section, level, call, random }: Failing): Promise<void> {
  const root = join(folder, "root");
  const trace = join(folder, "trace");
  const { durability } = level;
  const settings = { ...work, folder: join(root, "store"), durability, resumesMax: 20, checks: false };
  const when = drawWhen(call, random);
  const inject = `${call.name}:error=EIO:when=${when}`;
  const command = [process.execPath, ...pagesArguments(settings)];
  const only = (call.files ?? []).map((file) => join(root, file));
  const { code, output } = await traceProgram({ command, trace, inject, only });
  const violation = (promise: string, detail: string): void =>
    section.violation(promise, `${inject} at ${durability}: ${detail}`);
  section.count("processes");
  if (code === undefined) violation("a process whose disk fails ends", output.slice(-2_000));
  const messages = messagesOf(output);
  checkTyped(messages, section, violation);
  const operations = await readTrace(trace, root);
  section.count("failures", readFileSync(trace, "latin1").split("(INJECTED)").length - 1);
  const acknowledged = new Acknowledgements();
  for (const message of messages) acknowledged.take(message);
  section.count("commits", acknowledged.commits);
  if (call.files === undefined)
    await losePower({ folder, section, level, call, random }, operations, violation);
  goOn({ ...settings, checks: true }, acknowledged, section, violation);
}

/** Which calls of a thread fail. Early ones are drawn as often as late ones: they open the store. */
function drawWhen({ times }: FailingCall, random: SeededRandom): string {
  const first = Math.ceil(times ** random.next());
  return random.pick([`${first}`, `${first}..${first + 2}`, `${first}+`]);
}

/** A power loss some time after a sync has failed must not take what was acknowledged after it either. */
async function losePower(
  { folder, section, level, random }: Failing,
  operations: readonly DiskOperation[],
  violation: (promise: string, detail: string) => void,
): Promise<void> {
  const failed = operations.find((each) => each.kind === "sync" && !each.isDone);
  if (failed === undefined) return;
  const root = join(folder, "root");
  const into = join(folder, "crashed");
  const disk = new CrashedDisk(root, operations);
  const moments = disk.moments.filter((moment) => moment > failed.end);
  for (let number = 0; number < disksPerProcess && moments.length > 0; number++) {
    const at = random.pick(moments);
    const survival = random.pick(["nothing", "some"] as const);
    disk.leave(at, survival, random, into);
    section.count("disks");
    const told = (promise: string, detail: string): void =>
      violation(promise, `after a power loss (line ${at}, ${survival}): ${detail}`);
    for (const { runId, acknowledgedSeq, foundSeq } of await lookAtDisk(
      join(into, "store"),
      acknowledgedBefore(operations, at),
      told,
    ))
      if (level.keeps)
        told("what was acknowledged is kept", `${runId} up to ${acknowledgedSeq}, found up to ${foundSeq}`);
  }
}

function messagesOf(output: string): readonly PagesMessage[] {
  return output.split("\n").flatMap((line) => readPagesLine(line) ?? []);
}

/** What stops a run says which trouble of the store it was. */
function checkTyped(
  messages: readonly PagesMessage[],
  section: FaultSection,
  violation: (promise: string, detail: string) => void,
): void {
  for (const message of messages) {
    if (message.said === "warning") section.count("warnings");
    if (message.said !== "stopped") continue;
    section.count("stops");
    if (!message.code.startsWith("AF_STORE_"))
      violation("what stops a run is a store error", `${message.runId}: ${message.code} ${message.message}`);
  }
}

/** The next process finds what was acknowledged and brings all runs to their end. */
function goOn(
  settings: PagesProcessSettings,
  acknowledged: Acknowledgements,
  section: FaultSection,
  violation: (promise: string, detail: string) => void,
): void {
  const ended = spawnSync(process.execPath, pagesArguments(settings), { encoding: "utf8", timeout: 60_000 });
  for (const message of messagesOf(ended.stdout)) {
    acknowledged.take(message);
    if (message.said === "violation") violation(message.promise, message.detail);
    if (message.said === "stopped") violation("runs go on once the disk is mended", message.message);
    if (message.said === "succeeded") section.count("runs");
    if (message.said !== "ready") continue;
    for (const { runId, acknowledgedSeq, foundSeq } of acknowledged.missing()) {
      section.count("lost", acknowledgedSeq - foundSeq);
      violation(
        "what was acknowledged is kept",
        `${runId} up to ${acknowledgedSeq}, found up to ${foundSeq}`,
      );
    }
  }
  if (ended.status !== 0)
    violation("runs go on once the disk is mended", `${ended.stdout.slice(-500)} ${ended.stderr}`);
}
