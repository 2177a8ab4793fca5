import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type SeededRandom, seededRandom } from "@agentflow/core";
import type { Fault, FaultOptions } from "./fault.ts";
import type { FaultSection } from "./fault-report.ts";
import { type HeldLevel, heldLevels } from "./power/held-level.ts";
import {
  createDisk,
  missingForVirtualMachine,
  type VirtualDisk,
  VirtualMachine,
} from "./power/virtual-machine.ts";
import { Acknowledgements, type Loss, reportLosses } from "./work/acknowledgements.ts";
import {
  type PagesMessage,
  type PagesProcessSettings,
  pagesArguments,
  readPagesLine,
} from "./work/pages-process.ts";

const bootTimeoutMs = 120_000;
const commitsMax = 160;
const openingMaxMs = 60;

/** When the power of one machine goes. */
interface Cut {
  /** After that many commits, or milliseconds after the process has started to open the store. */
  readonly commits?: number;
  readonly openingMs?: number;
}

/** Cuts the power of a virtual machine while it commits to its own disk, again and again. */
export function powerLossAt(levels: readonly HeldLevel[]): Fault {
  return {
    name: "power-loss",
    summary: "the power of a virtual machine is cut while it commits, and what it acknowledged must be there",
    counts: {
      cuts: "times that the power was cut",
      commits: "commits that a process acknowledged on the console",
      lost: "acknowledged commits that the next machine did not find",
      reruns: "acknowledged steps that were executed again although they were found",
      runs: "runs that were compared with an undisturbed one in the end",
    },
    stores: ["sqlite"],
    defaults: { count: 20, stores: ["sqlite"] },
    isOptional: true,
    missing: async () => missingForVirtualMachine(),
    async run(options, section) {
      for (const level of levels) await cutLevel(options, section.section(level.durability), level);
    },
  };
}

export const powerLoss: Fault = powerLossAt(heldLevels);

async function cutLevel(
  options: FaultOptions,
  section: FaultSection,
  { durability, keeps }: HeldLevel,
): Promise<void> {
  const folder = join(options.folder, durability);
  mkdirSync(folder);
  const disk = createDisk(folder);
  warmCompileCache(folder);
  const random = seededRandom(options.seed, `power ${durability}`);
  const acknowledged = new Acknowledgements();
  let lost = 0;
  const judge = (losses: readonly Loss[]): void => {
    for (const { acknowledgedSeq, foundSeq } of losses) lost += acknowledgedSeq - foundSeq;
    if (keeps) reportLosses(section, losses);
  };
  let runs = 0;
  const settings = { folder: disk.mountPoint, durability, atOnce: 4, turns: 6, resumesMax: 0 };
  for (let number = 0; number < options.count; number++) {
    const boot = new Boot(
      disk,
      { ...settings, runs: 1_000_000, checks: false },
      { acknowledged, judge, section },
    );
    await boot.cutAt(drawCut(random, number));
    section.count("cuts");
    runs = Math.max(runs, boot.runs);
    options.progress(`${durability}: ${number + 1} cuts, ${acknowledged.commits} commits, ${lost} lost`);
  }
  const last = new Boot(disk, { ...settings, runs, checks: true }, { acknowledged, judge, section });
  await last.cutAtEnd();
  section.count("commits", acknowledged.commits);
  section.count("lost", lost);
  section.count("reruns", acknowledged.repeated.length);
  section.count("runs", runs);
  section.expect(runs > 0, "runs were at work");
  for (const step of acknowledged.repeated)
    section.violation("an acknowledged step is not executed again", step);
  if (!keeps)
    section.expect(lost > 0, "a cut loses what was not synced, or it would prove nothing about what was");
}

/** One in six cuts hits the opening of the store, which makes or mends its files. */
function drawCut(random: SeededRandom, number: number): Cut {
  return number % 6 === 5
    ? { openingMs: random.integer(0, openingMaxMs) }
    : { commits: random.integer(1, commitsMax) };
}

/** A machine compiles slowly: what it executes is compiled here, where it can read it. */
function warmCompileCache(folder: string): void {
  const warm: PagesProcessSettings = {
    folder: join(folder, "warm"),
    durability: "strict",
    runs: 1,
    atOnce: 1,
    turns: 1,
    resumesMax: 0,
    checks: true,
  };
  mkdirSync(warm.folder);
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache(folder) };
  const ended = spawnSync(process.execPath, pagesArguments(warm), { encoding: "utf8", env });
  if (ended.status !== 0)
    throw new Error(`the program fails without any fault: ${ended.stdout}${ended.stderr}`);
}

function compileCache(folder: string): string {
  return join(folder, "compiled");
}

/** One life of the machine. */
class Boot {
  /** Runs seen so far: their numbers follow each other. */
  runs = 0;
  readonly #machine: VirtualMachine;
  readonly #parts: BootParts;
  #commits = 0;
  #onMessage: (message: PagesMessage) => void = () => undefined;
  #onTrouble: (error: Error) => void = () => undefined;

  constructor(disk: VirtualDisk, settings: PagesProcessSettings, parts: BootParts) {
    this.#parts = parts;
    const command = ["env", `NODE_COMPILE_CACHE=${compileCache(disk.folder)}`, process.execPath];
    this.#machine = new VirtualMachine(disk, [...command, ...pagesArguments(settings)], (line) =>
      this.#take(line),
    );
  }

  async cutAt({ commits = Number.POSITIVE_INFINITY, openingMs }: Cut): Promise<void> {
    await this.#until((message, resolve) => {
      if (openingMs !== undefined && message.said === "opening") setTimeout(resolve, openingMs);
      if (this.#commits >= commits) resolve();
    });
  }

  async cutAtEnd(): Promise<void> {
    await this.#until((message, resolve) => {
      if (message.said === "end") resolve();
    });
  }

  async #until(see: (message: PagesMessage, resolve: () => void) => void): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#onMessage = (message) => see(message, resolve);
        this.#onTrouble = reject;
        const trouble = (what: string) => () =>
          reject(new Error(`the machine ${what}; its console:\n${this.#machine.console.join("\n")}`));
        const timer = setTimeout(trouble("does not come to its end"), bootTimeoutMs);
        void this.#machine.ended.then(trouble("ended by itself")).finally(() => clearTimeout(timer));
      });
    } finally {
      await this.#machine.cutPower();
    }
  }

  #take(line: string): void {
    const message = readPagesLine(line);
    if (message === undefined) {
      if (line.includes("machine: the program ended")) this.#onTrouble(new Error(line));
      return;
    }
    const { acknowledged, judge, section } = this.#parts;
    acknowledged.take(message);
    if (message.said === "ready") judge(acknowledged.missing());
    if (message.said === "committed") this.#commits += 1;
    if (message.said === "violation") section.violation(message.promise, message.detail);
    if (message.said === "stopped")
      this.#onTrouble(new Error(`${message.runId} stopped with ${message.code}: ${message.message}`));
    if ("runId" in message) this.runs = Math.max(this.runs, Number(message.runId.slice("run-".length)) + 1);
    this.#onMessage(message);
  }
}

interface BootParts {
  readonly acknowledged: Acknowledgements;
  readonly judge: (losses: readonly Loss[]) => void;
  readonly section: FaultSection;
}
