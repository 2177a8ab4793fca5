import assert from "node:assert/strict";
import type { CrossingFaultKind } from "@agentflow/contracts";
import { FencedError, RunExistsError, RunOwnedError } from "@agentflow/core";
import type { CorpusCaseFactory } from "../corpus/corpus.ts";
import { advanceToEnd, closeProcess } from "./advance-run.ts";
import { type CrashStory, checkStory, tellStory } from "./crash-story.ts";
import { PretendedProcess } from "./pretended-process.ts";
import { pictureOf } from "./run-picture.ts";
import { Stage } from "./stage.ts";
import type { Walk, WalkResult } from "./walk-crossings.ts";

/**
 * Lets a second process take the run at each moment of the first, which stands still and looks dead, but lives: once the
 * second has brought the run to its end, the first goes on, and must stop with the typed error and commit nothing.
 */
export async function walkTakeOvers(
  walk: Pick<Walk, "makeCase" | "nextPlace"> & { readonly kinds: readonly CrossingFaultKind[] },
): Promise<WalkResult> {
  const place = walk.nextPlace();
  const reference = await tellStory(walk.makeCase, place.backend, place.tenant);
  const failures: string[] = [];
  let points = 0;
  for (const kind of walk.kinds) {
    for (let crossing = 1, goesOn = true; goesOn; crossing++) {
      const { backend, tenant } = walk.nextPlace();
      const stage = new Stage(backend, tenant);
      const first = new PretendedProcess(stage, walk.makeCase, { crossing, kind });
      try {
        goesOn = await takeOverOnce(stage, first, walk.makeCase, reference);
        if (goesOn) points++;
      } catch (error) {
        const text = error instanceof Error ? error.stack : String(error);
        failures.push(`${kind} at crossing ${crossing} (${first.line.faultedAt}): ${text}`);
        goesOn = crossing < 2_000;
      }
    }
  }
  return { points, failures };
}

/** False if the first process ended the run before its moment came. */
async function takeOverOnce(
  stage: Stage,
  first: PretendedProcess,
  makeCase: CorpusCaseFactory,
  reference: CrashStory,
): Promise<boolean> {
  const life = advanceToEnd(stage, first).catch((error: unknown) => error);
  const isHeld = await Promise.race([life.then(() => false), first.line.held.then(() => true)]);
  if (!isHeld) return false;
  first.host.die();
  first.isOvertaken = true;
  const second = new PretendedProcess(stage, makeCase);
  assert.equal(await advanceToEnd(stage, second), "ended");
  assert.equal(await closeProcess(stage, second), "closed");
  const story = { stage, picture: await pictureOf(stage), processes: [first, second] };
  await checkStory(story, reference);
  const { commits } = stage.durable;
  first.line.release();
  const end = await life;
  assert.equal(await closeProcess(stage, first), "closed");
  assert.ok(end === "ended" || isTold(end), `the first process was not told: ${String(end)}`);
  assert.equal(stage.durable.commits, commits, "nothing of the first process is committed after");
  await checkStory({ ...story, picture: await pictureOf(stage) }, reference);
  return true;
}

/** The errors by which a process learns that a run is not its own (I6): while it advances, takes or starts it. */
function isTold(error: unknown): boolean {
  return error instanceof FencedError || error instanceof RunOwnedError || error instanceof RunExistsError;
}
