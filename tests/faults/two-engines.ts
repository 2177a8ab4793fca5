import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { eventsOf, type StoreBackend, seededRandom } from "@agentflow/core";
import { createEngine } from "@agentflow/runtime";
import {
  type Acknowledged,
  lostAcknowledgements,
  readAcknowledgements,
} from "../crash/real/acknowledgements.ts";
import { doubledSteps } from "../crash/real/check-runs.ts";
import type { KillableProcess } from "../crash/real/killable-process.ts";
import { openPlace, type TemporaryPlace, temporaryPlace } from "../store-place.ts";
import type { Fault, FaultOptions } from "./fault.ts";
import type { FaultSection } from "./fault-report.ts";
import { countsOf, rival, rivalRunId, runsOf } from "./rivals/rival.ts";
import { checkPages, undisturbedPages } from "./work/check-pages.ts";
import { entriesTable, pagesWorkflow } from "./work/pages-workflow.ts";

const names = ["a", "b", "c"];
const turns = 12;
/** How long a process is stopped: blind rivals take its run at once, others when its heart has not beaten for 10 s. */
const blindStopMaxMs = 700;
const seeingStopMs = 14_000;

/** Engines that all want the same run, and take it from each other while each still thinks that it is its own. */
export const twoEngines: Fault = {
  name: "two-engines",
  summary: "three engine processes fight for one run, stopped and continued; each position is committed once",
  counts: {
    stops: "times that a process was stopped with SIGSTOP, and continued when others had its run",
    takeovers: "times that a run was taken from an owner that had not released it",
    fenced: "times that an engine found at a commit that its run was another's by now, and stopped",
    refused: "times that a run could not be taken: somebody was faster, or its owner lived",
    runs: "runs that reached their ends, one after the other",
    commits: "commits that were applied",
    steps: "steps committed, each at its own position, the same as in an undisturbed run",
    acknowledged: "events that an engine had reported, each found in the store afterwards",
    effects: "rows that ctx.tx wrote in the store's database, each there once",
  },
  stores: ["sqlite", "postgres", "mysql"],
  defaults: { durationMs: 60_000, stores: ["sqlite", "postgres", "mysql"] },
  run: async (options, section) => {
    await fight({ ...options, isBlind: true }, section);
    // Others than blind ones need 10 s to believe that an owner is gone.
    if (options.durationMs > 2 * seeingStopMs)
      await fight({ ...options, isBlind: false }, section.section("by heartbeat"));
  },
};

interface Fight extends FaultOptions {
  readonly isBlind: boolean;
}

async function fight(options: Fight, section: FaultSection): Promise<void> {
  const { store, isBlind, seed } = options;
  const folder = join(options.folder, isBlind ? "blind" : "seeing");
  mkdirSync(folder);
  const place = await temporaryPlace(store, folder);
  const rivals: KillableProcess[] = [];
  try {
    const { url } = place;
    await (await openPlace(place)).runs.close();
    await place.rows(entriesTable);
    for (const name of names)
      rivals.push(rival({ place: { store, url }, folder, name, seed, isBlind, turns }));
    for (const each of rivals) await each.said("ready");
    for (const each of rivals) each.say("go");
    await disturb(options, { place, rivals }, section);
    for (const each of rivals) each.say("stop");
    for (const each of rivals) {
      const { code } = await each.ended;
      section.expect(code === 0 && each.errors === "", "every engine ends in order", each.errors);
    }
    await check({ place, folder, rivals }, section);
  } finally {
    await Promise.all(rivals.map((each) => each.kill()));
    await place.drop();
  }
}

/** Stops one process after the other, so that the others get what it holds, and lets it go on. */
async function disturb(
  { seed, durationMs, isBlind, progress }: Fight,
  { place, rivals }: Pick<Fought, "place" | "rivals">,
  section: FaultSection,
): Promise<void> {
  const random = seededRandom(seed, "two-engines");
  const end = performance.now() + durationMs;
  for (let nth = 0; performance.now() < end; nth++) {
    const stopped = isBlind ? rivals[nth % rivals.length] : await stopOwner(place, rivals);
    if (isBlind) stopped?.child.kill("SIGSTOP");
    section.count("stops");
    await setTimeout(isBlind ? random.integer(1, blindStopMaxMs) : seeingStopMs);
    stopped?.child.kill("SIGCONT");
    await setTimeout(random.integer(1, blindStopMaxMs));
    progress(`${section.counts.get("stops")} stops`);
  }
}

