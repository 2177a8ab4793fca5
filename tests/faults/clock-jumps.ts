import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { seededRandom } from "@agentflow/core";
import { corpus, describeCase } from "../crash/corpus/corpus.ts";
import { ledgerTable, withLedgerSql } from "../crash/ledger-sql.ts";
import { checkStory, tellStory } from "../crash/process/crash-story.ts";
import { checkRuns, referencePictures } from "../crash/real/check-runs.ts";
import { killChain } from "../crash/real/kill-chain.ts";
import type { KillableProcess } from "../crash/real/killable-process.ts";
import { openPlace, type TemporaryPlace, temporaryPlace } from "../store-place.ts";
import { RestlessClock } from "./clocks/restless-clock.ts";
import { checkRetries, checkSleep, checkTakeover, checkTimeout } from "./clocks/timed-runs.ts";
import type { Fault, FaultOptions } from "./fault.ts";
import type { FaultSection } from "./fault-report.ts";
import { countsOf, rival } from "./rivals/rival.ts";
import { entriesTable } from "./work/pages-workflow.ts";

const jumpsPerStory = 12;
/** How far the wall clocks of killed processes get from the true time: sleeps of their runs wait as long. */
const killedReachMs = 1_500;
const livingReachMs = 48 * 3_600_000;
const livingTurns = 4;

/** Wall clocks that jump, forward and back, while runs sleep, retry, time out and change hands. */
export const clockJumps: Fault = {
  name: "clock-jumps",
  summary:
    "wall clocks jump while runs sleep, retry, time out and are taken over; nothing wakes early or is lost",
  counts: {
    stories:
      "runs of every feature on fake time that jumps, each through a crash, like the undisturbed one in the end",
    sleeps: "sleeps that ended at their time by the wall clock: not before, and within a minute after",
    retries: "attempts that came after their delay by time that nobody sets",
    timeouts: "steps and runs that were over exactly when their time had passed",
    refusals: "times that a run was not taken from another machine, whose heart beat",
    takeovers: "runs that were taken from another machine when its heart had stood still for 10 s",
    jumps: "jumps of fake wall clocks, by up to an hour",
    kills: "real processes killed at work, each with a wall clock that jumped by up to 1.5 s all the time",
    runs: "runs of killed processes, each like the undisturbed one in the end",
    recoveries: "times that one of them was taken over from a killed process",
    acknowledged: "events that their engines had reported, each found in the store afterwards",
    ended: "runs that two living processes, with clocks up to two days apart, ended side by side",
  },
  stores: ["sqlite", "postgres", "mysql"],
  defaults: { count: 100, durationMs: 20_000, stores: ["sqlite", "postgres", "mysql"] },
  run: async (options, section) => {
    const { seed, count, store, progress } = options;
    await tellStories(options, section);
    const random = seededRandom(seed, "timed runs");
    for (let round = 0; round < count && store === "sqlite"; round++) {
      await checkSleep(random, section);
      await checkRetries(random, section);
      await checkTimeout(random, section);
      await checkTakeover(random, section);
      if (round % 20 === 19) progress(`${round + 1} rounds of timed runs`);
    }
    await killWithJumps(options, section);
    await liveWithJumps(options, section);
  },
};

/** Every case of the corpus on fake time, with a crash at some moment. */
async function tellStories(options: FaultOptions, section: FaultSection): Promise<void> {
  await at("stories", options, async (place) => {
    const backend = withLedgerSql(await openPlace(place), place.store);
    try {
      for (const makeCase of corpus) {
        const { name, readsClock } = describeCase(makeCase);
        if (readsClock === true) continue;
        const random = seededRandom(options.seed, `story ${name}`);
        const reference = await tellStory(makeCase, backend, `${name}-calm`);
        const clock = new RestlessClock(random, jumpsPerStory);
        const crossings = reference.processes[0]?.line.crossings.length ?? 1;
        const faults = [{ crossing: random.integer(1, crossings), kind: "crashAfter" } as const];
        const story = await tellStory(makeCase, backend, `${name}-restless`, { faults, clock });
        try {
          await checkStory(story, reference);
        } catch (error) {
          section.violation("a run ends like the undisturbed one", `${name}: ${String(error)}`);
        }
        section.count("stories");
        section.count("jumps", clock.jumps);
      }
    } finally {
      await backend.runs.close();
    }
  });
}

async function killWithJumps(options: FaultOptions, section: FaultSection): Promise<void> {
  const { count: kills, seed, store, progress } = options;
  await at("killed", options, async (place, folder) => {
    const series = "killed";
    const { runs } = await killChain({
      place: { store, url: place.url },
      folder,
      series,
      durability: "normal",
      kills,
      random: seededRandom(seed, "kills"),
      clockReachMs: killedReachMs,
      onKill: (killed) => {
        if (killed % 20 === 0) progress(`${killed} of ${kills} kills`);
      },
    });
    section.count("kills", kills);
    section.count("runs", runs);
    const references = await referencePictures(folder);
    const { counts, violations } = await checkRuns({ place, folder, series, runs, references });
    section.count("recoveries", counts.recoveries);
    section.count("acknowledged", counts.acknowledged);
    for (const { promise, detail } of violations) section.violation(promise, detail);
  });
}

/** Two processes live side by side, each for another machine to the other; no run may change hands. */
async function liveWithJumps(options: FaultOptions, section: FaultSection): Promise<void> {
  const { seed, durationMs, store } = options;
  await at("living", options, async (place, folder) => {
    await (await openPlace(place)).runs.close();
    await place.rows(entriesTable);
    const rivals: KillableProcess[] = ["a", "b"].map((name) =>
      rival({
        place: { store, url: place.url },
        folder,
        name,
        seed,
        isBlind: false,
        turns: livingTurns,
        jumps: { seed: `${seed} ${name}`, reachMs: livingReachMs },
      }),
    );
    try {
      for (const each of rivals) await each.said("ready");
      for (const each of rivals) each.say("go");
      await setTimeout(durationMs);
      for (const each of rivals) each.say("stop");
      for (const each of rivals) await each.said("done");
    } finally {
      await Promise.all(rivals.map((each) => each.kill()));
    }
    for (const counts of rivals.map(countsOf)) {
      section.count("ended", counts["succeeded"] ?? 0);
      const fenced = counts["AF_FENCED"] ?? 0;
      section.expect(fenced === 0, "no run changes hands while its owner lives", `${fenced} times`);
    }
  });
}

/** Gives a part of the fault a place and a folder of its own. */
async function at(
  part: string,
  { store, folder }: FaultOptions,
  work: (place: TemporaryPlace, folder: string) => Promise<void>,
): Promise<void> {
  const own = join(folder, part);
  mkdirSync(own);
  const place = await temporaryPlace(store, own);
  try {
    if (store !== "sqlite") await place.rows(ledgerTable);
    await work(place, own);
  } finally {
    await place.drop();
  }
}
