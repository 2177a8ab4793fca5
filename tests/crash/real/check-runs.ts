import assert, { AssertionError } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  eventsOf,
  formatStepId,
  type RecordEvent,
  type RecordRow,
  runDirectoryName,
  type StoreBackend,
} from "@agentflow/core";
import type { Engine } from "@agentflow/engine";
import { createEngine } from "@agentflow/runtime";
import { openMemory, openSqlite } from "@agentflow/store";
import { pictureOf, type RunPicture } from "@agentflow/testkit";
import type { Violation } from "../../faults/fault-report.ts";
import { openPlace, rowsIn, type StorePlace } from "../../store-place.ts";
import { corpus, describeCase } from "../corpus/corpus.ts";
import { tellStory } from "../process/crash-story.ts";
import { type Acknowledged, lostAcknowledgements, readAcknowledgements } from "./acknowledgements.ts";
import { caseOf, runIdOf } from "./corpus-runs.ts";
import { readOutside } from "./outside-file.ts";

/** Runs of the corpus that processes have brought to their ends, and what these left beside the store. */
export interface FinishedRuns {
  readonly place: StorePlace;
  readonly folder: string;
  readonly series: string;
  readonly runs: number;
  /** Pictures of undisturbed runs, by case. */
  readonly references: ReadonlyMap<string, RunPicture>;
}

/** What was counted while runs were checked, and what did not hold. */
export interface CheckedRuns {
  readonly counts: {
    commits: number;
    steps: number;
    acknowledged: number;
    recoveries: number;
    calls: number;
    effects: number;
  };
  readonly violations: Violation[];
}

const tenant = "default";
const checksAtOnce = 8;

/** The pictures of undisturbed runs, by case; on SQLite, as some need its transactions. */
export async function referencePictures(folder: string): Promise<ReadonlyMap<string, RunPicture>> {
  const sqlite = await openSqlite({ path: join(folder, "reference.db") });
  const pictures = new Map<string, RunPicture>();
  for (const makeCase of corpus) {
    const { name, needsTransactions } = describeCase(makeCase);
    const backend = needsTransactions === true ? sqlite : openMemory();
    pictures.set(name, (await tellStory(makeCase, backend, name)).picture);
  }
  await sqlite.runs.close();
  return pictures;
}

/** Holds runs against undisturbed ones, and against all that was seen of them from outside while they were at work. */
export async function checkRuns(finished: FinishedRuns): Promise<CheckedRuns> {
  const { place, folder, runs } = finished;
  const counts = { commits: 0, steps: 0, acknowledged: 0, recoveries: 0, calls: 0, effects: 0 };
  const checked: CheckedRuns = { counts, violations: [] };
  const backend = await openPlace(place);
  const engine = await createEngine({ store: backend, artifactsDirectory: join(folder, "artifacts") });
  try {
    const acknowledged = Map.groupBy(
      readAcknowledgements(join(folder, "acknowledged")),
      ({ runId }) => runId,
    );
    let next = 0;
    const work = async (): Promise<void> => {
      for (let number = next++; number < runs; number = next++) {
        const runId = runIdOf(finished.series, number);
        await checkRun(
          finished,
          { backend, engine, number, acknowledged: acknowledged.get(runId) ?? [] },
          checked,
        );
      }
    };
    await Promise.all(Array.from({ length: checksAtOnce }, work));
  } finally {
    await engine.close();
    await backend.runs.close();
  }
  checkOutside(finished, checked);
  await checkLedger(finished, checked);
  return checked;
}

interface CheckedRun {
  readonly backend: StoreBackend;
  readonly engine: Engine;
  readonly number: number;
  readonly acknowledged: readonly Acknowledged[];
}

