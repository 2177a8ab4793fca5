// Advances runs of the corpus on a real store until it is killed, or until `limit` runs have succeeded.
//
//   node corpus-process.fixture.ts '{"place": {...}, "folder": "...", "series": "a", "durability": "normal",
//     "first": 0, "limit": 20}'
//
// It prints "ready", waits for a line on its standard input, and prints "at work" after its first commit. On "stop" it
// begins no other run. When nothing is left it prints how many runs there are, how many commits the store found to be
// stored already, and "done". Runs below `first` are known to have succeeded. With `tellsAll` the events of runs that have succeeded
// are delivered again: the process that ended them may have been killed before. What the engine reports is noted in
// `acknowledged` of the folder, what the outside sees in `outside.jsonl`.
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createEngine } from "@agentflow/runtime";
import { observeCommits } from "@agentflow/testkit";
import { openPlace } from "../../store-place.ts";
import { withLedgerSql } from "../ledger-sql.ts";
import type { DurableRecord } from "../process/durable-record.ts";
import { acknowledgements } from "./acknowledgements.ts";
import type { CorpusProcessSettings } from "./corpus-process.ts";
import { CorpusRuns } from "./corpus-runs.ts";
import { jumpingClock } from "./jumping-clock.ts";
import { OutsideFile } from "./outside-file.ts";

const atOnce = 12;

async function main(settings: CorpusProcessSettings): Promise<void> {
  const { place, folder, series, durability, tellsAll = false } = settings;
  const { first = 0, limit = Number.POSITIVE_INFINITY } = settings;
  const durable = new Map<string, DurableRecord>();
  const opened = withLedgerSql(await openPlace(place, durability), place.store);
  let isAtWork = false;
  let duplicates = 0;
  const { backend } = observeCommits(
    opened,
    (member) => {
      durable.get(member.runId)?.add(member);
      if (!isAtWork) console.log("at work");
      isAtWork = true;
    },
    (member) => {
      durable.get(member.runId)?.add(member);
      duplicates++;
    },
  );
  const outside = new OutsideFile(join(folder, "outside.jsonl"));
  const engine = await createEngine({
    store: backend,
    runsDirectory: join(folder, "runs"),
    artifactsDirectory: join(folder, "artifacts"),
    cacheDirectory: join(folder, "cache"),
    emitters: [acknowledgements(join(folder, "acknowledged"))],
    // Killed this often, a run may well be taken over several times before it gets on.
    recoveriesMax: 1_000_000,
    ...(settings.jumps && { clock: jumpingClock(settings.jumps) }),
    onEmitterError: (emitter, error) => console.error(emitter, error),
  });
  const orders = createInterface({ input: process.stdin });
  const told = once(orders, "line");
  // Everything is open before the work begins, so that whoever kills this process hits it at work.
  console.log("ready");
  await told;
  let isStopping = false;
  orders.on("line", () => {
    isStopping = true;
  });
  const runs = new CorpusRuns({ series, backend, engine, outside, durable });
  let next = first;
  const work = async (): Promise<void> => {
    while (next < limit && !isStopping) await runs.finish(next++, tellsAll);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  orders.close();
  await engine.close();
  await backend.runs.close();
  outside.close();
  console.log(`runs ${next}`);
  console.log(`duplicates ${duplicates}`);
  console.log("done");
}

await main(JSON.parse(process.argv[2] ?? "{}") as CorpusProcessSettings);
