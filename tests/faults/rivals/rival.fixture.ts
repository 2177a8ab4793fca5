// Fights with others for one run after the other, until it is told to stop and the run at hand has ended.
//
//   node rival.fixture.ts '{"place": {...}, "folder": "...", "name": "a", "isBlind": true, "turns": 5}'
//
// It prints "ready" and waits for a line; on the next line it begins no other run. In the end it prints, as JSON, how
// often each thing happened to it, and "done".
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { AgentFlowError, type Host, type StoreBackend, seededRandom } from "@agentflow/core";
import type { Engine, RunOutcome } from "@agentflow/engine";
import { createEngine, systemHost } from "@agentflow/runtime";
import { acknowledgements } from "../../crash/real/acknowledgements.ts";
import { jumpingClock } from "../../crash/real/jumping-clock.ts";
import { openPlace } from "../../store-place.ts";
import { pagesWorkflow } from "../work/pages-workflow.ts";
import { type RivalSettings, rivalRunId } from "./rival.ts";

const tenant = "default";
/** Milliseconds before it reaches for the run again, at most: long enough for others to get on. */
const pauseMaxMs = 60;

/** A blind process takes every other one for dead; one that sees well takes itself for another machine. */
function hostOf({ name, isBlind }: RivalSettings): Host {
  return isBlind ? { ...systemHost(), isAlive: () => false } : { ...systemHost(), name: `host-${name}` };
}

/** Takes the run at hand as far as it is let; says what became of it here. */
async function fight(
  engine: Engine,
  backend: StoreBackend,
  settings: RivalSettings,
  runId: string,
): Promise<RunOutcome["status"] | "there already"> {
  const head = await backend.runs.readHead(tenant, runId);
  if (head?.status === "succeeded") return "there already";
  const { store } = settings.place;
  const workflow = pagesWorkflow({ turns: settings.turns, store });
  const run =
    head === undefined
      ? await engine.start(workflow, {}, { id: runId, seed: "seed" })
      : await engine.resume(runId, workflow);
  const outcome = await run.settled();
  if (outcome.status === "fenced" || outcome.status === "failed") throw outcome.error;
  return outcome.status;
}

async function main(settings: RivalSettings): Promise<void> {
  const { place, folder, name, seed } = settings;
  const backend = await openPlace(place);
  const engine = await createEngine({
    store: backend,
    artifactsDirectory: join(folder, "artifacts"),
    emitters: [acknowledgements(join(folder, `acknowledged-${name}`))],
    host: hostOf(settings),
    ...(settings.jumps && { clock: jumpingClock(settings.jumps) }),
    recoveriesMax: 1_000_000,
    onEmitterError: (emitter, error) => console.error(emitter, error),
  });
  const orders = createInterface({ input: process.stdin });
  const told = once(orders, "line");
  console.log("ready");
  await told;
  let isStopping = false;
  orders.on("line", () => {
    isStopping = true;
  });
  const random = seededRandom(seed, name);
  const counts: Record<string, number> = {};
  let number = 0;
  for (let hasEnded = false; !(isStopping && hasEnded); ) {
    let end: string;
    try {
      end = await fight(engine, backend, settings, rivalRunId(number));
    } catch (error) {
      if (!(error instanceof AgentFlowError)) throw error;
      end = error.code;
    }
    counts[end] = (counts[end] ?? 0) + 1;
    hasEnded = end === "succeeded" || end === "there already";
    if (hasEnded) number++;
    else await setTimeout(random.integer(0, pauseMaxMs));
  }
  orders.close();
  await engine.close();
  await backend.runs.close();
  console.log(`counts ${JSON.stringify(counts)}`);
  console.log(`runs ${number}`);
  console.log("done");
}

await main(JSON.parse(process.argv[2] ?? "{}") as RivalSettings);
