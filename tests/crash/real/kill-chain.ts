import type { Durability, SeededRandom } from "@agentflow/core";
import { openPlace, type StorePlace } from "../../store-place.ts";
import { corpus } from "../corpus/corpus.ts";
import { corpusProcess } from "./corpus-process.ts";
import { runIdOf } from "./corpus-runs.ts";
import type { KillableProcess } from "./killable-process.ts";

/** How a chain of processes is killed. */
export interface KillChain {
  readonly place: StorePlace;
  /** What its processes leave beside the store. */
  readonly folder: string;
  /** What its runs are named after, so that several chains can share a store. */
  readonly series: string;
  readonly durability: Durability;
  readonly kills: number;
  readonly random: SeededRandom;
  /** The wall clock of each process jumps by up to so many milliseconds, again and again. */
  readonly clockReachMs?: number;
  /** Told after each kill how many there were. */
  readonly onKill?: (killed: number) => void;
}

/** What a chain has done. */
export interface KilledChain {
  readonly runs: number;
  /** Kills that hit a process after its first commit. */
  readonly killsAtWork: number;
}

/** Milliseconds that a process works at most before it is killed. */
const lifeMaxMs = 200;

/** Runs that a process finds to advance, at least. */
const runsAhead = 24;

/** One process in so many starts only when the one before is gone, and meets a store that nobody has open. */
const coldStarts = 8;

/**
 * Kills one process after another at random moments of their work on the same runs, then lets a last one finish. While
 * one process works the next one starts, most of the time, so that a kill costs no start.
 */
export async function killChain(chain: KillChain): Promise<KilledChain> {
  const started: KillableProcess[] = [];
  try {
    return await killOneByOne(chain, (settings) => {
      const { place, folder, series, durability, clockReachMs } = chain;
      const jumps =
        clockReachMs === undefined
          ? {}
          : { jumps: { seed: `${series} ${started.length}`, reachMs: clockReachMs } };
      const made = corpusProcess({ place, folder, series, durability, ...settings, ...jumps });
      started.push(made);
      return made;
    });
  } finally {
    await Promise.all(started.map((process) => process.kill()));
  }
}

type Start = (settings: {
  readonly first: number;
  readonly limit: number;
  readonly tellsAll?: boolean;
}) => KillableProcess;

async function killOneByOne(chain: KillChain, start: Start): Promise<KilledChain> {
  const { kills, random, onKill } = chain;
  // Compiled code is kept at the end of a process that ends by itself, which no other one here does.
  await toItsEnd(start({ first: 0, limit: 0 }));
  let [first, limit] = [0, 2 * corpus.length];
  let next: KillableProcess | undefined;
  let killsAtWork = 0;
  for (let killed = 0; killed < kills; ) {
    const current = next ?? start({ first, limit });
    await current.said("ready");
    next = random.integer(1, coldStarts) === 1 ? undefined : start({ first, limit });
    current.say("go");
    // Half of them are killed while they take the runs over, half while they go on with them.
    if (killed % 2 === 1) await Promise.race([current.said("at work"), current.ended]);
    const isKilled = await killAfter(current, random.integer(0, lifeMaxMs));
    if (isKilled) onKill?.(++killed);
    if (isKilled && current.lines.includes("at work")) killsAtWork++;
    // The process that starts now keeps to this limit; what it leaves the next ones take.
    first = await firstUnfinished(chain, first, limit);
    if (limit - first < runsAhead) limit += runsAhead;
  }
  await next?.kill();
  await toItsEnd(start({ first: 0, limit, tellsAll: true }));
  return { runs: limit, killsAtWork };
}

async function toItsEnd(process: KillableProcess): Promise<void> {
  await process.said("ready");
  process.say("go");
  await process.said("done");
  const { code } = await process.ended;
  if (code !== 0 || process.errors !== "")
    throw new Error(`a process that was not killed ended with ${code}: ${process.errors}`);
}

/** True if the process was killed at work; false if it had nothing left to do. */
async function killAfter(process: KillableProcess, lifeMs: number): Promise<boolean> {
  const timer = setTimeout(() => process.child.kill("SIGKILL"), lifeMs);
  const { code, signal } = await process.ended;
  clearTimeout(timer);
  if (code !== null && code !== 0) throw new Error(`a process failed: ${process.errors}`);
  return signal === "SIGKILL";
}

async function firstUnfinished({ place, series }: KillChain, from: number, limit: number): Promise<number> {
  const { runs } = await openPlace(place);
  try {
    let first = from;
    for (; first < limit; first++) {
      const head = await runs.readHead("default", runIdOf(series, first));
      if (head?.status !== "succeeded") break;
    }
    return first;
  } finally {
    await runs.close();
  }
}
