import assert from "node:assert/strict";
import { FencedError, RunExistsError, RunOwnedError } from "@agentflow/core";
import { pictureOf } from "@agentflow/testkit";
import { turns } from "../../determinism/settle.ts";
import type { CorpusCaseFactory } from "../corpus/corpus.ts";
import { advanceToEnd, closeProcess } from "./advance-run.ts";
import { CaseProcess } from "./case-process.ts";
import { type CrashStory, checkStory, tellStory } from "./crash-story.ts";
import { Stage } from "./stage.ts";
import type { Walk, WalkResult } from "./walk-crossings.ts";

/** Turns of the event loop in which a process that goes on would commit, if it did. */
const earlyTurns = 200;

/** What the second process does with the run that it has taken before the first one goes on. */
export type TakeOver = "brings it to its end" | "has not committed yet";

/**
 * Lets a second process take the run at each moment of the first, which stands still and looks dead, but lives. When it
 * goes on it must stop with the typed error, and commit nothing.
 */
export async function walkTakeOvers(
  walk: Pick<Walk, "makeCase" | "nextPlace" | "kinds"> & { readonly second: TakeOver },
): Promise<WalkResult> {
  const place = walk.nextPlace();
  const reference = await tellStory(walk.makeCase, place.backend, place.tenant);
  const takeOver = walk.second === "has not committed yet" ? overtakeEarly : overtake;
  const failures: string[] = [];
  let points = 0;
  for (const kind of walk.kinds) {
    for (let crossing = 1, goesOn = true; goesOn; crossing++) {
      const { backend, tenant } = walk.nextPlace();
      const stage = new Stage(backend, tenant);
      const first = new CaseProcess(stage, walk.makeCase, { crossing, kind });
      try {
        const life = liveOn(stage, first);
        goesOn = await isHeld(first, life);
        if (!goesOn) continue;
        points++;
        first.host.die();
        first.isOvertaken = true;
        await takeOver({ stage, first, life, makeCase: walk.makeCase, reference });
      } catch (error) {
        const text = error instanceof Error ? error.stack : String(error);
        failures.push(`${kind} at crossing ${crossing} (${first.line.faultedAt}): ${text}`);
        goesOn = crossing < 2_000;
      } finally {
        for (const process of stage.started) process.end();
      }
    }
  }
  return { points, failures };
}

interface Overtaking {
  readonly stage: Stage;
  readonly first: CaseProcess;
  readonly life: Promise<unknown>;
  readonly makeCase: CorpusCaseFactory;
  readonly reference: CrashStory;
}

async function overtake({ stage, first, life, makeCase, reference }: Overtaking): Promise<void> {
  const second = new CaseProcess(stage, makeCase);
  assert.equal(await advanceToEnd(stage, second), "ended");
  assert.equal(await closeProcess(stage, second), "closed");
  const story = { stage, picture: await pictureOf(stage), processes: [first, second] };
  await checkStory(story, reference);
  await goOn(stage, first, life);
  await checkStory({ ...story, picture: await pictureOf(stage) }, reference);
}

async function overtakeEarly({ stage, first, life, makeCase, reference }: Overtaking): Promise<void> {
  const second = new CaseProcess(stage, makeCase, { crossing: 1, names: ["takeRun"], kind: "holdAfter" });
  const secondLife = liveOn(stage, second);
  await isHeld(second, secondLife);
  const { commits } = stage.durable;
  first.line.release();
  // A run that rested in the first process is only followed there from now on: it ends with the second one.
  await Promise.race([life, turns(earlyTurns)]);
  assert.equal(stage.durable.commits, commits, "nothing of the first process is committed after");
  second.line.release();
  assert.equal(await secondLife, "ended");
  await goOn(stage, first, life);
  assert.equal(await closeProcess(stage, second), "closed");
  const story = { stage, picture: await pictureOf(stage), processes: [first, second] };
  await checkStory(story, reference);
}

/** The first process goes on: it is told and stops, and nothing of it is committed. */
async function goOn(stage: Stage, first: CaseProcess, life: Promise<unknown>): Promise<void> {
  const { commits } = stage.durable;
  first.line.release();
  const end = await life;
  assert.equal(await closeProcess(stage, first), "closed");
  assert.ok(end === "ended" || isTold(end), `the first process was not told: ${String(end)}`);
  assert.equal(stage.durable.commits, commits, "nothing of the first process is committed after");
}

/** How a process ended, the error that stopped it included. */
function liveOn(stage: Stage, process: CaseProcess): Promise<unknown> {
  return advanceToEnd(stage, process).catch((error: unknown) => error);
}

function isHeld(process: CaseProcess, life: Promise<unknown>): Promise<boolean> {
  return Promise.race([life.then(() => false), process.line.held.then(() => true)]);
}

/** The errors by which a process learns that a run is not its own (I6): while it advances, takes or starts it. */
function isTold(error: unknown): boolean {
  return error instanceof FencedError || error instanceof RunOwnedError || error instanceof RunExistsError;
}