const ownersSql =
  "SELECT o.pid FROM af_runs r JOIN af_owners o ON o.owner_id = r.owner WHERE r.status = 'running'";

/** Stops the process that has the run at hand; it may have given it back before it is stopped, and then another is tried. */
async function stopOwner(
  place: TemporaryPlace,
  rivals: readonly KillableProcess[],
): Promise<KillableProcess> {
  for (let nth = 0; ; nth++) {
    const each = rivals[nth % rivals.length];
    if (each === undefined) throw new Error("There is nobody to stop.");
    each.child.kill("SIGSTOP");
    const owners = await place.rows(ownersSql);
    if (owners.some(({ pid }) => Number(pid) === each.child.pid)) return each;
    each.child.kill("SIGCONT");
  }
}

interface Fought {
  readonly place: TemporaryPlace;
  readonly folder: string;
  readonly rivals: readonly KillableProcess[];
}

async function check({ place, folder, rivals }: Fought, section: FaultSection): Promise<void> {
  for (const counts of rivals.map(countsOf)) {
    section.count("fenced", counts["AF_FENCED"] ?? 0);
    section.count("refused", (counts["AF_RUN_OWNED"] ?? 0) + (counts["AF_RUN_EXISTS"] ?? 0));
    const known = ["AF_FENCED", "AF_RUN_OWNED", "AF_RUN_EXISTS", "succeeded", "there already"];
    // One that is stopped in the middle of a write keeps the lock of the file.
    if (place.store === "sqlite") known.push("AF_STORE_LOCKED");
    for (const [end, times] of Object.entries(counts))
      section.expect(
        known.includes(end),
        "an engine is told that its run is another's, and nothing else",
        `${end}: ${times} times`,
      );
  }
  const runIds = Array.from({ length: Math.max(...rivals.map(runsOf)) }, (_each, number) =>
    rivalRunId(number),
  );
  section.count("runs", runIds.length);
  const violation = (promise: string, detail: string): void => section.violation(promise, detail);
  const backend = await openPlace(place);
  const engine = await createEngine({ store: backend, artifactsDirectory: join(folder, "artifacts") });
  try {
    const acknowledged = Map.groupBy(
      names.flatMap((name) => readAcknowledgements(join(folder, `acknowledged-${name}`))),
      ({ runId }) => runId,
    );
    for (const runId of runIds)
      await checkRun({ backend, runId, acknowledged: acknowledged.get(runId) ?? [] }, section);
    const entries = async () =>
      (await place.rows("SELECT run, turn FROM entries")).map(({ run, turn }) => ({
        run: String(run),
        turn: Number(turn),
      }));
    section.count("effects", (await entries()).length);
    const workflow = pagesWorkflow({ turns, store: place.store });
    const reference = await undisturbedPages(folder, turns);
    await checkPages({ backend, engine, entries, workflow, turns, reference, violation }, runIds);
  } finally {
    await engine.close();
    await backend.runs.close();
  }
}

interface FoughtRun {
  readonly backend: StoreBackend;
  readonly runId: string;
  readonly acknowledged: readonly Acknowledged[];
}

async function checkRun({ backend, runId, acknowledged }: FoughtRun, section: FaultSection): Promise<void> {
  const { runs } = backend;
  const records = await runs.readRecords({ tenant: "default", runId, afterEvent: 0, limit: 1_000_000 });
  const events = records.flatMap((record) => eventsOf(record, { runId }));
  section.count("commits", (await runs.readHead("default", runId))?.seq ?? 0);
  section.count("takeovers", events.filter(({ type }) => type === "run.recovered").length);
  section.count("steps", records.filter(({ kind }) => kind === "step").length);
  section.count("acknowledged", acknowledged.length);
  for (const detail of doubledSteps(records))
    section.violation("no position is committed twice", `${runId}: ${detail}`);
  for (const detail of lostAcknowledgements(acknowledged, events))
    section.violation("nothing that was acknowledged is lost", detail);
  const late = events.find(({ epoch }, index) => epoch < (events[index - 1]?.epoch ?? 0));
  if (late !== undefined)
    section.violation(
      "no owner commits after a later one",
      `${runId}: event ${late.seq} under epoch ${late.epoch}`,
    );
}
