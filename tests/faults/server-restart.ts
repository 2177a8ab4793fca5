import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type SeededRandom, seededRandom } from "@agentflow/core";
import type { RunPicture } from "@agentflow/testkit";
import { ledgerTable } from "../crash/ledger-sql.ts";
import { checkRuns, referencePictures } from "../crash/real/check-runs.ts";
import { corpusProcess } from "../crash/real/corpus-process.ts";
import type { KillableProcess } from "../crash/real/killable-process.ts";
import { missingServer, type PrivateServer, privateServer } from "../private-server.ts";
import { rowsIn, type StorePlace } from "../store-place.ts";
import type { Fault, FaultOptions } from "./fault.ts";
import type { FaultSection } from "./fault-report.ts";

const processes = 2;
/** Milliseconds between two restarts, and without a server, at most. */
const upMaxMs = 1_500;
const downMaxMs = 1_200;
/** What happens to the server, in turn. */
const strikes = ["kills", "stops", "kills", "pauses"] as const;
/** Of so many strikes one leaves the server away for longer than any caller waits. */
const longShare = 10;
const longMs = 35_000;

/** A database server that is killed and restarted, again and again, while runs are at work. */
export const serverRestart: Fault = {
  name: "server-restart",
  summary: "a database server is killed, stopped or paused under load, and comes back; runs wait and go on",
  counts: {
    kills: "times that all processes of the server were ended with SIGKILL, and it was started again",
    stops: "times that it was shut down in an orderly way, ending its connections, and started again",
    pauses: "times that all its processes stood still with SIGSTOP, connections and all, and went on",
    "down ms": "time without a server in all",
    runs: "runs that reached their ends through all that in two processes, none of which was restarted",
    commits: "commits of these runs",
    duplicates: "commits that were there when they were sent again: their answers had been lost",
    steps: "steps committed, each held against the undisturbed run",
    acknowledged: "events that an engine had reported, each found in the store afterwards",
    recoveries: "times that a run was taken over; its owner lived on, so none should be",
    calls: "outside calls; none came after its result was durable",
    effects: "rows that ctx.tx wrote in the store's database, each there once",
  },
  stores: ["postgres", "mysql"],
  startsServers: true,
  defaults: { count: 20, stores: ["postgres", "mysql"] },
  missing: async (store) => (store === "sqlite" ? undefined : missingServer(store)),
  run: async (options, section) => {
    const { store, folder } = options;
    if (store === "sqlite") return;
    const server = await privateServer(store);
    const started: KillableProcess[] = [];
    try {
      await server.start();
      const place: StorePlace = { store, url: server.url };
      await rowsIn(place, ledgerTable);
      const series = Array.from({ length: processes }, (_each, index) => `process-${index}`);
      for (const name of series) {
        mkdirSync(join(folder, name));
        started.push(await atWork(place, folder, name));
      }
      await restart(options, server, section);
      const references = await referencePictures(folder);
      for (const [index, name] of series.entries()) {
        const ended = started[index];
        if (ended !== undefined) await check({ folder, place, name, ended, references }, section);
      }
    } finally {
      await Promise.all(started.map((process) => process.kill()));
      await server.dispose();
    }
  },
};

async function atWork(place: StorePlace, folder: string, series: string): Promise<KillableProcess> {
  const process = corpusProcess({ place, folder: join(folder, series), series, durability: "normal" });
  await process.said("ready");
  process.say("go");
  await process.said("at work");
  return process;
}

async function restart(
  { count, seed, progress }: FaultOptions,
  server: PrivateServer,
  section: FaultSection,
): Promise<void> {
  const random: SeededRandom = seededRandom(seed, "server-restart");
  for (let nth = 1; nth <= count; nth++) {
    await setTimeout(random.integer(0, upMaxMs));
    const strike = strikes[nth % strikes.length] ?? "kills";
    const begun = performance.now();
    if (strike === "pauses") server.pause();
    else await (strike === "stops" ? server.stop() : server.kill());
    await setTimeout(nth % longShare === 0 ? longMs : random.integer(0, downMaxMs));
    if (strike === "pauses") server.goOn();
    else await server.start();
    section.count(strike);
    section.count("down ms", Math.round(performance.now() - begun));
    progress(`${nth} of ${count} strikes`);
  }
}

interface Ended {
  readonly folder: string;
  readonly place: StorePlace;
  readonly name: string;
  readonly ended: KillableProcess;
  readonly references: ReadonlyMap<string, RunPicture>;
}

async function check(given: Ended, section: FaultSection): Promise<void> {
  const { place, name, ended, references } = given;
  ended.say("stop");
  const { code } = await ended.ended;
  if (!section.expect(code === 0, "runs wait for the server", ended.errors)) return;
  const runs = numberSaid(ended, "runs");
  section.count("runs", runs);
  section.count("duplicates", numberSaid(ended, "duplicates"));
  const folder = join(given.folder, name);
  const { counts, violations } = await checkRuns({ place, folder, series: name, runs, references });
  for (const [count, amount] of Object.entries(counts)) section.count(count, amount);
  for (const { promise, detail } of violations) section.violation(promise, detail);
  section.expect(counts.recoveries === 0, "no run changes hands while its owner lives");
}

function numberSaid({ lines }: KillableProcess, subject: string): number {
  const line = lines.find((said) => said.startsWith(`${subject} `));
  return Number(line?.slice(subject.length + 1));
}