async function checkRun(finished: FinishedRuns, run: CheckedRun, checked: CheckedRuns): Promise<void> {
  const { backend, engine, number, acknowledged } = run;
  const { counts, violations } = checked;
  const runId = runIdOf(finished.series, number);
  const { name, workflow, mended, readsClock } = describeCase(caseOf(number));
  const records = await backend.runs.readRecords({ tenant, runId, afterEvent: 0, limit: 1_000_000 });
  const events = records.flatMap((record) => eventsOf(record, { runId }));
  counts.commits += (await backend.runs.readHead(tenant, runId))?.seq ?? 0;
  counts.steps += records.filter(({ kind }) => kind === "step").length;
  counts.acknowledged += acknowledged.length;
  counts.recoveries += events.filter(({ type }) => type === "run.recovered").length;
  for (const detail of doubledSteps(records))
    violations.push({ promise: "no step is committed twice", detail: `${runId}: ${detail}` });
  for (const detail of lostAcknowledgements(acknowledged, events))
    violations.push({ promise: "nothing that was acknowledged is lost", detail });
  await hold(violations, `${name} as ${runId}: ends like the undisturbed run`, async () => {
    const picture = await pictureOf({ backend, tenant, runId });
    if (readsClock === true) assert.equal(picture.status, "succeeded");
    else assert.deepEqual(picture, finished.references.get(name));
  });
  await hold(violations, `${name} as ${runId}: replays strictly`, () =>
    engine.replay(runId, mended ?? workflow, { strict: true }),
  );
  await hold(violations, `${name} as ${runId}: its directory has each event once, in order`, () =>
    checkEvents(finished.folder, runId, events),
  );
}

/** Notes as a violation what a check throws. */
async function hold(violations: Violation[], promise: string, check: () => unknown): Promise<void> {
  try {
    await check();
  } catch (error) {
    const isPlain = error instanceof AssertionError;
    const text = error instanceof Error ? (isPlain ? error.message : error.stack) : String(error);
    violations.push({ promise, detail: (text ?? "").slice(0, 2_000) });
  }
}

/** Steps that have more than one outcome, by position or by name. */
export function doubledSteps(records: readonly RecordRow[]): readonly string[] {
  const seen = new Set<string>();
  return records.flatMap((record) => {
    if (record.kind !== "step") return [];
    const { scope, superstep, ordinal, node, item } = record.row;
    const stepId = formatStepId({ scope, superstep, node, item: item === -1 ? undefined : item });
    const doubled = [`position ${scope}/${superstep}.${ordinal}`, `step ${stepId}`].filter((key) => {
      const isSeen = seen.has(key);
      seen.add(key);
      return isSeen;
    });
    return doubled.map((key) => `${key} has two outcomes`);
  });
}

function checkEvents(folder: string, runId: string, stored: readonly RecordEvent[]): void {
  const lines = readFileSync(join(folder, "runs", runDirectoryName(runId), "events.jsonl"), "utf8");
  assert.deepEqual(
    lines
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
    JSON.parse(JSON.stringify(stored)),
  );
  assert.deepEqual(
    stored.map(({ seq }) => seq),
    stored.map((_event, index) => index + 1),
  );
}

/** No committed step ran again, and no call was repeated whose result was durable. */
function checkOutside({ folder }: FinishedRuns, { counts, violations }: CheckedRuns): void {
  for (const line of readOutside(join(folder, "outside.jsonl"))) {
    if ("call" in line) counts.calls++;
    else
      violations.push({
        promise: "what is durable does not happen again",
        detail: `${line.runId}: ${line.problem}`,
      });
  }
}

/** Every row that a run wrote in its transactions is there once (S26). */
async function checkLedger(finished: FinishedRuns, { counts, violations }: CheckedRuns): Promise<void> {
  const rows = await rowsIn(
    finished.place,
    "SELECT salt, entry, COUNT(*) AS times FROM ledger GROUP BY salt, entry",
  );
  const times = new Map(rows.map(({ salt, entry, times }) => [`${salt} ${entry}`, Number(times)]));
  for (let number = 0; number < finished.runs; number++) {
    if (describeCase(caseOf(number)).name !== "ledger") continue;
    for (const entry of ["rent", "wages"]) {
      const effect = `${runIdOf(finished.series, number)} ${entry}`;
      const found = times.get(effect) ?? 0;
      counts.effects += found;
      if (found !== 1)
        violations.push({ promise: "an effect of ctx.tx happens once", detail: `${effect}: ${found} times` });
    }
  }
}
