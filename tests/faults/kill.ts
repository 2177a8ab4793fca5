import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Durability, seededRandom } from "@agentflow/core";
import type { RunPicture } from "@agentflow/testkit";
import { ledgerTable } from "../crash/ledger-sql.ts";
import { checkRuns, referencePictures } from "../crash/real/check-runs.ts";
import { killChain } from "../crash/real/kill-chain.ts";
import { temporaryPlace } from "../store-place.ts";
import type { Fault, FaultOptions } from "./fault.ts";
import type { FaultSection } from "./fault-report.ts";

/** Chains of processes that work on one store side by side. */
const chains = 2;

/** The other levels of SQLite are killed once for so many kills at `normal`. */
const otherLevelsShare = 10;

/** SIGKILL of worker processes at random moments of their work on runs that use every feature. */
export const kill: Fault = {
  name: "kill",
  summary: "worker processes are killed with SIGKILL at random moments; nothing is lost or doubled",
  counts: {
    kills: "processes killed with SIGKILL",
    "kills at work": "of these, after the process' first commit; the others hit it taking runs over",
    runs: "runs that reached their ends through all that, several at once in each process",
    recoveries: "times that a run was taken over from a killed process",
    commits: "commits of these runs",
    steps: "steps committed, each held against the undisturbed run",
    acknowledged: "events that an engine had reported, each found in the store afterwards",
    calls: "outside calls; none came after its result was durable",
    effects: "rows that ctx.tx wrote in the store's database, each there once",
  },
  stores: ["sqlite", "postgres", "mysql"],
  defaults: { count: 1_000, stores: ["sqlite", "postgres"] },
  run: async (options, section) => {
    const references = await referencePictures(options.folder);
    await killAt({ ...options, durability: "normal", references }, section);
    if (options.store !== "sqlite") return;
    const count = Math.ceil(options.count / otherLevelsShare);
    for (const durability of ["strict", "batched"] as const)
      await killAt({ ...options, count, durability, references }, section.section(durability));
  },
};

interface Level extends FaultOptions {
  readonly durability: Durability;
  readonly references: ReadonlyMap<string, RunPicture>;
}

async function killAt(level: Level, section: FaultSection): Promise<void> {
  const { store, durability, seed, count, references, progress } = level;
  const root = join(level.folder, durability);
  mkdirSync(root);
  const place = await temporaryPlace(store, root);
  try {
    if (store !== "sqlite") await place.rows(ledgerTable);
    let killed = 0;
    const onKill = (): void => {
      killed++;
      if (killed % 50 === 0) progress(`${killed} of ${count} kills (${durability})`);
    };
    const chainOf = async (_each: unknown, index: number): Promise<void> => {
      const series = `chain-${index}`;
      const folder = join(root, series);
      mkdirSync(folder);
      const kills = Math.floor((count + index) / chains);
      const random = seededRandom(seed, `${durability} ${series}`);
      const { runs, killsAtWork } = await killChain({
        place: { store, url: place.url },
        folder,
        series,
        durability,
        kills,
        random,
        onKill,
      });
      section.count("kills", kills);
      section.count("kills at work", killsAtWork);
      section.count("runs", runs);
      const { counts, violations } = await checkRuns({ place, folder, series, runs, references });
      for (const [name, amount] of Object.entries(counts)) section.count(name, amount);
      for (const { promise, detail } of violations) section.violation(promise, detail);
    };
    const ended = await Promise.allSettled(Array.from({ length: chains }, chainOf));
    for (const chain of ended) if (chain.status === "rejected") throw chain.reason;
    const recoveries = section.counts.get("recoveries") ?? 0;
    // About half of the kills follow a first commit; on a slow machine the others hit processes that own nothing yet.
    section.expect(
      recoveries >= count / 4,
      "kills hit runs at work",
      `${recoveries} recoveries, ${count} kills`,
    );
  } finally {
    await place.drop();
  }
}
