// Advances runs of the corpus on a real file until it is killed, or until `limit` runs have succeeded.
//
//   node corpus-process.fixture.ts '{"folder": "...", "durability": "normal", "first": 0, "limit": 20}'
//
// It prints "ready", waits for a line on its standard input, and prints "at work" after its first commit and "done" when
// nothing is left. Runs below `first` are known to have succeeded. With `tellsAll` the events of runs that have succeeded
// are delivered again: the process that ended them may have been killed before.
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createEngine } from "@agentflow/runtime";
import { openSqlite } from "@agentflow/store";
import type { DurableRecord } from "../process/durable-record.ts";
import { observeCommits } from "../process/observe-commits.ts";
import { CorpusRuns } from "./corpus-runs.ts";
import { OutsideFile } from "./outside-file.ts";

interface Settings {
  readonly folder: string;
  readonly durability: "normal" | "batched";
  readonly first: number;
  readonly limit: number;
  readonly tellsAll?: boolean;
}

const atOnce = 6;

async function main({ folder, durability, first, limit, tellsAll = false }: Settings): Promise<void> {
  const durable = new Map<string, DurableRecord>();
  const opened = await openSqlite({
    path: join(folder, "agentflow.db"),
    durability: durability === "batched" ? { batchedMs: 5 } : durability,
  });
  let isAtWork = false;
  const { backend } = observeCommits(opened, (member) => {
    durable.get(member.runId)?.add(member);
    if (!isAtWork) console.log("at work");
    isAtWork = true;
  });
  const outside = new OutsideFile(join(folder, "outside.jsonl"));
  const engine = await createEngine({
    store: backend,
    runsDirectory: join(folder, "runs"),
    artifactsDirectory: join(folder, "artifacts"),
    cacheDirectory: join(folder, "cache"),
    // Killed this often, a run may well be taken over several times before it gets on.
    recoveriesMax: 1_000_000,
    onEmitterError: (emitter, error) => console.error(emitter, error),
  });
  await told();
  const runs = new CorpusRuns({ backend, engine, outside, durable });
  let next = first;
  const work = async (): Promise<void> => {
    while (next < limit) await runs.finish(next++, tellsAll);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await engine.close();
  await backend.runs.close();
  outside.close();
  console.log("done");
}

/** Everything is open before the work begins, so that whoever kills this process hits it at work. */
async function told(): Promise<void> {
  const input = createInterface({ input: process.stdin });
  const line = once(input, "line");
  console.log("ready");
  await line;
  input.close();
}

await main(JSON.parse(process.argv[2] ?? "{}") as Settings);
