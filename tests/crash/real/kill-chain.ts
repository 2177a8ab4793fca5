import { join } from "node:path";
import type { SeededRandom, StoreBackend } from "@agentflow/core";
import { openSqlite } from "@agentflow/store";
import { corpus } from "../corpus/corpus.ts";
import { runIdOf } from "./corpus-runs.ts";
import { KillableProcess } from "./killable-process.ts";

/** How a chain of processes is killed. */
export interface KillChain {
  /** What each process executes. */
  readonly program: string;
  readonly folder: string;
  readonly durability: "normal" | "batched";
  readonly kills: number;
  /** Milliseconds that a process works at most before it is killed. */
  readonly lifeMaxMs: number;
  readonly random: SeededRandom;
}

/**
 * Kills one process after another at random moments of their work on the same runs, then lets a last one finish. Returns
 * how many runs there are. While one process works the next one starts, so that a kill costs no start.
 */
export async function killChain({
  program,
  folder,
  durability,
  kills,
  lifeMaxMs,
  random,
}: KillChain): Promise<number> {
  let [first, limit] = [0, 2 * corpus.length];
  const start = (): KillableProcess =>
    new KillableProcess(
      program,
      { folder, durability, first, limit },
      { NODE_COMPILE_CACHE: join(folder, "compiled") },
    );
  let next = start();
  for (let killed = 0; killed < kills; ) {
    const current = next;
    await current.said("ready");
    next = start();
    current.say("go");
    // Half of them are killed while they take the runs over, half while they go on with them.
    if (killed % 2 === 1) await Promise.race([current.said("at work"), current.ended]);
    const isKilled = await killAfter(current, random.integer(0, lifeMaxMs));
    if (isKilled) killed++;
    // The process that starts now keeps to this limit; what it leaves the next ones take.
    first = await firstUnfinished(folder, first, limit);
    if (limit - first < 12) limit += 12;
  }
  await next.kill();
  const last = new KillableProcess(program, { folder, durability, first: 0, limit, tellsAll: true });
  await last.said("ready");
  last.say("go");
  await last.said("done");
  const { code } = await last.ended;
  if (code !== 0 || last.errors !== "")
    throw new Error(`the last process ended with ${code}: ${last.errors}`);
  return limit;
}

/** True if the process was killed at work; false if it had nothing left to do. */
async function killAfter(process: KillableProcess, lifeMs: number): Promise<boolean> {
  const timer = setTimeout(() => process.child.kill("SIGKILL"), lifeMs);
  const { code, signal } = await process.ended;
  clearTimeout(timer);
  if (code !== null && code !== 0) throw new Error(`a process failed: ${process.errors}`);
  return signal === "SIGKILL";
}

async function firstUnfinished(folder: string, from: number, limit: number): Promise<number> {
  const backend: StoreBackend = await openSqlite({ path: join(folder, "agentflow.db") });
  try {
    let first = from;
    for (; first < limit; first++) {
      const head = await backend.runs.readHead("default", runIdOf(first));
      if (head?.status !== "succeeded") break;
    }
    return first;
  } finally {
    await backend.runs.close();
  }
}
